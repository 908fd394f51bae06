import type { TFunction } from 'i18next';
import type { ComparedChannel, SupplierDay, SupplierDayState, SupplierFile, SupplierPreview } from '../../../shared/api/supplier.ts';
import type { Channel } from '../../../shared/domain/channel.ts';
import { ERROR_TEXTS, isErrorCode } from '../../../shared/i18n/errors.ts';
import { MARKET_RULE_TEXTS } from '../../../shared/i18n/market-rules.ts';
import { CHECK_RULES } from '../../../shared/domain/market-check.ts';
import type { Language } from '../../../shared/i18n/language.ts';
import { createResource } from '../../client/resource.ts';
import type { Services } from '../../client/services.ts';
import type { Mark } from '../../ui/state-mark.tsx';

export const createMonthSlice = (services: Services) => createResource(services, 'supplier.month');
export const createPreviewSlice = (services: Services) => createResource(services, 'supplier.preview');
export const createFileSlice = (services: Services) => createResource(services, 'supplier.get');
export const createCompareSlice = (services: Services) => createResource(services, 'supplier.compare');
export const createReceivedSlice = (services: Services) => createResource(services, 'supplier.received');
export const createSettingsSlice = (services: Services) => createResource(services, 'settings.get');

const MARKS: Readonly<Record<SupplierDayState, Mark>> = {
  future: 'no-data',
  unbegun: 'no-data',
  waiting: 'unchecked',
  late: 'fault',
  held: 'attention',
  made: 'unchecked',
  failed: 'fault',
  sending: 'unchecked',
  sent: 'ok',
  accepted: 'ok',
  'accepted-with-remarks': 'attention',
  rejected: 'fault',
  'no-reply': 'attention',
};

export function dayMark(state: SupplierDayState, t: TFunction): { readonly state: Mark; readonly label: string } {
  return { state: MARKS[state], label: t(`supplier.state.${state}`) };
}

/** A file that is with the recipient and holds other figures than are known now is no reason to be green. */
export function markOfDay({ state, file }: SupplierDay, t: TFunction): { readonly state: Mark; readonly label: string } {
  const mark = dayMark(state, t);
  return mark.state === 'ok' && file?.staleAt != null ? { ...mark, state: 'attention' } : mark;
}

/** Days whose file is with the recipient, as far as is known here. */
export function isHandedOver({ file, state }: SupplierDay): boolean {
  return file !== null && state !== 'held' && state !== 'failed' && state !== 'made' && state !== 'sending' && state !== 'rejected';
}

/** The day is over and its deadline has passed without a file handed over. */
export function isLate(day: SupplierDay, now: number): boolean {
  return day.state !== 'future' && day.state !== 'unbegun' && !isHandedOver(day) && Date.parse(day.deadline) <= now;
}

/** What a state has to say besides its word; empty = nothing. */
export function dayNote(day: SupplierDay, t: TFunction, language: Language): string {
  const { hold, file, isComplete } = day;
  if (hold !== null) {
    const [first] = hold.reasons;
    if (first === undefined) return '';
    const points = new Set(hold.reasons.flatMap(({ pointCode }) => pointCode ?? [])).size;
    const reason = t(`supplier.reason.${first.code}`);
    return points === 0 ? reason : t('supplier.heldShort', { count: points, reason });
  }
  if (file !== null) return fileNote(file, t, language);
  return isComplete === null ? '' : t(isComplete ? 'supplier.dataComplete' : 'supplier.dataIncomplete');
}

export function fileNote(
  { state, note, staleAt = null }: Pick<SupplierFile, 'state' | 'note'> & Partial<Pick<SupplierFile, 'staleAt'>>,
  t: TFunction,
  language: Language,
): string {
  if (staleAt !== null) return t('supplier.stale');
  if (note === null) return '';
  if (state === 'accepted' || state === 'accepted-with-remarks' || state === 'rejected') return replyText(Number(note), t);
  if (state === 'no-reply') return t('supplier.noReplyAfter', { hours: note });
  return errorText(note, language);
}

const REPLY_KEYS = ['s0', 's1', 's2', 's3', 's4'] as const;

export function replyText(status: number, t: TFunction): string {
  return t(`supplier.reply.${REPLY_KEYS[status] ?? 's4'}`);
}

/** The words of the code that a note begins with; the server's own message is for its log. */
export function errorText(note: string, language: Language): string {
  const code = note.split(':')[0] ?? '';
  return isErrorCode(code) ? ERROR_TEXTS[code][language].what : '';
}

/** A rule of the receiver in words. */
export function ruleText(rule: string, language: Language): string {
  const known = CHECK_RULES.find((one) => one === rule);
  return known === undefined ? rule : MARKET_RULE_TEXTS[known][language];
}

type HoldReason = SupplierPreview['reasons'][number];
export type GroupedReason = Omit<HoldReason, 'channel'> & { readonly channels: readonly Channel[] };

/** Reasons that are the same but for the channel stand together. */
export function groupedReasons(reasons: readonly HoldReason[]): GroupedReason[] {
  const groups = new Map<string, GroupedReason>();
  for (const { channel, ...reason } of reasons) {
    const key = JSON.stringify(reason);
    const channels = [...(groups.get(key)?.channels ?? []), ...(channel === null ? [] : [channel])];
    groups.set(key, { ...reason, channels });
  }
  return [...groups.values()];
}

export type Comparison = 'matches' | 'differs' | 'partly' | 'source' | 'stranger';

export function verdictOf({ pointId, isSource, differing, onlyOurs, onlyTheirs }: ComparedChannel): Comparison {
  if (pointId === null) return 'stranger';
  if (isSource) return 'source';
  if (differing > 0) return 'differs';
  return onlyOurs + onlyTheirs > 0 ? 'partly' : 'matches';
}

export const COMPARISON_MARKS: Readonly<Record<Comparison, Mark>> = {
  matches: 'ok',
  differs: 'fault',
  partly: 'attention',
  source: 'info',
  stranger: 'no-data',
};
