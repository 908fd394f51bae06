import { expect, test } from 'vitest';
import { openEngineLine } from '../../src/main/lines.ts';
import type { LineAddress } from '../../src/main/line/line-address.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { AppError } from '../../src/shared/api/errors.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { MemoryPort } from '../support/memory-port.ts';

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
