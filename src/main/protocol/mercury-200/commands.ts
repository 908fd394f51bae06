/** From the bytes of a request back to its command, and every command of the family with sample parameters. */
import { archiveCommandOf, archiveKindCommand, archiveSliceCommand, halfHoursCommand } from './archive.ts';
import { clockCommand, momentCommand, seasonFlagCommand } from './clock.ts';
import type { Command200 } from './command.ts';
import { activeEnergyCommand, CURRENT_MONTH, monthSliceCommand, reactiveEnergyCommand } from './energy.ts';
import { executionCommand, firmwareCommand, manufacturedCommand, serialNumberCommand } from './identity.ts';
import { frequencyCommand, loadPowerCommand, mainsCommand, powerFactorCommand, reactivePowerCommand } from './instantaneous.ts';
import { type JournalCode, JOURNAL_RECORDS, journalCommand, MAXIMA_KINDS, maximaCommand, qualityEventCommand } from './journals.ts';
import { holidaysCommand, modelCommand, relayStateCommand, SETTING_CODES, settingCommand, switchPointsCommand } from './settings.ts';
import { setAddressCommand, setClockCommand, setRelayCommand, setSeasonFlagCommand, setSpeedCommand, writeOf } from './writes.ts';

type AnyCommand = Command200<unknown>;

const WITHOUT_PARAMETERS: Readonly<Record<number, () => AnyCommand>> = {
  0x21: clockCommand,
  0x24: seasonFlagCommand,
  0x26: loadPowerCommand,
  0x27: activeEnergyCommand,
  0x28: firmwareCommand,
  0x2b: () => momentCommand(0x2b),
  0x2c: () => momentCommand(0x2c),
  0x2f: serialNumberCommand,
  0x61: () => momentCommand(0x61),
  0x62: () => momentCommand(0x62),
  0x63: mainsCommand,
  0x65: executionCommand,
  0x66: manufacturedCommand,
  0x81: frequencyCommand,
  0x85: reactiveEnergyCommand,
};

const BY_PARAMETER: Readonly<Record<number, (parameter: number) => AnyCommand | null>> = {
  0x30: holidaysCommand,
  0x31: switchPointsCommand,
  0x32: (month) => (isMonth(month) ? monthSliceCommand('A', month) : null),
  0x33: (kind) => (kind < MAXIMA_KINDS ? maximaCommand(kind) : null),
  0x34: (index) => journalOf(0x34, index),
  0x35: (index) => journalOf(0x35, index),
  0x36: (index) => journalOf(0x36, index),
  0x38: (month) => (isMonth(month) ? monthSliceCommand('R', month) : null),
  0x3a: (index) => journalOf(0x3a, index),
  0x86: (parameter) => VALUES_86[parameter]?.() ?? null,
};

const VALUES_86: Readonly<Record<number, () => AnyCommand>> = {
  0x00: reactivePowerCommand,
  0x01: relayStateCommand,
  0x02: powerFactorCommand,
  0xff: modelCommand,
};

/** Command whose request has this body (no address, no checksum); `null` for what this program does not ask. */
export function commandOf(body: Uint8Array): AnyCommand | null {
  const [code = -1, first = -1, second = -1] = body;
  if (body.length === 1) return WITHOUT_PARAMETERS[code]?.() ?? settingCommand(code);
  if (code === 0x37) return archiveCommandOf(body);
  const byParameter = body.length === 2 ? BY_PARAMETER[code] : undefined;
  if (byParameter !== undefined) return byParameter(first);
  return code === 0x39 && body.length === 3 ? qualityEventCommand(first, second) : writeOf(body);
}

/**
 * The command that a reply answers, when its request is not known: a reply names its command, yet not the parameters, which
 * change no layout but those of 37 and of maxima. `null` where the reply could be more than one thing.
 */
export function commandOfReply(code: number, data: Uint8Array): AnyCommand | null {
  if (code === 0x86) return VALUES_86[data[0] ?? -1]?.() ?? null;
  if (code === 0x33 || code === 0x37 || data.length === 0) return null;
  return WITHOUT_PARAMETERS[code]?.() ?? settingCommand(code) ?? BY_PARAMETER[code]?.(0) ?? null;
}

const SAMPLE_DAY = { year: 2026, month: 11, day: 22 };

/** Every command of the family, with parameters where it takes some: for checks over all of them. */
export const COMMANDS_200: readonly AnyCommand[] = [
  ...Object.values(WITHOUT_PARAMETERS).map((make) => make()),
  ...SETTING_CODES.flatMap((code) => settingCommand(code) ?? []),
  holidaysCommand(0),
  switchPointsCommand(1),
  monthSliceCommand('A', 0),
  monthSliceCommand('R', CURRENT_MONTH),
  ...[0, 1, 2].map(maximaCommand),
  ...([0x34, 0x35, 0x36, 0x3a] as const).map((code) => journalCommand(code, 3)),
  archiveSliceCommand('day', SAMPLE_DAY),
  archiveSliceCommand('month', SAMPLE_DAY),
  halfHoursCommand(5, SAMPLE_DAY),
  archiveKindCommand(),
  qualityEventCommand(1, 2),
  reactivePowerCommand(),
  relayStateCommand(),
  powerFactorCommand(),
  modelCommand(),
  setAddressCommand(123_456),
  setClockCommand({ ...SAMPLE_DAY, hour: 12, minute: 0, second: 5 }),
  setSeasonFlagCommand(0),
  setSpeedCommand(9600),
  setRelayCommand('on'),
];

function isMonth(month: number): boolean {
  return month <= 0x0b || month === CURRENT_MONTH;
}

function journalOf(code: JournalCode, index: number): AnyCommand | null {
  return index < JOURNAL_RECORDS ? journalCommand(code, index) : null;
}
