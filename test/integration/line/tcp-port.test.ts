import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBus } from '../../../src/main/line/bus.ts';
import { channelTiming } from '../../../src/main/line/channel-timing.ts';
import { parseLineAddress } from '../../../src/main/line/line-address.ts';
import { createPort } from '../../../src/main/line/open-port.ts';
import type { Port } from '../../../src/main/line/port.ts';
import { portOfSocket } from '../../../src/main/line/tcp-port.ts';
import { systemClock } from '../../../src/main/platform/clock.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { asAppError } from '../../../src/shared/api/errors.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { answerRequests, lineOf, nextLoss, REPLY, REQUEST, request } from './toy-meter.ts';

let server: Server;
let address: string;
const opened: Socket[] = [];
const ports: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  server = createServer({ noDelay: true });
  server.on('connection', (socket) => opened.push(socket.on('error', () => socket.destroy())));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `tcp:127.0.0.1:${portNumber(server)}`;
});

afterEach(async () => {
  for (const port of ports.splice(0)) await port.close();
  for (const socket of opened.splice(0)) socket.destroy();
  if (server.listening) {
    server.close();
    await once(server, 'close');
  }
});

function portNumber(listening: Server): number {
  const at: AddressInfo | string | null = listening.address();
  if (at === null || typeof at === 'string') throw new Error('the server has no port');
  return at.port;
}

/** The gateway's end of the connections, as a meter answers through it. */
function gateway(answer: (socket: Socket) => void): void {
  server.on('connection', (socket) => {
    answerRequests({ onData: (listener) => socket.on('data', listener) }, () => answer(socket));
  });
}

function openLine(text = address) {
  const line = lineOf(text);
  ports.push(line.port);
  return line;
}

