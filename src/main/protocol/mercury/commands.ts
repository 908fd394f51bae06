/** From the bytes of a request back to its command: for explaining exchanges that somebody else recorded. */
import { frozenTimeCommand, readClockCommand } from './clock.ts';
import type { Command } from './command.ts';
import { allTariffsCommand, energyArrayOf, energyCommand, phaseEnergyCommand } from './energy.ts';
import {
  firmwareCommand,
  longPassportCommand,
  networkAddressCommand,
  passportCommand,
  ratiosCommand,
  serialNumberCommand,
  variantCommand,
} from './identity.ts';
import { instantaneousCommand, type InstantaneousMode } from './instantaneous.ts';
import { profileBatchCommand, profileHeadCommand, profileRecordCommand, RECORD_LENGTH, slotOfRequest } from './profile.ts';
import { channelTest, closeChannel, openChannel, PASSWORD_LENGTH } from './session.ts';

const MODES: Readonly<Record<number, InstantaneousMode>> = { 0x11: 'one', 0x14: 'frozen', 0x16: 'now' };

/** Command whose request has this body (no address, no checksum); `null` for what this program does not ask. */
export function commandOf(body: Uint8Array): Command<unknown> | null {
  const first = body[1] ?? -1;
  const second = body[2] ?? -1;
  switch (body[0]) {
    case 0x00:
      return body.length === 1 ? channelTest() : null;
    case 0x01:
      return body.length === 2 + PASSWORD_LENGTH && (first === 1 || first === 2) ? openChannel(first, body.subarray(2)) : null;
    case 0x02:
      return body.length === 1 ? closeChannel() : null;
    case 0x04:
      return body.length === 2 && first === 0x00 ? readClockCommand() : null;
    case 0x05:
      return body.length === 3 ? energyOf(first, second) : null;
    case 0x06:
      return body.length === 5 ? profileReadOf(body) : null;
    case 0x08:
      return body.length === 2 ? parameterOf(first) : body.length === 3 ? subparameterOf(first, second) : null;
    default:
      return null;
  }
}

function energyOf(arrayAndMonth: number, tariff: number): Command<unknown> | null {
  const array = energyArrayOf(arrayAndMonth >> 4);
  const month = arrayAndMonth & 0x0f;
  if (array === null || tariff > 6) return null;
  if (array === 0x6) return tariff === 6 ? null : phaseEnergyCommand(tariff);
  return tariff === 6 ? allTariffsCommand(array, month) : energyCommand(array, month, tariff);
}

function profileReadOf(body: Uint8Array): Command<unknown> | null {
  const slot = slotOfRequest(body);
  if (slot === null) return null;
  if (body[4] === RECORD_LENGTH) return profileRecordCommand(slot);
  return body[4] === 0xff ? profileBatchCommand(slot) : null;
}

function parameterOf(parameter: number): Command<unknown> | null {
  switch (parameter) {
    case 0x00:
      return serialNumberCommand();
    case 0x01:
      return passportCommand();
    case 0x02:
      return ratiosCommand();
    case 0x03:
      return firmwareCommand();
    case 0x05:
      return networkAddressCommand();
    case 0x12:
      return variantCommand();
    case 0x13:
      return profileHeadCommand();
    default:
      return null;
  }
}

function subparameterOf(parameter: number, second: number): Command<unknown> | null {
  if (parameter === 0x01 && second === 0x00) return longPassportCommand();
  if (parameter === 0x14 && second === 0xe0) return frozenTimeCommand();
  const mode = MODES[parameter];
  return mode === undefined ? null : instantaneousCommand(mode, second);
}
