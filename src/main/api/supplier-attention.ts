/** What asks for attention among the supplier's files, ahead of the deadline while something can still be done. */
import type { Attention } from '../../shared/api/values.ts';
import { isoUtc } from '../../shared/domain/time.ts';
import { marketDay } from '../export/xml80020/day.ts';
import { marketTimeOf, problemsOf } from '../export/xml80020/figures.ts';
import { addDays, daysBetween } from '../metering/zone.ts';
import type { Site } from './site.ts';
import { deadlineOf } from './supplier.ts';

/** Days that a recipient still asks about. */
const LOOK_BACK_DAYS = 14;
/** So long before the deadline a day without its file is told. */
const AHEAD_S = 2 * 3600;
const REPLIES_S = 7 * 86_400;

export function supplierAttention(site: Site): Attention[] {
  const { settings, store } = site;
  const files = store.supplierFiles;
  const senderInn = settings.xml80020.sender.inn;
  const nowUtc = site.nowUtc();
  const today = site.zone.dateOf(nowUtc);
  const first = addDays(today, -LOOK_BACK_DAYS);
  const records = new Map(files.ofDays(senderInn, first, today).map((record) => [record.day, record]));
  const holds = new Map(files.holds(senderInn, first, today).map((hold) => [hold.day, hold]));
  // Whoever has not begun yet has missed nothing.
  const begun = files.firstDay(senderInn) ?? today;
  const isWanted = problemsOf(settings, site.plant).length === 0;
  const list: Attention[] = [];
  for (const day of daysBetween(first, today)) {
    const deadlineUtc = deadlineOf(site, day);
    const state = nowUtc >= deadlineUtc ? 'fault' : 'attention';
    const subject = { kind: 'supplier-file' as const, id: null, name: day };
    const deadline = isoUtc(deadlineUtc);
    const record = records.get(day) ?? null;
    const hold = holds.get(day) ?? null;
    if (hold !== null) {
      const points = new Set(hold.reasons.map(({ pointCode }) => pointCode)).size;
      const params = { deadline, reason: hold.reasons[0]?.code ?? null, points };
      list.push({ code: 'supplier-file-held', state, subject, since: isoUtc(hold.sinceUtc), params });
    } else if (record === null) {
      const isOver = marketDay(day, marketTimeOf(settings)).toUtc <= nowUtc;
      if (!isWanted || !isOver || day <= begun || nowUtc < deadlineUtc - AHEAD_S) continue;
      list.push({ code: 'supplier-file-due', state, subject, since: null, params: { deadline } });
    } else if (record.state === 'failed' || record.state === 'rejected' || record.state === 'no-reply') {
      const params = { deadline, number: record.number, error: record.state === 'failed' ? codeOf(record.note) : null };
      const code = `supplier-file-${record.state}` as const;
      list.push({ code, state: record.state === 'no-reply' ? 'attention' : 'fault', subject, since: isoUtc(record.stateUtc), params });
    } else if (record.staleUtc !== null) {
      const params = { deadline, number: record.number };
      list.push({ code: 'supplier-file-changed', state: 'attention', subject, since: isoUtc(record.staleUtc), params });
    }
  }
  for (const { name, seenUtc, error } of files.refusedReplies(5)) {
    if (seenUtc < nowUtc - REPLIES_S) continue;
    const subject = { kind: 'supplier-file' as const, id: null, name };
    list.push({ code: 'supplier-reply-refused', state: 'attention', subject, since: isoUtc(seenUtc), params: { error: codeOf(error) } });
  }
  return list;
}

/** What is kept of a failure begins with its code. */
function codeOf(note: string | null): string | null {
  return note?.split(':')[0] ?? null;
}
