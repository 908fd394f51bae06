/** The data folder: one writer, many readers, SQLite inside (docs/adr/0004, 0006). */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/api/errors.ts';
import type { ImportResult } from '../../shared/api/methods.ts';
import type { LineTest } from '../../shared/api/search.ts';
import type { Settings } from '../../shared/api/settings.ts';
import type { MeterBatch } from '../../shared/domain/batch.ts';
import type { ImportRow, MeterRecord, Plant } from '../../shared/domain/plant.ts';
import type { PlantChange } from '../../shared/domain/plant-change.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { keyFileSecrets, type Secrets } from '../platform/secrets.ts';
import { type AuditEntry, type AuditReader, auditReader, auditWriter } from './audit.ts';
import { backUpTo } from './backup.ts';
import { batchWriter } from './batch.ts';
import { type ClockReader, clockReader } from './clock-readings.ts';
import { bytesOf } from './columns.ts';
import { type DayCheckReader, dayCheckReader, type DayCheckRecord, dayCheckWriter } from './day-checks.ts';
import { DATABASE_FILE, openReadable, openWritable, type ReadableDb, type Row, type WritableDb } from './database.ts';
import { asStore, storeError } from './errors.ts';
import { type ExchangeReader, exchangeReader } from './exchanges.ts';
import { type ExtremesReader, extremesReader } from './extremes.ts';
import { type FindingReader, findingReader, type FindingWriter, findingWriter } from './findings.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { type GapReader, gapReader } from './gaps.ts';
import { GroupCommit } from './group-commit.ts';
import { planImport } from './import-plan.ts';
import { importWriter } from './import-writer.ts';
import { type IntervalReader, intervalReader } from './intervals.ts';
import { type JournalReader, journalReader } from './journals.ts';
import { type ManualReadingReader, manualReadingReader, type ManualReadingWriter, manualReadingWriter } from './manual-readings.ts';
import { type LineTestReader, lineTestReader, lineTestWriter } from './line-tests.ts';
import { type MeterAuditReader, meterAuditReader, type MeterAuditWriter, meterAuditWriter } from './meter-audits.ts';
import { looseBlocks } from './loose-blocks.ts';
import { type MailSecret, mailSecret } from './mail-secret.ts';
import { checkReadable, migrate } from './migrate.ts';
import { meterMover } from './meter-mover.ts';
import { type JobRunReader, jobRunReader, type JobRunWriter, jobRunWriter } from './job-runs.ts';
import { type PackageDayReader, packageDayReader } from './package-days.ts';
import { closedMonthGuard, type MonthReader, monthReader, type MonthWriter, monthWriter } from './months.ts';
import { type PackageReader, packageReader, type PackageWriter, packageWriter } from './packages.ts';
import { type RefusedAckReader, refusedAckReader, type RefusedAckWriter, refusedAckWriter } from './refused-acks.ts';
import { plantLoader } from './plant.ts';
import { type PlantChangePlan, planPlantChange } from './plant-change-plan.ts';
import { plantChangeWriter } from './plant-change-writer.ts';
import { type ReceivedReader, receivedReader, type ReceivedWriter, receivedWriter } from './received.ts';
import { type RegisterReader, registerReader } from './registers.ts';
import { type ReplacementReader, replacementReader, type ReplacementWriter, replacementWriter } from './replacements.ts';
import { type ReportDataReader, reportDataReader, type ReportDataWriter, reportDataWriter } from './report-data.ts';
import { type RereadReader, rereadReader, type RereadWriter, rereadWriter } from './rereads.ts';
import { type UpkeepStep, upkeeper } from './upkeep.ts';
import { type Sample, type SampleReader, sampleReader } from './samples.ts';
import { type SettingsReader, settingsReader, settingsWriter } from './settings.ts';
import { type StrangerReader, strangerReader, type StrangerWriter, strangerWriter } from './strangers.ts';
import { type SupplierFileReader, supplierFileReader, type SupplierFileWriter, supplierFileWriter } from './xml80020.ts';

