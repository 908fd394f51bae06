/** Rules of replacement as a person edits them, and the settings that they make. */
import { type ReplacementSettings, replacementSettings } from '../../../shared/api/replacement-settings.ts';
import { REPLACEMENT_METHODS, type ReplacementMethod } from '../../../shared/domain/replacement.ts';

export type PointRulesSetting = ReplacementSettings['points'][number];

/** Texts of the fields of one point; '' = not given. */
export interface PointDraft {
  readonly pointCode: string;
  readonly control: string | null;
  readonly oppositeEnd: string | null;
  readonly isMirrored: boolean;
  /** Percent, `-1,5`. */
  readonly losses: string;
  readonly inputs: readonly string[];
  readonly feeders: readonly string[];
  readonly profileOf: string | null;
  readonly maxPowerKw: string;
  readonly hoursPerDay: string;
  readonly registerDigits: string;
}

export function pointDraft(pointCode: string, rules: PointRulesSetting | undefined): PointDraft {
  const codes = (sign: 1 | -1) => (rules?.bus ?? []).filter((member) => member.sign === sign).map((member) => member.pointCode);
  return {
    pointCode,
    control: rules?.control ?? null,
    oppositeEnd: rules?.oppositeEnd?.pointCode ?? null,
    isMirrored: rules?.oppositeEnd?.isMirrored ?? true,
    losses: rules?.oppositeEnd === undefined || rules.oppositeEnd === null ? '' : percentText(rules.oppositeEnd.lossesPpm),
    inputs: codes(1),
    feeders: codes(-1),
    profileOf: rules?.profileOf ?? null,
    maxPowerKw: textOf(rules?.maxPowerKw),
    hoursPerDay: textOf(rules?.hoursPerDay ?? 24),
    registerDigits: textOf(rules?.registerDigits),
  };
}

/** Null while a field makes no sense. */
export function pointRules(draft: PointDraft): PointRulesSetting | null {
  const losses = ppmOf(draft.losses);
  const parsed = replacementSettings.shape.points.element.safeParse({
    pointCode: draft.pointCode,
    control: draft.control,
    oppositeEnd: draft.oppositeEnd === null ? null : { pointCode: draft.oppositeEnd, isMirrored: draft.isMirrored, lossesPpm: losses },
    bus: [...draft.inputs.map((code) => ({ pointCode: code, sign: 1 })), ...draft.feeders.map((code) => ({ pointCode: code, sign: -1 }))],
    profileOf: draft.profileOf,
    maxPowerKw: numberOf(draft.maxPowerKw),
    hoursPerDay: numberOf(draft.hoursPerDay) ?? 24,
    registerDigits: numberOf(draft.registerDigits),
  });
  return parsed.success ? parsed.data : null;
}

/** The settings with the rules of one point in place of those before. */
export function withPoint(settings: ReplacementSettings, rules: PointRulesSetting): ReplacementSettings {
  const others = settings.points.filter(({ pointCode }) => pointCode !== rules.pointCode);
  return { ...settings, points: [...others, rules].sort((a, b) => (a.pointCode < b.pointCode ? -1 : 1)) };
}

/** Methods in use in their order, then those that are not. */
export function allMethods(used: readonly ReplacementMethod[]): ReplacementMethod[] {
  return [...used, ...REPLACEMENT_METHODS.filter((method) => !used.includes(method))];
}

/** The list with one method a place earlier or later. */
export function moved(used: readonly ReplacementMethod[], method: ReplacementMethod, by: -1 | 1): ReplacementMethod[] {
  const from = used.indexOf(method);
  const to = from + by;
  if (from < 0 || to < 0 || to >= used.length) return [...used];
  const rest = used.filter((known) => known !== method);
  return [...rest.slice(0, to), method, ...rest.slice(to)];
}

/** The list with a method, at its end, or without it. */
export function toggled(used: readonly ReplacementMethod[], method: ReplacementMethod): ReplacementMethod[] {
  return used.includes(method) ? used.filter((known) => known !== method) : [...used, method];
}

/** `8–13, 17–21` as hours; null while it is none. */
export function hoursOf(text: string): ReplacementSettings['peakHours'] | null {
  if (text.trim() === '') return [];
  const hours = text.split(',').map((part) => /^\s*(\d{1,2})\s*[-–]\s*(\d{1,2})\s*$/.exec(part));
  const ranges = hours.flatMap((match) => (match === null ? [] : [{ from: Number(match[1]), to: Number(match[2]) }]));
  const isWhole = ranges.length === hours.length && ranges.every(({ from, to }) => from < to && to <= 24);
  return isWhole && ranges.length <= 6 ? ranges : null;
}

export function hoursText(hours: ReplacementSettings['peakHours']): string {
  return hours.map(({ from, to }) => `${from}–${to}`).join(', ');
}

function textOf(number: number | null | undefined): string {
  return number === null || number === undefined ? '' : String(number);
}

/** Null for an empty field; NaN, which no schema takes, for what is no whole number. */
function numberOf(text: string): number | null {
  if (text.trim() === '') return null;
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN;
}

/** Millionths of a percentage with up to four decimals; '' = none. */
function ppmOf(text: string): number {
  if (text.trim() === '') return 0;
  const match = /^([-−]?)(\d{1,3})(?:[.,](\d{1,4}))?$/.exec(text.trim());
  if (match === null) return Number.NaN;
  const ppm = Number(match[2]) * 10_000 + Number((match[3] ?? '').padEnd(4, '0'));
  return match[1] === '' ? ppm : -ppm;
}

function percentText(ppm: number): string {
  const text = (ppm / 10_000).toFixed(4).replace(/\.?0+$/, '');
  return text.replace('.', ',');
}