describe('a line behind a TCP gateway', () => {
  it('carries every byte value both ways', async () => {
    gateway((socket) => socket.write(REPLY));
    const { bus } = openLine();
    await bus.open();
    expect((await bus.exchange(request())).frame).toEqual(REPLY);
    expect((await bus.exchange(request())).frame).toEqual(REPLY);
    expect(bus.counters()).toMatchObject({ exchanges: 2, failures: 0, bytesIn: 512, bytesOut: 10, strayBytes: 0 });
  });

  it('collects a reply that comes byte by byte', async () => {
    gateway((socket) => {
      const send = (at: number) => {
        if (at < REPLY.length) socket.write(REPLY.subarray(at, at + 1), () => systemClock.after(1, () => send(at + 1)));
      };
      send(0);
    });
    const { bus } = openLine();
    await bus.open();
    expect((await bus.exchange(request())).frame).toEqual(REPLY);
  });

  it('drops a late reply and does not take it for the next one', async () => {
    let asked = 0;
    gateway((socket) => {
      asked += 1;
      if (asked === 1) systemClock.after(900, () => socket.write(REPLY.toReversed()));
      else socket.write(REPLY);
    });
    const { bus } = openLine();
    await bus.open();
    await expect(bus.exchange(request())).rejects.toMatchObject({ code: 'transport/timeout' });
    const { frame } = await bus.exchange(request({ timing: { silenceMs: 1000, firstByteMs: 150, interByteMs: 25 } }));
    expect(frame).toEqual(REPLY);
    expect(bus.counters()).toMatchObject({ strayBytes: 256, failuresByCode: { 'transport/timeout': 1 } });
  });

  it('takes a reply that came while the process was busy, although its time is over', async () => {
    // Another process, since this one stands still.
    const hex = Buffer.from(REPLY).toString('hex');
    const program = `const reply = (socket) => setTimeout(() => socket.write(Buffer.from('${hex}', 'hex')), 200);
      require('node:net').createServer((socket) => socket.on('data', () => reply(socket))).listen(0, '127.0.0.1', function () { console.log(this.address().port); });`;
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const parsed = parseLineAddress(`tcp:127.0.0.1:${await firstNumber(child.stdout)}`);
      const inner = createPort(parsed, systemClock);
      ports.push(inner);
      const stalling: Port = {
        ...pass(inner),
        write: async (bytes) => {
          await inner.write(bytes);
          setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 900));
        },
      };
      const bus = createBus(stalling, { clock: systemClock, logger: silentLogger, channel: channelTiming(parsed) });
      await bus.open();
      const { frame, exchange } = await bus.exchange(request());
      expect(frame).toEqual(REPLY);
      expect(exchange.durationMs).toBeGreaterThan(655);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('is not opened when nobody listens, and says what to check', async () => {
    server.close();
    await once(server, 'close');
    await expect(openLine().bus.open()).rejects.toMatchObject({
      code: 'line/open-failed',
      message: `${address} refused the connection`,
      hint: expect.stringContaining('port'),
      context: { port: address, cause: 'ECONNREFUSED' },
    });
  });

  it('is not opened when the name is unknown', async () => {
    await expect(openLine('tcp:no-such-gateway.invalid:4001').bus.open()).rejects.toMatchObject({ code: 'line/open-failed' });
  });

  it('gives up connecting after five seconds', async () => {
    // A stopped process whose queue of connections is full answers no further one.
    const program = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
      require('node:fs').writeSync(1, String(this.address().port));
      process.kill(process.pid, 'SIGSTOP');
    });`;
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const number = await firstNumber(child.stdout);
      for (let queued = 0; queued < 2; queued += 1) {
        const filler = connect(number, '127.0.0.1');
        opened.push(filler);
        await once(filler, 'connect');
      }
      const clock = new FakeClock();
      const port = createPort(parseLineAddress(`tcp:127.0.0.1:${number}`), clock);
      const endings: string[] = [];
      const opening = port.open().catch((error: unknown) => endings.push(asAppError(error).code));
      await clock.advance(4999);
      expect(endings).toEqual([]);
      await clock.advance(1);
      await opening;
      expect(endings).toEqual(['line/open-failed']);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('can be closed while it is still connecting, and opened again', async () => {
    const { port } = openLine();
    const opening = port.open();
    const refused = expect(opening).rejects.toMatchObject({ code: 'line/open-failed' });
    await port.close();
    await refused;
    await port.open();
  });

  it.each([
    ['closes', (socket: Socket) => socket.end()],
    ['resets', (socket: Socket) => socket.resetAndDestroy()],
  ])('is lost at once when the gateway %s the connection, and opens again', async (_, tear) => {
    let isTearing = true;
    gateway((socket) => (isTearing ? tear(socket) : socket.write(REPLY)));
    const { bus } = openLine();
    await bus.open();
    const lost = nextLoss(bus);
    await expect(bus.exchange(request({ timing: { silenceMs: 5, firstByteMs: 15_000, interByteMs: 25 } }))).rejects.toMatchObject({
      code: 'line/lost',
      context: { label: 'everything', requestHex: '5E 08 00 AA BB' },
    });
    expect((await lost).code).toBe('line/lost');
    expect(bus.isOpen).toBe(false);
    isTearing = false;
    await bus.open();
    expect((await bus.exchange(request())).frame).toEqual(REPLY);
  });

  it('is closed by us without being lost', async () => {
    const { port } = openLine();
    const closings: unknown[] = [];
    port.onClose((lost) => closings.push(lost));
    await port.open();
    await port.close();
    await port.close();
    expect(closings).toEqual([null]);
    await expect(port.write(REQUEST)).rejects.toMatchObject({ code: 'line/lost' });
  });
});

describe('a connection that a modem opened to us', () => {
  it('is a line until the modem hangs up, and cannot be opened again', async () => {
    const modem = connect(portNumber(server), '127.0.0.1');
    await once(server, 'connection');
    const accepted = opened.at(-1);
    if (accepted === undefined) throw new Error('nobody connected');
    answerRequests({ onData: (listener) => modem.on('data', listener) }, () => modem.write(REPLY));
    const port = portOfSocket(accepted, 'modem 867567021234567');
    ports.push(port);
    const bus = createBus(port, { clock: systemClock, logger: silentLogger, channel: channelTiming(parseLineAddress(address)) });
    await bus.open();
    expect((await bus.exchange(request())).frame).toEqual(REPLY);
    const lost = nextLoss(bus);
    modem.destroy();
    expect((await lost).code).toBe('line/lost');
    await expect(bus.open()).rejects.toMatchObject({ code: 'line/open-failed' });
  });
});

/** A child says its port and nothing else. */
async function firstNumber(output: Readable): Promise<number> {
  for await (const said of output) return Number(String(said));
  throw new Error('the child said nothing');
}

function pass(port: Port): Port {
  return {
    description: port.description,
    kind: port.kind,
    open: () => port.open(),
    write: (bytes) => port.write(bytes),
    discardInput: () => port.discardInput(),
    onData: (listener) => port.onData(listener),
    onClose: (listener) => port.onClose(listener),
    close: () => port.close(),
  };
}
