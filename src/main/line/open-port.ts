import type { Clock } from '../platform/clock.ts';
import { describeLineAddress, type LineAddress } from './line-address.ts';
import type { Port } from './port.ts';
import { createSerialPort } from './serial-port.ts';
import { createTcpPort } from './tcp-port.ts';

/** The port that an address names, not yet open. */
export function createPort(address: LineAddress, clock: Clock): Port {
  const description = describeLineAddress(address);
  return address.kind === 'tcp' ? createTcpPort({ ...address, description }, clock) : createSerialPort({ ...address, description });
}
