/** What a person enters of an act, and the change that it makes. */
import { type PlantChangeRequest, plantChange } from '../../../shared/api/plant-changes.ts';
import { CHANNELS, type Channel } from '../../../shared/domain/channel.ts';
import type { PLANT_CHANGE_KINDS } from '../../../shared/domain/plant-change.ts';
import { shiftDecimal } from '../../ui/format.ts';
import type { SiteTime } from '../../ui/time.ts';

export const ACT_TARIFFS = [0, 1, 2, 3, 4] as const;

/** Text of a reading by tariff and channel, kWh and kvarh as the meter shows them. */
export type ReadingTexts = Readonly<Record<string, string>>;
export const readingKey = (tariff: number, channel: Channel) => `${tariff} ${channel}`;

export interface ChangeDraft {
  readonly kind: (typeof PLANT_CHANGE_KINDS)[number];
  /** ISO date and `hh:mm` in the zone of the site. */
  readonly date: string;
  readonly time: string;
  readonly serial: string;
  readonly address: string;
  readonly password: string;
  readonly ct: string;
  readonly vt: string;
  readonly reason: string;
  readonly final: ReadingTexts;
  readonly first: ReadingTexts;
}

/** A ratio as the plate says it: `600/5`, `120`, `157,5`; null while it is none. */
export function ratioOfText(text: string): { primary: number; secondary: number } | null {
  const pair = /^\s*(\d{1,8})\s*\/\s*(\d{1,8})\s*$/.exec(text);
  if (pair !== null) return positive({ primary: Number(pair[1]), secondary: Number(pair[2]) });
  const single = /^\s*(\d{1,5})(?:[.,](\d))?\s*$/.exec(text);
  if (single === null) return null;
  const tenths = Number(single[1]) * 10 + Number(single[2] ?? 0);
  return positive(single[2] === undefined ? { primary: Number(single[1]), secondary: 1 } : { primary: tenths, secondary: 10 });
}

function positive(ratio: { primary: number; secondary: number }): { primary: number; secondary: number } | null {
  return ratio.primary > 0 && ratio.secondary > 0 ? ratio : null;
}

/** Whole Wh of a reading in kWh with up to three decimals; null while it is none. */
export function wattHoursOf(text: string): string | null {
  const match = /^\s*(\d{1,9})(?:[.,](\d{1,3}))?\s*$/.exec(text.replaceAll(/[\s\u00a0\u202f]/g, ''));
  return match === null ? null : shiftDecimal(match[2] === undefined ? `${match[1]}` : `${match[1]}.${match[2]}`, 3);
}

/** Null while something is missing or makes no sense. */
export function changeOf(draft: ChangeDraft, pointId: number, time: SiteTime): PlantChangeRequest | null {
  const clock = /^(\d\d):(\d\d)$/.exec(draft.time);
  if (clock === null || !/^\d{4}-\d\d-\d\d$/.test(draft.date)) return null;
  const minutes = Number(clock[1]) * 60 + Number(clock[2]);
  const at = new Date(Date.parse(time.dayStart(draft.date)) + minutes * 60_000).toISOString();
  const final = readingsOf(draft.final);
  const first = readingsOf(draft.first);
  if (final === null || first === null) return null;
  const ratios = { ct: ratioOfText(draft.ct), vt: ratioOfText(draft.vt) };
  const isReplacement = draft.kind === 'replace-meter';
  const reason = draft.reason.trim() === '' ? null : draft.reason.trim();
  const checked = plantChange.safeParse({
    kind: draft.kind,
    pointId,
    at,
    reason,
    ...(isReplacement || draft.kind === 'change-ratio' ? ratios : {}),
    ...(isReplacement
      ? {
          serial: draft.serial.trim(),
          address: draft.address.trim() === '' ? null : Number(draft.address),
          password: draft.password.trim() === '' ? null : draft.password.trim(),
          finalRegisters: final,
          firstRegisters: first,
        }
      : {}),
  });
  // An act has a number: the screen does not let a replacement pass without one.
  return checked.success && reason !== null && ratios.ct !== null && ratios.vt !== null ? checked.data : null;
}

function readingsOf(texts: ReadingTexts): object[] | null {
  const rows: object[] = [];
  for (const tariff of ACT_TARIFFS) {
    const given = CHANNELS.flatMap((channel) => {
      const text = texts[readingKey(tariff, channel)] ?? '';
      return text.trim() === '' ? [] : [[channel, wattHoursOf(text)] as const];
    });
    if (given.some(([, wattHours]) => wattHours === null)) return null;
    if (given.length > 0) rows.push({ tariff, ...Object.fromEntries(given) });
  }
  return rows;
}
