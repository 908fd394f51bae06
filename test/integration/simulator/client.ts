import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { dataOf, request } from '../../unit/simulator/readers.ts';

/** A raw TCP client: bytes out, bytes in, nothing of the product between. */
export class RawClient {
  readonly socket: Socket;
  readonly segments: Uint8Array[] = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (segment) => this.segments.push(segment));
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  get received(): Uint8Array {
    return Uint8Array.from(this.segments.flatMap((segment) => [...segment]));
  }

  /** Waits until so many bytes have come and takes them. */
  async take(count: number): Promise<Uint8Array> {
    while (this.received.length < count) await once(this.socket, 'data');
    const bytes = this.received;
    this.segments.length = 0;
    return bytes;
  }

  /** Data of the reply, address and checksum checked. `bytes` is the length of the whole reply. */
  async ask(address: number, body: readonly number[], bytes: number): Promise<number[]> {
    this.socket.write(request(address, ...body));
    return dataOf(await this.take(bytes), address);
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Everything that the line answers to these bytes until it has seen our end of the connection. */
export async function answerTo(port: number, bytes: Uint8Array): Promise<Uint8Array> {
  const client = await RawClient.open(port);
  client.socket.end(bytes);
  await once(client.socket, 'close');
  return client.received;
}

export const LOGIN = [0x01, 0x01, 1, 1, 1, 1, 1, 1];
