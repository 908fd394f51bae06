/** Everything that a person may have read of a meter of the 200 family, one exchange each. */
import { archiveKindCommand } from '../../protocol/mercury-200/archive.ts';
import { clockCommand, momentCommand, seasonFlagCommand } from '../../protocol/mercury-200/clock.ts';
import type { Command200 } from '../../protocol/mercury-200/command.ts';
import { activeEnergyCommand, CURRENT_MONTH, monthSliceCommand, reactiveEnergyCommand } from '../../protocol/mercury-200/energy.ts';
import { executionCommand, firmwareCommand, manufacturedCommand, serialNumberCommand } from '../../protocol/mercury-200/identity.ts';
import { frequencyCommand } from '../../protocol/mercury-200/instantaneous.ts';
import { journalCommand, MAXIMA_KINDS, maximaCommand } from '../../protocol/mercury-200/journals.ts';
import {
  holidaysCommand,
  modelCommand,
  relayStateCommand,
  SETTING_CODES,
  settingCommand,
  switchPointsCommand,
} from '../../protocol/mercury-200/settings.ts';
import type { InventoryGroup, InventoryItem } from '../driver.ts';

/** Records of each journal that stand in the inventory; the events of the others are read as a journal. */
const LATEST_RECORDS = 10;
const MONTHS = 12;

/** An item with the command that reads it. */
export interface InventoryEntry extends InventoryItem {
  readonly command: Command200<unknown>;
  /** What silence to it is remembered by (`Conversation.askOptional`). */
  readonly memoryName: string;
  /** Silence means that the meter lacks it for good; an ended month may be kept later. */
  readonly isLasting: boolean;
}

/** All items; whether this meter has them only asking tells. */
export function inventoryEntries(): readonly InventoryEntry[] {
  const months = [...Array.from({ length: MONTHS }, (_, month) => month), CURRENT_MONTH];
  return [
    ...entries('identity', [serialNumberCommand(), firmwareCommand(), manufacturedCommand(), executionCommand(), modelCommand()]),
    ...entries('settings', [
      seasonFlagCommand(),
      ...SETTING_CODES.flatMap((code) => settingCommand(code) ?? []),
      holidaysCommand(0),
      holidaysCommand(1),
    ]),
    ...entries('settings', [0, 1].map(switchPointsCommand)),
    ...entries('energy', [activeEnergyCommand(), reactiveEnergyCommand()]),
    ...entries('archive', [
      ...months.map((month) => monthSliceCommand('A', month)),
      ...months.map((month) => monthSliceCommand('R', month)),
    ]),
    ...entries(
      'maxima',
      Array.from({ length: MAXIMA_KINDS }, (_, kind) => maximaCommand(kind)),
    ),
    ...entries('profile', [archiveKindCommand()]),
    ...entries('state', [
      clockCommand(),
      frequencyCommand(),
      relayStateCommand(),
      ...([0x2b, 0x2c, 0x61, 0x62] as const).map(momentCommand),
      ...([0x34, 0x35, 0x3a] as const).flatMap((code) => Array.from({ length: LATEST_RECORDS }, (_, index) => journalCommand(code, index))),
    ]),
  ];
}

/** Keys are made of the bytes of the request: `energy.27`, `archive.32.0F`. */
function entries(group: InventoryGroup, commands: readonly Command200<unknown>[]): InventoryEntry[] {
  return commands.map((command) => {
    const [, argument] = command.body;
    const key = [group, ...Array.from(command.body, (byte) => byte.toString(16).toUpperCase().padStart(2, '0'))].join('.');
    // A meter without the slice of the running month has none of any month.
    const isSlice = group === 'archive';
    const memoryName = argument === undefined || isSlice ? command.name : key;
    return { key, group, label: command.label, command, memoryName, isLasting: !isSlice || argument === CURRENT_MONTH };
  });
}
