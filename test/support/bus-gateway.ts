import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { RandomBus } from '../../src/main/simulator/random-bus.ts';

export interface BusGateway {
  /** LINE text. */
  readonly line: string;
  close(): Promise<void>;
}

/** A transparent gateway of one client on a simulated bus: a real socket on loopback. */
export async function openGateway(bus: RandomBus): Promise<BusGateway> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    const port = bus.port(bus.truth.settings);
    const opened = port.open();
    port.onData((bytes) => socket.write(bytes));
    socket.on('data', (bytes) => void opened.then(() => port.write(bytes)));
    socket.on('error', () => {});
    socket.on('close', () => void port.close());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the gateway has no port');
  const { baudRate, format } = bus.truth.settings;
  return {
    line: `tcp:127.0.0.1:${address.port}:${baudRate}-${format}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
