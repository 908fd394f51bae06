/**
 * What a person may have read beside what polling reads. Nothing here can disturb a meter: no read whose count might misfit
 * its memory (mercury.md 8.2), no write, nothing that the variant or the firmware rules out.
 */
import { AppError } from '../../../shared/api/errors.ts';
import type { DecodedField } from '../../../shared/api/methods.ts';
import type { ClockBasis, UtcSeconds } from '../../../shared/domain/time.ts';
import { ARCHIVE_KINDS, type ArchiveDate } from '../../protocol/mercury/archives.ts';
import type { Command } from '../../protocol/mercury/command.ts';
import { commandOf } from '../../protocol/mercury/commands.ts';
import { decode } from '../../protocol/mercury/decode.ts';
import { ENERGY_ARRAYS } from '../../protocol/mercury/energy.ts';
import { bcdByte, hexOf } from '../../protocol/mercury/formats.ts';
import {
  profileHeadCommand,
  profileRecordCommand,
  newestSlot,
  relativeRecordsCommand,
  SLOT_LENGTH,
} from '../../protocol/mercury/profile.ts';
import type { AccessLevel } from '../../protocol/mercury/session.ts';
import type { InventoryGroup, InventoryItem, Reading } from '../driver.ts';
import { wallAt } from '../wall-clock.ts';
import type { Answer } from '../answers.ts';
import type { Conversation } from './conversation.ts';
import { canBatch, type Execution, isAtLeast } from './execution.ts';
import { NEWER_SINCE } from './table.ts';

/** An item with what asks for it. */
interface AskedItem extends InventoryItem {
  readonly command: Command<unknown>;
}

/** Depth of the archives by date (mercury.md 5). */
const ARCHIVE_DAYS = 123;
const ARCHIVE_MONTHS = 36;
const TARIFFS = [0, 1, 2, 3, 4];
const LOSSES = 5;
const ALL_TARIFFS = 6;
const MONTHS = Array.from({ length: 12 }, (_, index) => index + 1);
const MONTH_ARRAYS: readonly number[] = [ENERGY_ARRAYS.month, ENERGY_ARRAYS.monthStart];
const PLAIN_ARRAYS: readonly number[] = Object.values(ENERGY_ARRAYS).filter(
  (array) => array !== ENERGY_ARRAYS.phases && !MONTH_ARRAYS.includes(array),
);
const DIPS = [0x30, 0x31, 0x32];
const DIP_BANDS = [0, 1, 2, 3, 4, 5, 6, 7];
/** Key of the newest record of the second profile: the one item that may take more than one exchange. */
const SECOND_PROFILE_LAST = 'second-profile.last';

/** Everything that this variant and firmware may be asked for at the level in use, without what the meter is known to lack. */
export function inventoryOf(execution: Execution, conversation: Conversation, nowUtc: UtcSeconds, basis: ClockBasis): InventoryItem[] {
  return itemsOf(execution, conversation.accessLevel, nowUtc, basis)
    .filter(({ command }) => !conversation.isUnsupported(command))
    .map(({ key, group, label }) => ({ key, group, label }));
}

/**
 * Fields of one item. Throws `api/not-found` for a key that is none of this meter's, `meter/unsupported` for what it turns out
 * to lack.
 */
export async function readInventoryItem(
  conversation: Conversation,
  execution: Execution,
  nowUtc: UtcSeconds,
  basis: ClockBasis,
  key: string,
): Promise<Reading<readonly DecodedField[]>> {
  const item = itemsOf(execution, conversation.accessLevel, nowUtc, basis).find((candidate) => candidate.key === key);
  if (item === undefined) throw new AppError('api/not-found', `The meter has nothing under the key ${key}`, { context: { key } });
  const answer =
    key === SECOND_PROFILE_LAST ? await askSecondProfile(conversation, execution) : await conversation.askOptional(item.command);
  if (answer === null) throw new AppError('meter/unsupported', `The meter does not answer to ${item.label}`, { context: { key } });
  return { value: fieldsOf(answer, execution), exchanges: [answer.exchange] };
}