export type { AuditEntry, AuditRecord } from './audit.ts';
export { backupName, listBackups, restoreBackup, tidyBackups } from './backup.ts';
export type { StoredExchange } from './exchanges.ts';
export type { FindingRecord, FindingSubject } from './findings.ts';
export type { StoredInterval, UtcRange } from './intervals.ts';
export type { PlantChangePlan } from './plant-change-plan.ts';
export type { PackageFields } from './packages.ts';
export type { DayCheckRecord } from './day-checks.ts';
export type { ManualReading } from './manual-readings.ts';
export type { ClosedFigures, ClosedMonth } from './months.ts';
export type { NewReplacement, ReplacementDecision } from './replacements.ts';
export type { RereadRecord } from './rereads.ts';
export type { Sample } from './samples.ts';
export type { StrangerRecord } from './strangers.ts';
export type { NewSourcePoint } from './received.ts';
export type { SupplierFileFields, SupplierFilePart, SupplierReply } from './xml80020.ts';

/** Reads the reference data. */
export interface PlantReader {
  load(): Plant;
  /**
   * What an import of these rows would do; nothing is changed. A reader cannot open passwords: it compares only whether
   * there is one. Throws `import/faulty-file` (see `planImport`).
   */
  checkImport(rows: readonly ImportRow[], siteOffsetMin: number): ImportResult;
}

/** A data folder opened for reading, beside its writer or without one. Reads see what is durable. All of it throws `store/*`. */
export interface StoreReader {
  readonly folder: string;
  readonly settings: SettingsReader;
  readonly plant: PlantReader;
  readonly intervals: IntervalReader;
  readonly registers: RegisterReader;
  readonly samples: SampleReader;
  readonly extremes: ExtremesReader;
  readonly clocks: ClockReader;
  readonly gaps: GapReader;
  readonly exchanges: ExchangeReader;
  readonly journals: JournalReader;
  readonly packages: PackageReader & RefusedAckReader;
  readonly packageDays: PackageDayReader;
  readonly jobRuns: JobRunReader;
  readonly replacements: ReplacementReader;
  readonly manualReadings: ManualReadingReader;
  readonly months: MonthReader;
  /** Balances, losses up to the boundary, formulas. */
  readonly reportData: ReportDataReader;
  readonly lineTests: LineTestReader;
  readonly rereads: RereadReader;
  readonly dayChecks: DayCheckReader;
  readonly audit: AuditReader;
  readonly findings: FindingReader;
  /** Settings of the meters as they were last read. */
  readonly configurations: MeterAuditReader;
  /** Meters that were heard in place of others. */
  readonly strangers: StrangerReader;
  readonly supplierFiles: SupplierFileReader;
  /** Figures that came in files of others. */
  readonly received: ReceivedReader;
  /** Copies the database to a file while it goes on being written, and checks the copy. Rejects with `store/*`. */
  backUpTo(file: string): Promise<void>;
  /** Size of the database with its write-ahead log. */
  databaseBytes(): number;
  close(): void;
}

/** A data folder opened by its one writer. */
export interface Store extends StoreReader {
  readonly settings: SettingsReader & {
    /** Replaces the settings as a whole; audited. */
    save(settings: Settings, who: string): void;
  };
  readonly plant: PlantReader & {
    /** Adds and updates points, meters and lines, all or nothing; audited. Throws `import/faulty-file` (see `planImport`). */
    applyImport(rows: readonly ImportRow[], siteOffsetMin: number, who: string): ImportResult;
    /** What a change would do; nothing is done. Throws as `planPlantChange`. */
    checkChange(change: PlantChange): PlantChangePlan;
    /** Ends and begins installations, all or nothing; audited. Throws as `planPlantChange`. */
    applyChange(change: PlantChange, siteOffsetMin: number, who: string): PlantChangePlan;
    /** Six bytes as they go over the wire; null = the default. Throws `store/corrupt` when the key does not open it. */
    password(meterId: number): Uint8Array | null;
    /** The meter answers at another address from now on; audited. Throws `api/conflict` when a meter of its line has it. */
    moveMeter(meterId: number, address: number, who: string, reason: string | null): void;
  };
  readonly packages: PackageReader & RefusedAckReader & PackageWriter & RefusedAckWriter;
  readonly jobRuns: JobRunReader & JobRunWriter;
  /** `add` keeps a test that has ended, under its id. */
  readonly lineTests: LineTestReader & { add(test: LineTest): void };
  readonly rereads: RereadReader & RereadWriter;
  readonly dayChecks: DayCheckReader & { save(checks: readonly DayCheckRecord[]): void };
  readonly audit: AuditReader & {
    /** Durable when it returns; the id of the entry. */
    append(entry: AuditEntry): number;
  };
  readonly findings: FindingReader & FindingWriter;
  readonly configurations: MeterAuditReader & MeterAuditWriter;
  readonly strangers: StrangerReader & StrangerWriter;
  readonly replacements: ReplacementReader & ReplacementWriter;
  readonly manualReadings: ManualReadingReader & ManualReadingWriter;
  readonly months: MonthReader & MonthWriter;
  readonly supplierFiles: SupplierFileReader & SupplierFileWriter;
  readonly received: ReceivedReader & ReceivedWriter;
  readonly mailSecret: MailSecret;
  readonly reportData: ReportDataReader & ReportDataWriter;
  /** One step of upkeep, a few milliseconds; `nowUtc` is the time of the site. Throws `store/*`. */
  upkeep(nowUtc: UtcSeconds): UpkeepStep;
  /** Resolves when the batch is durable, at most 250 ms later; rejects when nothing of it was stored. */
  commit(batch: MeterBatch): Promise<void>;
  /** Resolves when everything handed over before is durable or refused; never rejects. */
  flush(): Promise<void>;
}

