import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { batchWriter } from '../../../src/main/store/batch.ts';
import { auditReader, auditWriter } from '../../../src/main/store/audit.ts';
import { clockReader } from '../../../src/main/store/clock-readings.ts';
import { dayCheckReader } from '../../../src/main/store/day-checks.ts';
import { type Cell, type Query, type Row, WritableDb } from '../../../src/main/store/database.ts';
import { findingReader, findingWriter } from '../../../src/main/store/findings.ts';
import { exchangeReader } from '../../../src/main/store/exchanges.ts';
import { extremesReader } from '../../../src/main/store/extremes.ts';
import { gapReader } from '../../../src/main/store/gaps.ts';
import { intervalReader } from '../../../src/main/store/intervals.ts';
import { jobRunReader } from '../../../src/main/store/job-runs.ts';
import { journalReader } from '../../../src/main/store/journals.ts';
import { lineTestReader } from '../../../src/main/store/line-tests.ts';
import { meterAuditReader } from '../../../src/main/store/meter-audits.ts';
import { manualReadingReader, manualReadingWriter } from '../../../src/main/store/manual-readings.ts';
import { closedMonthGuard, monthReader, monthWriter } from '../../../src/main/store/months.ts';
import { looseBlocks } from '../../../src/main/store/loose-blocks.ts';
import { migrate } from '../../../src/main/store/migrate.ts';
import { packageDayReader } from '../../../src/main/store/package-days.ts';
import { packageReader } from '../../../src/main/store/packages.ts';
import { refusedAckReader } from '../../../src/main/store/refused-acks.ts';
import { replacementReader, replacementWriter } from '../../../src/main/store/replacements.ts';
import { reportDataReader } from '../../../src/main/store/report-data.ts';
import { rereadReader, rereadWriter } from '../../../src/main/store/rereads.ts';
import { registerReader } from '../../../src/main/store/registers.ts';
import { sampleReader } from '../../../src/main/store/samples.ts';
import { strangerReader, strangerWriter } from '../../../src/main/store/strangers.ts';
import { upkeeper } from '../../../src/main/store/upkeep.ts';
import { mailSecret } from '../../../src/main/store/mail-secret.ts';
import { receivedReader, receivedWriter } from '../../../src/main/store/received.ts';
import { supplierFileReader, supplierFileWriter } from '../../../src/main/store/xml80020.ts';
import { temporaryFolder } from './support.ts';

/** Notes every query that the store prepares, with its plan. */
class PlanningDb extends WritableDb {
  readonly plans = new Map<string, string[]>();

