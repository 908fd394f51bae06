import type { LineTest, LogEntry } from '../../../shared/api/search.ts';
import { DRIVERS } from '../../drivers/registry.ts';
import { parseLineAddress } from '../../line/line-address.ts';
import { openEngineLine } from '../../lines.ts';
import { systemClock } from '../../platform/clock.ts';
import { loanOfOwnLine } from '../../search/borrowed-line.ts';
import { finderOf } from '../../search/desk.ts';
import { LineTestRun } from '../../search/line-test.ts';
import { ownSetting } from '../../search/plan.ts';
import type { Command } from '../command.ts';
import { commandLogger } from '../data-folder.ts';
import { findingRow, hasFault, openSearch, readRequest, runSearch } from './scan.ts';

export const lineTestCommand: Command = {
  name: 'line-test',
  usage: '--line LINE [--addresses 1-240] [--serials FILE] [--exchanges 100] [--driver mercury-23x]',
  summary:
    'Grades a line and each meter found on it by identity reads, which change nothing: loss, damage, time to the first byte, echo, stray bytes.',
  flags: { line: 'value', addresses: 'value', serials: 'value', exchanges: 'value', driver: 'value' },
  words: { min: 0, max: 0 },
  async run(args, io) {
    const exchanges = args.integer('exchanges', { min: 10, max: 1000, fallback: 100 });
    const request = readRequest(args);
    const searched = await runSearch(openSearch(request, io), io);
    const address = parseLineAddress(request.line);
    const finder = finderOf(DRIVERS, request.driver);
    const test = new LineTestRun({
      id: 1,
      lineId: 1,
      line: request.line,
      kind: address.kind,
      setting: ownSetting(address),
      meters: searched.found.map((meter) => ({ address: meter.address, serial: meter.serial, pointCode: null, finder })),
      exchanges,
      loan: loanOfOwnLine(openEngineLine(systemClock, commandLogger(false))({ id: 0, name: request.line, address: request.line })),
      isShared: false,
      clock: systemClock,
      ...(args.isSet('trace') ? { onExchange: (entry: LogEntry) => io.log(JSON.stringify(entry)) } : {}),
    });
    const onAbort = () => test.cancel();
    io.signal.addEventListener('abort', onAbort, { once: true });
    if (io.signal.aborted) test.cancel();
    await test.run();
    io.signal.removeEventListener('abort', onAbort);
    const result = test.result();
    for (const { pointCode: _pointCode, firstByteP50Ms, firstByteP99Ms, ...meter } of result.meters) {
      io.out({ meter: { ...meter, first_byte_p50_ms: firstByteP50Ms, first_byte_p99_ms: firstByteP99Ms } });
    }
    // Where nobody was found the search says why.
    const findings = result.meters.length === 0 ? searched.findings : result.findings;
    for (const finding of findings) io.out({ finding: findingRow(finding) });
    io.out({ summary: summaryRow(result) });
    return result.grade === 'good' && !hasFault(findings) ? 0 : 3;
  },
};

function summaryRow(test: LineTest): object {
  return {
    line: test.line,
    state: test.state,
    grade: test.grade,
    meters: test.meters.length,
    exchanges: test.exchanges,
    lost: test.lost,
    damaged: test.damaged,
    echoes: test.echoes,
    stray_bytes: test.strayBytes,
    first_byte_p50_ms: test.firstByteP50Ms,
    first_byte_p99_ms: test.firstByteP99Ms,
  };
}
