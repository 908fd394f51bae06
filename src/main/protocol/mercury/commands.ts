/** From the bytes of a request back to its command: for explaining exchanges that somebody else recorded. */
import { archiveCommandOf } from './archives.ts';
import { frozenTimeCommand, readClockCommand } from './clock.ts';
import type { Command } from './command.ts';
import {
  allPhaseEnergyCommand,
  allTariffsCommand,
  energyArrayOf,
  energyCommand,
  frozenEnergyCommand,
  memoryEnergyCommandOf,
  phaseEnergyCommand,
} from './energy.ts';
import {
  firmwareCommand,
  longPassportCommand,
  networkAddressCommand,
  passportCommand,
  ratiosCommand,
  serialNumberCommand,
  variantCommand,
} from './identity.ts';
import { currentImbalanceCommand, instantaneousCommand, type InstantaneousMode } from './instantaneous.ts';
import { journalCommandOf } from './journals.ts';
import { parameterCommandOf } from './parameters.ts';
import { profileCommandOf, profileHeadCommand } from './profile.ts';
import { channelTest, closeChannel, openChannel, PASSWORD_LENGTH } from './session.ts';
import { writeCommandOf } from './writes.ts';

const MODES: Readonly<Record<number, InstantaneousMode>> = { 0x11: 'one', 0x14: 'frozen', 0x16: 'now' };

/** Command whose request has this body (no address, no checksum); `null` for what no document knows. */
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
    case 0x03:
      return writeCommandOf(body);
    case 0x04:
      return body.length === 2 && first === 0x00 ? readClockCommand() : journalCommandOf(body);
    case 0x05:
      return body.length === 3 ? energyOf(first, second) : null;
    case 0x06:
      return profileCommandOf(body) ?? memoryEnergyCommandOf(body);
    case 0x08:
      return parameterOf(body, first, second) ?? parameterCommandOf(body);
    case 0x15:
    case 0x17:
    case 0x18:
      return archiveCommandOf(body);
    case 0x16:
      return profileCommandOf(body);
    default:
      return null;
  }
}

function parameterOf(body: Uint8Array, first: number, second: number): Command<unknown> | null {
  if (body.length === 2) return identityOf(first);
  return body.length === 3 ? subparameterOf(first, second) : null;
}

function energyOf(arrayAndMonth: number, tariff: number): Command<unknown> | null {
  const array = energyArrayOf(arrayAndMonth >> 4);
  const month = arrayAndMonth & 0x0f;
  if (array === null || tariff > 6) return null;
  if (array === 0x6) return tariff === 6 ? allPhaseEnergyCommand() : phaseEnergyCommand(tariff);
  return tariff === 6 ? allTariffsCommand(array, month) : energyCommand(array, month, tariff);
}

function identityOf(parameter: number): Command<unknown> | null {
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
    case 0x15:
      return profileHeadCommand('second');
    default:
      return null;
  }
}

function subparameterOf(parameter: number, second: number): Command<unknown> | null {
  if (parameter === 0x01 && second === 0x00) return longPassportCommand();
  if (parameter === 0x14 && second === 0xe0) return frozenTimeCommand();
  if (parameter === 0x14 && second >= 0xf0 && second <= 0xf4) return frozenEnergyCommand(second & 0x0f);
  if (parameter === 0x11 && second === 0x20) return currentImbalanceCommand();
  const mode = MODES[parameter];
  return mode === undefined ? null : instantaneousCommand(mode, second);
}
