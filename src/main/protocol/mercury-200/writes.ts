/** Writes of the 200 family (mercury.md 12.1). No password guards them; a write to the group address is never made. */
import { AppError } from '../../../shared/api/errors.ts';
import type { WallTime } from '../../../shared/domain/time.ts';
import type { Command200 } from './command.ts';
import { encodeStamp } from './clock.ts';

/** A write is answered by address and command alone; only the new address differs (00). */
export interface WriteCommand extends Command200<null> {
  /** Address in the reply; `null` = the one that was asked. */
  readonly replyAddress: number | null;
}

/** Speeds by the number that 08 takes. */
const BAUD_RATES: readonly number[] = [9600, 4800, 2400, 1200, 600];

/** New network address: 00. The reply comes from the new address already. */
export function setAddressCommand(address: number): WriteCommand {
  const bytes = new DataView(new ArrayBuffer(4));
  bytes.setUint32(0, address);
  return { ...write('set-address', `set address ${address}`, [0x00, ...new Uint8Array(bytes.buffer)]), replyAddress: address };
}

/** Clock: 02, wall time of the meter. */
export function setClockCommand(wall: WallTime): WriteCommand {
  return write('set-clock', 'set clock', [0x02, ...encodeStamp(wall)]);
}

/** Season flag: 05. */
export function setSeasonFlagCommand(flag: number): WriteCommand {
  return write('set-season-flag', `set season flag ${flag}`, [0x05, flag]);
}

/** Speed: 08. Throws `meter/unsupported` for a speed that the family has not. */
export function setSpeedCommand(baudRate: number): WriteCommand {
  const code = BAUD_RATES.indexOf(baudRate);
  if (code < 0)
    throw new AppError('meter/unsupported', `The family has no speed ${baudRate}`, { hint: `Speeds: ${BAUD_RATES.join(', ')}` });
  return write('set-speed', `set speed ${baudRate}`, [0x08, code]);
}

/** Modes of the relay: 71. */
export const RELAY_MODES = { on: 0x00, byLimits: 0x55, off: 0xaa } as const;

/** Relay: 71. Off disconnects the load. */
export function setRelayCommand(mode: keyof typeof RELAY_MODES): WriteCommand {
  return write('set-relay', `relay ${mode}`, [0x71, RELAY_MODES[mode]]);
}

/** The write that a body makes; `null` for a body that this program does not send. */
export function writeOf(body: Uint8Array): WriteCommand | null {
  const [code, ...parameters] = body;
  const label = WRITES[code ?? -1];
  if (label === undefined || parameters.length !== label.parameters) return null;
  const command = write(label.name, label.name.replace('-', ' '), [...body]);
  return code === 0x00 ? { ...command, replyAddress: new DataView(Uint8Array.from(parameters).buffer).getUint32(0) } : command;
}

const WRITES: Readonly<Record<number, { readonly name: string; readonly parameters: number }>> = {
  0x00: { name: 'set-address', parameters: 4 },
  0x02: { name: 'set-clock', parameters: 7 },
  0x05: { name: 'set-season-flag', parameters: 1 },
  0x08: { name: 'set-speed', parameters: 1 },
  0x71: { name: 'set-relay', parameters: 1 },
};

function write(name: string, label: string, body: readonly number[]): WriteCommand {
  return { name, label, body: Uint8Array.from(body), replyData: [0], parse: () => null, fields: () => [], replyAddress: null };
}
