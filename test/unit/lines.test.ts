import { expect, test } from 'vitest';
import { FINDER_23X } from '../../src/main/drivers/mercury-23x/finder.ts';
import { openEngineLine } from '../../src/main/lines.ts';
import type { LineAddress } from '../../src/main/line/line-address.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import type { Logger } from '../../src/main/platform/logger.ts';
import { AppError, asAppError } from '../../src/shared/api/errors.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { MemoryPort } from '../support/memory-port.ts';
import { framed } from './drivers/scripted-link.ts';

function lineAt(address: string) {
  const clock = new FakeClock();
  const ports: { readonly settings: string; readonly port: MemoryPort }[] = [];
  const line = openEngineLine(clock, silentLogger, ({ settings }: LineAddress) => {
    const port = new MemoryPort(clock, () => [{ afterMs: 10, bytes: Uint8Array.of(1) }]);
    ports.push({ settings: `${settings.baudRate}-${settings.format}`, port });
    return port;
  })({ id: 1, name: 'line', address });
  const listen = async () => {
    const heard = line.listen({ label: 'probe', bytes: Uint8Array.of(0), silenceMs: 0, waitMs: 50, interByteMs: 5, isEnough: () => true });
    await clock.advance(200);
    return heard;
  };
  return { clock, line, ports, listen };
}

test('a serial line is opened with another speed and format and with its own again, its counters going on', async () => {
  const { line, ports, listen } = lineAt('serial:COM4:9600-8N1');
  await line.open();
  await listen();
  await line.retune('2400-8O1');
  expect(line.baudRate).toBe(2400);
  expect((await listen()).received).toEqual(Uint8Array.of(1));
  expect(line.counters()).toMatchObject({ exchanges: 2, failures: 0 });
  await line.retune(null);
  await line.retune('9600-8N1');
  expect(line.baudRate).toBe(9600);
  await listen();
  expect(ports.map(({ settings, port }) => [settings, port.opens, port.written.length])).toEqual([
    ['9600-8N1', 1, 1],
    ['2400-8O1', 1, 1],
    ['9600-8N1', 1, 1],
  ]);
});

test('a line that was retuned when it fell down is opened with its own setting again', async () => {
  const { line, ports, listen } = lineAt('serial:COM4:9600-8N1');
  await line.open();
  await line.retune('1200-8N1');
  ports[1]?.port.lose(new AppError('line/lost', 'unplugged'));
  await line.close();
  await line.open();
  expect(line.baudRate).toBe(9600);
  await listen();
  expect(ports.at(-1)).toMatchObject({ settings: '9600-8N1' });
  expect(ports.at(-1)?.port.written.length).toBe(1);
});

test('the speed behind a gateway cannot be changed from here, and a speed that is none is refused', async () => {
  const tcp = lineAt('tcp:10.0.0.5:4001').line;
  await expect(tcp.retune('2400-8N1')).rejects.toMatchObject({ code: 'api/invalid-argument' });
  const serial = lineAt('serial:COM4:9600-8N1').line;
  await expect(serial.retune('1234-8N1')).rejects.toMatchObject({ code: 'api/invalid-argument' });
});

test('whoever observes a line is told of every exchange until it stops', async () => {
  const { line, listen } = lineAt('tcp:10.0.0.5:4001');
  const labels: string[] = [];
  const stop = line.observe(({ exchange }) => labels.push(exchange.label));
  await line.open();
  await listen();
  stop();
  await listen();
  expect(labels).toEqual(['probe']);
});

test('the password of another master on the line reaches neither a log nor an error', async () => {
  const told: string[] = [];
  const tell = (fields: unknown) => told.push(JSON.stringify(typeof fields === 'function' ? fields() : fields));
  const logger: Logger = { trace: tell, debug: tell, info: tell, warn: tell, error: tell, child: () => logger };
  const clock = new FakeClock();
  const opening = framed(17, [0x01, 0x01, 7, 3, 9, 2, 8, 4]);
  // Byte by byte while nobody waits, then in place of an answer.
  const port = new MemoryPort(clock, () => [
    { afterMs: 10, bytes: opening },
    ...Array.from(opening, (byte, index) => ({ afterMs: 1000 + index * 5, bytes: Uint8Array.of(byte) })),
  ]);
  const line = openEngineLine(clock, logger, () => port)({ id: 1, name: 'line', address: 'tcp:10.0.0.5:4001' });
  await line.open();
  const { request } = FINDER_23X;
  const asked = line.exchange(request(18, 9600)).catch(asAppError);
  await clock.advance(2000);
  const again = line.exchange(request(18, 9600)).catch(asAppError);
  await clock.advance(2000);
  const context = JSON.stringify([await asked, await again].map((ended) => (ended instanceof AppError ? ended.context : null)));
  expect(context).toContain('11 01 01 ** ** ** ** ** ** ** **');
  expect(told.join()).toContain('**');
  for (const text of [context, ...told]) expect(text).not.toMatch(/07 03 09|"0?7".*"0?3"/);
});