/** Fields of an answer, as `feeder decode` names them. */
export function fieldsOf({ exchange, frame }: Answer<unknown>, { variant, firmware }: Execution): readonly DecodedField[] {
  const constant = variant?.constantImpPerKwh ?? null;
  const result = decode(exchange.request, frame, {
    ...(constant === null ? {} : { constant_imp_per_kwh: constant }),
    ...(firmware === null ? {} : { firmware }),
  });
  if (!result.ok) throw new AppError(result.error.code, result.error.message);
  return result.fields.filter(({ in: side, name }) => side === 'response' && name !== 'address' && name !== 'crc');
}

/** The relative read, or the place that the descriptor names where the firmware lacks it. The second profile counts records. */
async function askSecondProfile(conversation: Conversation, { variant }: Execution): Promise<Answer<unknown> | null> {
  const relative = await conversation.askOptional(relativeRecordsCommand(0, 1, 'second'));
  if (relative !== null) return relative;
  const head = await conversation.askOptional(profileHeadCommand('second'));
  if (head === null || head.value.stamp === null || variant === null) return null;
  const slot = newestSlot(head.value, 'records', variant.ringBytes / SLOT_LENGTH);
  return conversation.askOptional(profileRecordCommand(slot, 'second'));
}

function itemsOf(execution: Execution, accessLevel: AccessLevel, nowUtc: UtcSeconds, basis: ClockBasis): AskedItem[] {
  const { variant, firmware, more } = execution;
  const isNewer = isAtLeast(firmware, NEWER_SINCE);
  return [
    ...parameters('identity', isNewer ? ['00', '01', '01 00', '02', '03', '05', '12', '26'] : ['00', '01', '02', '03', '05', '12']),
    ...parameters('settings', ['04', '07', '08', '09', '0B', '19', '1A 00']),
    ...parameters('settings', isNewer ? ['08 00', '1B', '1C', '1D', '1E', '1F', '2B', '2D'] : []),
    ...parameters('settings', variant?.hasQualityControl === true ? ['20', '21'] : []),
    ...parameters(
      'settings',
      [1, 2, 3, 4].map((tariff) => `1A 0${tariff}`),
    ),
    ...parameters(
      'settings',
      MONTHS.flatMap((month) => [`0C ${hex(month)}`, `23 ${hex(month)}`]),
    ),
    ...parameters('settings', schedules()),
    ...parameters('state', ['0A', '17', '18', ...(isNewer ? ['24', '2F'] : [])]),
    ...instantaneous(isNewer, variant?.phases === 1),
    ...energy(execution),
    ...(variant?.hasExtendedArrays === true ? archives(nowUtc, basis) : []),
    // The owner's level alone may read them (mercury.md 5).
    ...(isNewer && accessLevel >= 2 ? maxima(variant?.hasMaximaByTariff === true) : []),
    ...parameters(
      'maxima',
      MONTHS.map((month) => `0D ${hex(month)}`),
    ),
    ...(more?.hasDipsJournal === true ? DIPS.flatMap((journal) => DIP_BANDS.map((band) => dips(journal, band))) : []),
    ...(variant?.hasProfile === false ? [] : [item('parameter.13', 'profile', [0x08, 0x13])]),
    ...(variant?.hasSecondProfile === true ? secondProfile() : []),
  ];
}

function parameters(group: InventoryGroup, codes: readonly string[]): AskedItem[] {
  return codes.map((code) =>
    item(`parameter.${code.replaceAll(' ', '.')}`, group, [0x08, ...code.split(' ').map((byte) => Number.parseInt(byte, 16))]),
  );
}

/** Single months and days of the week: January is bit 0 of the second byte, the half is bit 4 of the first (mercury.md 9, 1D). */
function schedules(): string[] {
  return MONTHS.flatMap((month) =>
    [0, 1, 2, 3, 4, 5, 6, 7].flatMap((weekday) =>
      [0, 1].map((half) => {
        const mask = (1 << (month - 1)) | (half << 12);
        return `22 ${hex(mask >> 8)} ${hex(mask & 0xff)} ${hex(1 << weekday)}`;
      }),
    ),
  );
}

/** Values beside those that polling reads, and all of them as the last freeze left them. */
function instantaneous(isNewer: boolean, isSinglePhase: boolean): AskedItem[] {
  const now = [0x51, ...(isNewer ? [0x61, 0x70] : []), ...(isNewer && !isSinglePhase ? [0x81] : [])];
  const frozen = [0x00, 0x04, 0x08, 0x11, 0x21, 0x30, 0x40, 0x51, 0xe0, 0xf0, 0xf1, 0xf2, 0xf3, 0xf4];
  return [
    ...(isSinglePhase ? [item('instantaneous.11.20', 'state', [0x08, 0x11, 0x20])] : []),
    ...now.map((bwri) => item(`instantaneous.16.${hex(bwri)}`, 'state', [0x08, 0x16, bwri])),
    ...frozen.map((bwri) => item(`instantaneous.14.${hex(bwri)}`, 'state', [0x08, 0x14, bwri])),
  ];
}