  override query<Params extends readonly Cell[], Result extends Row>(sql: string): Query<Params, Result> {
    const explain = this.connection.prepare<Cell[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
    const params = [...sql.matchAll(/\?/g)].map(() => null);
    this.plans.set(
      sql.replaceAll(/\s+/g, ' ').trim(),
      explain.all(...params).map(({ detail }) => detail),
    );
    return super.query(sql);
  }
}

function plansOfTheStore(): ReadonlyMap<string, string[]> {
  const folder = temporaryFolder();
  const connection = new Database(join(folder, 'feeder.db'));
  onTestFinished(() => {
    connection.close();
  });
  const db = new PlanningDb(folder, connection);
  migrate(db, 0);
  const loose = looseBlocks(db);
  batchWriter(db, intervalReader(db), loose.note);
  upkeeper(db, loose);
  for (const make of [
    registerReader,
    clockReader,
    gapReader,
    exchangeReader,
    journalReader,
    packageReader,
    packageDayReader,
    jobRunReader,
    refusedAckReader,
    replacementReader,
    lineTestReader,
    auditReader,
  ])
    make(db);
  findingReader(db);
  dayCheckReader(db);
  rereadReader(db);
  rereadWriter(db);
  meterAuditReader(db);
  sampleReader(db, null);
  extremesReader(db);
  strangerReader(db);
  strangerWriter(db, auditWriter(db), () => 0);
  findingWriter(db);
  manualReadingReader(db);
  monthReader(db);
  const refuseClosed = closedMonthGuard(db);
  replacementWriter(db, auditWriter(db), refuseClosed, () => 0);
  manualReadingWriter(db, auditWriter(db), refuseClosed, () => 0);
  monthWriter(db, auditWriter(db), () => 0);
  supplierFileWriter(db, supplierFileReader(db));
  receivedReader(db);
  receivedWriter(db, auditWriter(db));
  mailSecret(db, { seal: (plain) => plain, open: (sealed) => sealed }, auditWriter(db), () => 0);
  reportDataReader(db);
  return db.plans;
}

test('no query walks through a large table or sorts what its key has in order already', () => {
  const plans = plansOfTheStore();
  expect(plans.size).toBeGreaterThan(20);
  const walks = [...plans].flatMap(([sql, plan]) =>
    plan.filter((step) => /SCAN (?!walk|CONSTANT)|TEMP B-TREE/.test(step)).map((step) => [sql, step]),
  );
  expect(walks).toEqual([
    // A few rows, while there is upkeep to do; once, when the writer starts.
    [expect.stringContaining('FROM loose_block'), 'SCAN loose_block'],
    [expect.stringContaining('SELECT DISTINCT meter_id FROM gap'), expect.stringMatching(/^SCAN gap/)],
    // Which meter's extremes are past their time: one look by the key for each meter, once a minute.
    [expect.stringContaining('FROM sample_half_hour WHERE meter_id = meter.id'), expect.stringMatching(/^SCAN meter/)],
    // Registers are kept by kind and listed by moment: a list for people.
    [expect.stringContaining('FROM register'), 'USE TEMP B-TREE FOR ORDER BY'],
    // The whole ledger, in the order of its key; the ids of all meters; pages and the chain of the audit log.
    [expect.stringContaining('SELECT meter_id, from_utc'), 'SCAN gap'],
    // Meters in quarantine, out of all of them, once for a page of events.
    [expect.stringContaining('FROM journal WHERE at_utc'), 'SCAN meter'],
    [expect.stringContaining('count(*) AS n FROM journal WHERE at_utc'), 'SCAN meter'],
    [expect.stringContaining('ORDER BY package.id DESC'), 'SCAN package'],
    [expect.stringContaining('count(*) AS n FROM package'), expect.stringMatching(/^SCAN package USING COVERING INDEX/)],
    [expect.stringContaining('FROM job_run ORDER BY id DESC'), 'SCAN job_run'],
    [expect.stringContaining('count(*) AS n FROM job_run'), expect.stringMatching(/^SCAN job_run USING COVERING INDEX/)],
    [expect.stringContaining('FROM audit ORDER BY id DESC'), 'SCAN audit'],
    [expect.stringContaining('count(*) AS n FROM audit'), expect.stringMatching(/^SCAN audit/)],
    [expect.stringContaining('FROM audit ORDER BY id'), 'SCAN audit'],
    // What is wrong now is few rows of an index of their own.
    [expect.stringContaining('FROM finding WHERE until_utc IS NULL'), 'SCAN finding USING INDEX finding_lasting'],
    [expect.stringContaining('FROM reread ORDER BY id DESC'), 'SCAN reread'],
    [expect.stringContaining('count(*) AS n FROM reread'), expect.stringMatching(/^SCAN reread/)],
    [expect.stringContaining('FROM reread WHERE outcome IS NULL'), expect.stringMatching(/^SCAN reread/)],
    [expect.stringContaining('FROM meter ORDER BY id'), expect.stringMatching(/^SCAN meter/)],
    // All of the few strangers there ever were: a list for people.
    [expect.stringContaining('FROM stranger JOIN meter'), expect.stringMatching(/^SCAN stranger/)],
    [expect.stringContaining('FROM stranger JOIN meter'), 'USE TEMP B-TREE FOR ORDER BY'],
    [expect.stringContaining('FROM audit ORDER BY id DESC LIMIT 1'), 'SCAN audit'],
    // Twelve months a year, by an index of those that are closed; the list of all closings is for people.
    [expect.stringContaining('FROM closed_month WHERE opened_utc IS NULL'), 'SCAN closed_month USING INDEX closed_month_now'],
    [expect.stringContaining('FROM closed_month ORDER BY month DESC'), 'SCAN closed_month'],
    [expect.stringContaining('FROM closed_month ORDER BY month DESC'), 'USE TEMP B-TREE FOR ORDER BY'],
    // The few refused replies, and the few files that are still on their way.
    [
      expect.stringContaining('FROM supplier_reply WHERE error IS NOT NULL'),
      expect.stringMatching(/^SCAN .* USING INDEX supplier_reply_refused$/),
    ],
    [
      expect.stringContaining("FROM supplier_file WHERE state IN ('made'"),
      expect.stringMatching(/^SCAN .* USING INDEX supplier_file_unfinished$/),
    ],
    // Files of others, page by page: a list for people; the few points that live by them.
    [expect.stringContaining('FROM received_file ORDER BY id DESC'), 'SCAN received_file'],
    [expect.stringContaining('count(*) AS n FROM received_file'), expect.stringMatching(/^SCAN received_file/)],
    [expect.stringContaining('FROM received_source ORDER BY point_id'), 'SCAN received_source'],
    // What people told the reports: few rows, read as a whole.
    [expect.stringContaining('FROM balance ORDER BY'), 'SCAN balance'],
    [expect.stringContaining('FROM point_losses ORDER BY'), 'SCAN point_losses'],
    [expect.stringContaining('FROM formula ORDER BY id'), 'SCAN formula'],
  ]);
});

test.each([
  [
    'FROM interval WHERE meter_id = ? AND start_utc >= ? AND start_utc < ?',
    'SEARCH interval USING PRIMARY KEY (meter_id=? AND start_utc>? AND start_utc<?)',
  ],
  ['FROM package WHERE to_day >= ?', 'SEARCH package USING INDEX package_by_day (to_day>?)'],
  ["FROM package WHERE job = ? AND mode = 'full'", 'SEARCH package USING INDEX package_by_job (job=? AND mode=?)'],
  ['min(from_day) AS first FROM package', 'SEARCH package USING INDEX package_period (receiver=? AND kind=?)'],
  ['FROM job_run WHERE to_day >= ?', 'SEARCH job_run USING INDEX job_run_by_day (to_day>?)'],
  ["FROM job_run WHERE job = ? AND outcome <> 'failed'", 'SEARCH job_run USING INDEX job_run_of_job (job=?)'],
  ['max(start_utc) AS newest', 'SEARCH interval USING PRIMARY KEY (meter_id=?)'],
  ['max(moment_utc) AS newest', 'SEARCH register USING PRIMARY KEY (meter_id=? AND kind=?)'],
  [
    'FROM sample_half_hour WHERE meter_id = ? AND start_utc >= ?',
    'SEARCH sample_half_hour USING PRIMARY KEY (meter_id=? AND start_utc>? AND start_utc<?)',
  ],
  ['SELECT min(start_utc) FROM sample_half_hour', 'SEARCH sample_half_hour USING PRIMARY KEY (meter_id=?)'],
  ['FROM sample WHERE minute_utc >= ?', 'SEARCH sample USING PRIMARY KEY (minute_utc>? AND minute_utc<?)'],
  ['WITH RECURSIVE walk', 'SEARCH sample USING PRIMARY KEY (minute_utc=? AND meter_id=?)'],
  ['WITH RECURSIVE walk', 'SEARCH sample USING PRIMARY KEY (minute_utc<?)'],
  ['FROM gap WHERE meter_id = ? ORDER BY', 'SEARCH gap USING PRIMARY KEY (meter_id=?)'],
  ['coalesce((SELECT max(from_utc) FROM gap', 'SEARCH gap USING PRIMARY KEY (meter_id=? AND from_utc>? AND from_utc<?)'],
  ['FROM clock_reading WHERE meter_id = ? ORDER BY at_utc DESC', 'SEARCH clock_reading USING PRIMARY KEY (meter_id=?)'],
  ['FROM clock_reading WHERE meter_id = ? AND at_utc', 'SEARCH clock_reading USING PRIMARY KEY (meter_id=? AND at_utc>?)'],
  ["event IN ('clock-before-correction'", 'SEARCH journal USING INDEX journal_meter_time (meter_id=? AND at_utc>? AND at_utc<?)'],
  ['FROM day_check WHERE meter_id = ? AND start_utc >=', 'SEARCH day_check USING PRIMARY KEY (meter_id=? AND start_utc>? AND start_utc<?)'],
  ["FROM day_check WHERE verdict = 'mismatch'", 'SEARCH day_check USING INDEX day_check_mismatch (start_utc>?)'],
  [
    'FROM replacement WHERE point_id = ?',
    'SEARCH replacement USING INDEX replacement_in_force (point_id=? AND channel=? AND start_utc>? AND start_utc<?)',
  ],
  ['FROM replacement WHERE decision_id = ?', 'SEARCH replacement USING INDEX replacement_decision_rows (decision_id=?)'],
  [
    'FROM replacement_decision WHERE from_utc >= ?',
    'SEARCH replacement_decision USING INDEX replacement_decision_time (from_utc>? AND from_utc<?)',
  ],
  ['FROM manual_reading WHERE point_id = ? AND withdrawn_utc', 'SEARCH manual_reading USING INDEX manual_reading_in_force (point_id=?)'],
  ['FROM manual_reading WHERE at_utc >= ?', 'SEARCH manual_reading USING INDEX manual_reading_time (at_utc>? AND at_utc<?)'],
  ['FROM closed_month WHERE month = ?', 'SEARCH closed_month USING INDEX closed_month_now (month=?)'],
  ['FROM closed_figure WHERE closed_month_id = ?', 'SEARCH closed_figure USING PRIMARY KEY (closed_month_id=? AND point_id=?)'],
  ['FROM audit WHERE action = ? ORDER BY', 'SEARCH audit USING INDEX audit_action (action=?)'],
  ['FROM journal WHERE at_utc >= ?', 'SEARCH journal USING INDEX journal_time (at_utc>? AND at_utc<?)'],
  ['FROM journal WHERE meter_id = ? AND at_utc', 'SEARCH journal USING INDEX journal_meter_time (meter_id=? AND at_utc>? AND at_utc<?)'],
  [
    'FROM stranger JOIN meter ON meter.id = meter_id WHERE expected_meter_id = ?',
    'SEARCH stranger USING INDEX stranger_expected (expected_meter_id=?)',
  ],
  ['FROM line_test WHERE line_id = ? ORDER BY', 'SEARCH line_test USING INDEX line_test_line (line_id=?)'],
  [
    'FROM replacement WHERE point_id',
    'SEARCH replacement USING INDEX replacement_in_force (point_id=? AND channel=? AND start_utc>? AND start_utc<?)',
  ],
  ['FROM package_sent AS sent', 'SEARCH sent USING INDEX package_sent_point (receiver=? AND kind=? AND key>? AND key<?)'],
  ['FROM package_sent AS sent', 'SEARCH package USING INDEX sqlite_autoindex_package_2 (receiver=? AND number=?)'],
  ['min(day) AS day', 'SEARCH package_sent USING PRIMARY KEY (receiver=? AND kind=?)'],
  ["receiver = ? AND state IN ('made', 'failed')", 'SEARCH package USING INDEX sqlite_autoindex_package_2 (receiver=?)'],
  [
    "mode = 'full' AND rows IS NOT NULL",
    'SEARCH package USING INDEX package_period (receiver=? AND kind=? AND from_day=? AND to_day=? AND mode=?)',
  ],
])('%s uses the key', (part, step) => {
  const plans = [...plansOfTheStore()].filter(([sql]) => sql.includes(part));
  expect(plans).not.toEqual([]);
  for (const [, plan] of plans) expect(plan.map((one) => one.replace(' COVERING', ''))).toContain(step);
});