/**
 * Opens a data folder as its one writer: makes what is missing, takes the lock, brings the database up to date. Passwords
 * are sealed by `secrets`, a key file in the folder when not given. Throws `store/in-use`, `store/read-only`,
 * `store/newer-version`, `store/corrupt`, `store/disk-full`.
 */
export function openStore(deps: {
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly secrets?: Secrets;
}): Store {
  const { folder, clock, logger } = deps;
  const { lock, db } = asStore(folder, () => openFolder(folder, clock.now()));
  logger.info({ folder }, 'the data folder is open');
  return createStore({ db, lock, clock, logger, secrets: deps.secrets ?? keyFileSecrets(folder) });
}

/** Opens a data folder for reading, beside its writer or without one. Throws `api/not-found` when there is no database, else `store/*`. */
export function openStoreReader({ folder }: { readonly folder: string }): StoreReader {
  const file = join(folder, DATABASE_FILE);
  if (!existsSync(file)) {
    throw new AppError('api/not-found', `There is no data in ${folder}`, {
      context: { folder },
      hint: 'Import the points first, or name the data folder that Feeder works with.',
    });
  }
  return asStore(folder, () => {
    const db = openReadable(folder, file);
    try {
      checkReadable(db);
      return createReader(db, null, (meter) => (meter.hasPassword ? undefined : null));
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

function openFolder(folder: string, nowMs: number): { lock: FolderLock; db: WritableDb } {
  mkdirSync(folder, { recursive: true });
  const lock = lockFolder(folder, nowMs);
  try {
    const db = openWritable(folder, join(folder, DATABASE_FILE));
    try {
      migrate(db, nowMs);
      return { lock, db };
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

function createReader(
  db: ReadableDb,
  newestSamples: Map<number, Sample | null> | null,
  passwordOf: (meter: MeterRecord) => Uint8Array | null | undefined,
): StoreReader {
  const { folder } = db;
  const loadPlant = plantLoader(db);
  return {
    folder,
    settings: settingsReader(db),
    plant: { load: loadPlant, checkImport: (rows) => planImport(loadPlant(), rows, passwordOf).result },
    intervals: intervalReader(db),
    registers: registerReader(db),
    samples: sampleReader(db, newestSamples),
    extremes: extremesReader(db),
    clocks: clockReader(db),
    gaps: gapReader(db),
    exchanges: exchangeReader(db),
    journals: journalReader(db),
    packages: { ...packageReader(db), ...refusedAckReader(db) },
    packageDays: packageDayReader(db),
    jobRuns: jobRunReader(db),
    replacements: replacementReader(db),
    manualReadings: manualReadingReader(db),
    months: monthReader(db),
    reportData: reportDataReader(db),
    lineTests: lineTestReader(db),
    rereads: rereadReader(db),
    dayChecks: dayCheckReader(db),
    audit: auditReader(db),
    findings: findingReader(db),
    configurations: meterAuditReader(db),
    strangers: strangerReader(db),
    supplierFiles: supplierFileReader(db),
    received: receivedReader(db),
    backUpTo: (file) => backUpTo(db, file),
    databaseBytes: () => fileBytes(join(folder, DATABASE_FILE)) + fileBytes(join(folder, `${DATABASE_FILE}-wal`)),
    close: () => db.close(),
  };
}

function createStore(deps: {
  readonly db: WritableDb;
  readonly lock: FolderLock;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly secrets: Secrets;
}): Store {
  const { db, lock, clock, logger, secrets } = deps;
  const { folder } = db;
  const nowUtc = () => Math.floor(clock.now() / 1000);
  const sealed = db.query<[meterId: number], Row & { sealed: Uint8Array }>(
    'SELECT sealed FROM meter JOIN secret ON secret.id = secret_id WHERE meter.id = ?',
  );
  const password = (meterId: number) => {
    const row = sealed.get(meterId);
    return row === undefined ? null : secrets.open(bytesOf(row.sealed));
  };
  /** A password that this key does not open is another one than the file's: importing it again is the way out. */
  const passwordOf = (meter: MeterRecord) => {
    try {
      return password(meter.id);
    } catch (error) {
      logger.warn({ meter: meter.serial, code: storeError(error, folder).code }, 'a stored password cannot be opened');
      return new Uint8Array();
    }
  };
  const newestSamples = new Map<number, Sample | null>();
  const reader = createReader(db, newestSamples, passwordOf);
  const audit = auditWriter(db);
  const saveSettings = settingsWriter(db, audit);
  const applyImport = importWriter(db, secrets, audit);
  const moveMeter = meterMover(db, audit);
  const applyPlantChange = plantChangeWriter(db, secrets, audit);
  const refuseClosed = closedMonthGuard(db);
  const checkChange = (change: PlantChange) =>
    planPlantChange(change, {
      plant: reader.plant.load(),
      nowUtc: nowUtc(),
      latestRegisters: (meterId) => reader.registers.latest(meterId),
      closedMonth: (fromUtc) => reader.months.closedIn(fromUtc, Number.MAX_SAFE_INTEGER)[0]?.month ?? null,
    });
  const loose = looseBlocks(db);
  const group = new GroupCommit({
    db,
    clock,
    store: batchWriter(db, intervalReader(db), loose.note),
    onStored({ meterId, atUtc, sample }) {
      const known = newestSamples.get(meterId);
      // A meter that was never asked about is looked up in the table, where the newest moment counts.
      if (sample === undefined || known === undefined || (known !== null && known.atUtc > atUtc)) return;
      newestSamples.set(meterId, { atUtc, values: sample });
    },
  });
  let isOpen = true;
  return {
    ...reader,
    settings: { ...reader.settings, save: (settings, who) => saveSettings(settings, who, nowUtc()) },
    plant: {
      ...reader.plant,
      applyImport: (rows, siteOffsetMin, who) =>
        db.transaction(() => {
          const plan = planImport(reader.plant.load(), rows, passwordOf);
          applyImport(plan, siteOffsetMin, who, nowUtc());
          return plan.result;
        }),
      checkChange,
      applyChange: (change, siteOffsetMin, who) =>
        db.transaction(() => {
          const plan = checkChange(change);
          applyPlantChange(plan, siteOffsetMin, who, nowUtc());
          return plan;
        }),
      password,
      moveMeter: (meterId, address, who, reason) => db.transaction(() => moveMeter(meterId, address, who, reason, nowUtc())),
    },
    packages: { ...reader.packages, ...packageWriter(db, reader.packages), ...refusedAckWriter(db) },
    jobRuns: { ...reader.jobRuns, ...jobRunWriter(db) },
    lineTests: { ...reader.lineTests, add: lineTestWriter(db) },
    rereads: { ...reader.rereads, ...rereadWriter(db) },
    dayChecks: { ...reader.dayChecks, save: dayCheckWriter(db) },
    audit: { ...reader.audit, append: (entry) => db.transaction(() => audit(entry, nowUtc())) },
    findings: { ...reader.findings, ...findingWriter(db) },
    configurations: { ...reader.configurations, ...meterAuditWriter(db) },
    strangers: { ...reader.strangers, ...strangerWriter(db, audit, nowUtc) },
    replacements: { ...reader.replacements, ...replacementWriter(db, audit, refuseClosed, nowUtc) },
    manualReadings: { ...reader.manualReadings, ...manualReadingWriter(db, audit, refuseClosed, nowUtc) },
    months: { ...reader.months, ...monthWriter(db, audit, nowUtc) },
    supplierFiles: { ...reader.supplierFiles, ...supplierFileWriter(db, reader.supplierFiles) },
    received: { ...reader.received, ...receivedWriter(db, audit) },
    mailSecret: mailSecret(db, secrets, audit, nowUtc),
    reportData: { ...reader.reportData, ...reportDataWriter(db, audit, nowUtc) },
    upkeep: upkeeper(db, loose),
    commit: (batch) => group.commit(batch),
    async flush() {
      group.flush();
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      group.close();
      db.close();
      lock.release();
    },
  };
}

function fileBytes(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