function energy({ variant, more, firmware }: Execution): AskedItem[] {
  const read = (array: number, month: number, tariff: number) =>
    item(`energy.${array.toString(16).toUpperCase()}.${month}.${tariff}`, 'energy', [0x05, (array << 4) | month, tariff]);
  const hasQuadrants = variant !== null && variant.type === 'AR' && isAtLeast(firmware, NEWER_SINCE);
  return [
    ...PLAIN_ARRAYS.flatMap((array) => [...TARIFFS, LOSSES].map((tariff) => read(array, 0, tariff))),
    ...MONTH_ARRAYS.flatMap((array) => MONTHS.flatMap((month) => [...TARIFFS, LOSSES].map((tariff) => read(array, month, tariff)))),
    ...(canBatch(firmware) ? [read(ENERGY_ARRAYS.sinceReset, 0, ALL_TARIFFS)] : []),
    ...(variant?.hasPhaseEnergy === true ? TARIFFS.map((tariff) => read(ENERGY_ARRAYS.phases, 0, tariff)) : []),
    ...(hasQuadrants
      ? (more?.hasQuadrantsByTariff === true ? TARIFFS : [0]).map((tariff) =>
          item(`quadrants.0.0.${tariff}`, 'energy', [0x15, 0x00, tariff]),
        )
      : []),
  ];
}

/** Days and months back from today on the meter's own wall; the current day and month included. */
function archives(nowUtc: UtcSeconds, basis: ClockBasis): AskedItem[] {
  const { year, month, day } = wallAt(nowUtc, false, basis);
  const days = Array.from({ length: ARCHIVE_DAYS }, (_, back) => dateOf(Date.UTC(year, month - 1, day - back)));
  const months = Array.from({ length: ARCHIVE_MONTHS }, (_, back) => dateOf(Date.UTC(year, month - 1 - back, 1)));
  const read = (kind: number, date: ArchiveDate, tariff: number) => {
    const text = `${date.year}-${String(date.month).padStart(2, '0')}-${String(date.day).padStart(2, '0')}`;
    const dateBytes = [date.day, date.month, date.year % 100].map(bcdByte);
    return item(`archive.18.${kind}.${text}.${tariff}`, 'archive', [0x18, kind, ...dateBytes, tariff]);
  };
  return [
    ...days.flatMap((date) => [
      ...TARIFFS.map((tariff) => read(ARCHIVE_KINDS.dayStart, date, tariff)),
      read(ARCHIVE_KINDS.dayStartQuadrants, date, 0),
    ]),
    ...months.flatMap((date) => [
      ...TARIFFS.map((tariff) => read(ARCHIVE_KINDS.monthStart, date, tariff)),
      read(ARCHIVE_KINDS.monthStartQuadrants, date, 0),
    ]),
  ];
}

function maxima(isByTariff: boolean): AskedItem[] {
  return MONTHS.flatMap((month) =>
    (isByTariff ? TARIFFS : [0]).map((tariff) => item(`maxima.17.${month}.${tariff}`, 'maxima', [0x17, 0x30 | month, tariff])),
  );
}

function dips(journal: number, band: number): AskedItem {
  return item(`dips.${hex(journal)}.${band}`, 'state', [0x04, journal, 0xf9, band]);
}

function secondProfile(): AskedItem[] {
  return [
    item('parameter.15', 'second-profile', [0x08, 0x15]),
    { ...item(SECOND_PROFILE_LAST, 'second-profile', profileHeadCommand('second').body), label: 'second profile newest record' },
  ];
}

function item(key: string, group: InventoryGroup, body: ArrayLike<number>): AskedItem {
  const command = commandOf(Uint8Array.from(body));
  if (command === null) throw new AppError('bug', `Nothing asks for ${key}`, { context: { body: hexOf(Uint8Array.from(body)) } });
  return { key, group, label: command.label, command };
}

function dateOf(ms: number): ArchiveDate {
  const date = new Date(ms);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0').toUpperCase();
}
