import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createApp } from '../../src/main/app.ts';
import type { EngineLine, OpenLine } from '../../src/main/engine/ports.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { AppError } from '../../src/shared/api/errors.ts';
import type { MethodName } from '../../src/shared/api/methods.ts';
import { FakeClock } from '../support/fake-clock.ts';

const LINE = 'tcp:127.0.0.1:9';

/** Lines where nobody answers; `open` counts who has one open, by address. */
function silentLines(clock: FakeClock) {
  const open = new Map<string, number>();
  const openLine: OpenLine = ({ address }): EngineLine => {
    let isOpen = false;
    const count = (by: number) => open.set(address, (open.get(address) ?? 0) + by);
    return {
      baudRate: 9600,
      async open() {
        isOpen = true;
        count(1);
      },
      async close() {
        // As ports do: what is in work ends first.
        await clock.sleep(20);
        if (isOpen) count(-1);
        isOpen = false;
      },
      async exchange({ label }) {
        await clock.sleep(100);
        throw new AppError('transport/timeout', label);
      },
      async listen() {
        await clock.sleep(100);
        return {
          sentAtMs: clock.now(),
          firstByteMs: null,
          durationMs: 100,
          strayBefore: new Uint8Array(0),
          received: new Uint8Array(0),
          segments: 0,
        };
      },
      retune: () => Promise.resolve(),
      observe: () => () => {},
      counters: () => ({ exchanges: 0, failures: 0, bytes: 0, busyMs: 0, lastExchangeAtMs: null }),
    };
  };
  return { openLine, open };
}

async function appOverSilence() {
  const folder = mkdtempSync(join(tmpdir(), 'feeder-app-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const clock = new FakeClock();
  const { openLine, open } = silentLines(clock);
  const app = await createApp({ dataFolder: folder, clock, logger: silentLogger, openLine });
  const call = async (name: MethodName, params: object) => {
    const outcome = await app.api.dispatch(name, params, { transport: 'http', role: 'administrator' });
    if (!outcome.ok) throw new Error(`${name}: ${outcome.error.message}`);
    return outcome.data;
  };
  const importMeter = (serial: string, line = LINE) => {
    const head = 'substation;point_code;point_name;line;driver;address;serial;password;access_level;ct_ratio;vt_ratio';
    const file = `${head}\nТП-1;P-${serial};Ввод;${line};mercury-23x;${Number(serial)};${serial};;1;1;1`;
    return call('import.apply', { fileBase64: Buffer.from(file).toString('base64') });
  };
  return { app, clock, open, call, importMeter };
}

test('two changes of the plant at once leave one engine: nobody shares a line, and a stop leaves none open', async () => {
  const { app, clock, open, importMeter } = await appOverSilence();
  await importMeter('00000001');
  await app.start();
  await clock.advance(1000);
  const changes = Promise.all([importMeter('00000002'), importMeter('00000003')]);
  await clock.finish(changes);
  await clock.advance(5000);
  expect([...open]).toEqual([[LINE, 1]]);
  await clock.finish(app.stop());
  expect([...open]).toEqual([[LINE, 0]]);
});

test('a stop while the plant changes is a stop', async () => {
  const { app, clock, open, importMeter } = await appOverSilence();
  await importMeter('00000001');
  await app.start();
  await clock.advance(1000);
  const change = importMeter('00000002');
  await clock.finish(Promise.all([change, app.stop()]));
  await clock.advance(60_000);
  expect([...open]).toEqual([[LINE, 0]]);
});

test('a line that is searched when it comes into the plant is given back before it is polled', async () => {
  const other = 'tcp:127.0.0.1:10';
  const { app, clock, open, call, importMeter } = await appOverSilence();
  await app.start();
  await call('search.start', { line: other });
  await clock.advance(1000);
  expect([...open]).toEqual([[other, 1]]);
  await clock.finish(importMeter('00000001', other));
  await clock.advance(2000);
  expect([...open]).toEqual([[other, 1]]);
  expect(await call('search.list', {})).toMatchObject([{ state: 'cancelled' }]);
  await clock.finish(app.stop());
  expect([...open]).toEqual([[other, 0]]);
});

test('a stop ends a search of a polled line, and nothing of it is told afterwards', async () => {
  const { app, clock, call, importMeter } = await appOverSilence();
  await importMeter('00000001');
  await app.start();
  await clock.advance(1000);
  const told: string[] = [];
  app.api.subscribe(({ name }) => told.push(name));
  await call('search.start', { line: LINE });
  await clock.advance(2000);
  expect(told).toContain('search.changed');
  await clock.finish(app.stop());
  told.length = 0;
  await clock.advance(10_000);
  expect(told).toEqual([]);
});
