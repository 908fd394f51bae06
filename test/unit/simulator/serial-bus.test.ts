import { expect, test } from 'vitest';
import type { AppError } from '../../../src/shared/api/errors.ts';
import { createBus } from '../../../src/main/line/bus.ts';
import { channelTiming } from '../../../src/main/line/channel-timing.ts';
import { parseLineAddress } from '../../../src/main/line/line-address.ts';
import type { Port } from '../../../src/main/line/port.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { encodeFrame, frameData, matchReply } from '../../../src/main/protocol/mercury/frame.ts';
import { LINE, Listener, SERIAL_READ, STANDARD, serialOf, serialPlant } from './lines.ts';
import { dataOf, hex } from './readers.ts';

const SPEEDS = [300, 600, 1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200];

test('the port of a simulated bus is a port of a line', async () => {
  const { plant } = await serialPlant();
  const port: Port = plant.serialPort(LINE, STANDARD);
  expect([port.kind, port.description]).toEqual(['serial', 'serial:ТП-1']);
  expect(() => plant.serialPort('ТП-9', STANDARD)).toThrow(expect.objectContaining({ code: 'api/not-found' }));
});

test('at every speed and parity the meters answer, and the bytes take their time', async () => {
  for (const baudRate of SPEEDS) {
    for (const format of ['8N1', '8E1', '8O1']) {
      const settings = { baudRate, format };
      const { listener, meter } = await serialPlant([], { settings }, settings);
      const heard = await listener.ask(meter.address, SERIAL_READ, 1000);
      expect(serialOf(dataOf(heard, meter.address))).toBe(meter.serial);
      expect(listener.segments.at(-1)?.ms).toBeCloseTo((15 * (format === '8N1' ? 10 : 11) * 1000) / baudRate + 20, 6);
    }
  }
});

test('with any other setting no meter is understood and none is read; a byte comes now and then when the speed is near', async () => {
  for (const baudRate of SPEEDS) {
    for (const format of ['8N1', '8E1', '8O1']) {
      if (baudRate === 9600 && format === '8N1') continue;
      const { listener, meter } = await serialPlant([], {}, { baudRate, format });
      let answers = 0;
      for (let exchange = 0; exchange < 40; exchange += 1) {
        const heard = await listener.ask(meter.address, SERIAL_READ, 300);
        if (heard.length === 0) continue;
        answers += 1;
        expect(() => dataOf(heard, meter.address)).toThrow();
        if (baudRate !== 9600) expect(heard).toHaveLength(1);
      }
      const isNear = baudRate >= 4800 && baudRate <= 19_200;
      expect(answers > 0, `${baudRate} ${format}`).toBe(isNear);
      expect(answers).toBeLessThan(20);
    }
  }
});

test('nothing that is said at another speed is done', async () => {
  const { clock, listener, meter, plant } = await serialPlant([], {}, { baudRate: 4800, format: '8N1' });
  for (let exchange = 0; exchange < 60; exchange += 1) await listener.ask(meter.address, [0x01, 0x01, 1, 1, 1, 1, 1, 1]);
  await listener.port.close();
  const port = plant.serialPort(LINE, STANDARD);
  await port.open();
  const understood = new Listener(port, clock);
  expect(dataOf(await understood.ask(meter.address, [0x08, 0x05]), meter.address)).toEqual([5]);
});

test('two stop bits are understood by meters with one', async () => {
  const { listener, meter } = await serialPlant([], {}, { baudRate: 9600, format: '8N2' });
  expect(serialOf(dataOf(await listener.ask(meter.address, SERIAL_READ), meter.address))).toBe(meter.serial);
});

test('one port of a line is open at a time; a closed one hears nothing and takes nothing', async () => {
  const { clock, listener, meter, plant } = await serialPlant();
  const other = plant.serialPort(LINE, STANDARD);
  await expect(other.open()).rejects.toMatchObject({ code: 'line/in-use' });
  let ending: AppError | null | undefined;
  listener.port.onClose((lost) => {
    ending = lost;
  });
  const reply = listener.ask(meter.address, SERIAL_READ, 10);
  await reply;
  await listener.port.close();
  expect(ending).toBeNull();
  await clock.advance(200);
  expect(listener.bytes).toHaveLength(0);
  await expect(listener.port.write(Uint8Array.of(0))).rejects.toMatchObject({ code: 'line/lost' });
  await other.open();
  expect(await new Listener(other, clock).ask(meter.address, SERIAL_READ)).toHaveLength(10);
  await other.close();
  await listener.port.open();
  expect(await listener.ask(meter.address, SERIAL_READ)).toHaveLength(10);
});

test('a dropped line takes the port away and gives it back', async () => {
  const { clock, listener, meter, plant } = await serialPlant();
  const lost: (AppError | null)[] = [];
  listener.port.onClose((error) => lost.push(error));
  plant.setFault({ kind: 'drop-line', line: LINE });
  expect(lost).toEqual([expect.objectContaining({ code: 'line/lost' })]);
  await expect(listener.port.open()).rejects.toMatchObject({ code: 'line/open-failed' });
  plant.clearFault({ kind: 'drop-line', line: LINE });
  await listener.port.open();
  expect(await listener.ask(meter.address, SERIAL_READ)).toHaveLength(10);
  await clock.advance(0);
  await plant.stop();
});

test('a request is written in pieces or at once; bytes without a good checksum are forgotten after the silence', async () => {
  const { clock, listener, meter } = await serialPlant();
  await listener.port.write(Uint8Array.of(meter.address, 0x08));
  await clock.advance(6);
  const heard = await listener.ask(meter.address, [0x00]);
  expect(hex(dataOf(heard, meter.address))).toBe('00');
});

test('the product reads all meters of a bus over it: 240 addresses in simulated time', async () => {
  const { clock, plant, listener, meters } = await serialPlant([{ kind: 'echo' }, { kind: 'noise', rate: 0.2 }], { latencyMs: [5, 50] });
  await listener.port.close();
  const port = plant.serialPort(LINE, STANDARD);
  const channel = channelTiming(parseLineAddress('serial:COM4:9600-8N1'));
  const bus = createBus(port, { clock, logger: silentLogger, channel });
  const read = async (address: number) => {
    const bytes = encodeFrame(address, SERIAL_READ);
    const { frame } = await bus.exchange({
      label: 'serial number',
      bytes,
      replyBytes: 10,
      match: (received) => matchReply(address, [10], received, { request: bytes }),
      timing: { silenceMs: 5, firstByteMs: 150, interByteMs: 25 },
    });
    return serialOf([...frameData(frame)]);
  };
  const sweep = async () => {
    const found = new Map<number, string>();
    await bus.open();
    for (let address = 1; address <= 240; address += 1) {
      const serial = await read(address).catch(() => null);
      if (serial !== null) found.set(address, serial);
    }
    await bus.close();
    return found;
  };
  const startedAtMs = clock.monotonic();
  const found = await clock.finish(sweep());
  expect(found).toEqual(new Map(meters.map(({ address, serial }) => [address, serial])));
  expect(clock.monotonic() - startedAtMs).toBeGreaterThan(30_000);
});
