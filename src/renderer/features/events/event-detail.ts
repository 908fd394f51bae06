import type { EventRow } from '../../../shared/api/meters.ts';
import { meterFaultText } from '../../../shared/i18n/meter-faults.ts';
import { writeCodeText } from '../../../shared/i18n/meter-events.ts';
import { PHASE_LETTERS } from '../../ui/attention.tsx';
import { durationText } from '../../ui/duration.ts';
import type { Locale } from '../../ui/locale.ts';

/** The other fields of a record in words: phase, what was reprogrammed, which faults, how long and how deep a dip was. */
export function eventDetail({ details }: Pick<EventRow, 'details'>, { t, language }: Pick<Locale, 't' | 'language'>): string {
  return Object.entries(details)
    .flatMap(([name, value]) => {
      if (value === null || value === undefined || value === '') return [];
      if (name === 'phase') return [t(`phase.${PHASE_LETTERS[Number(value) - 1] ?? 'A'}`)];
      if (name === 'faults') return listOf(value).map((code) => meterFaultText(code, language));
      if (name === 'count') return [t('events.writes', { count: Number(value) })];
      if (name === 'codes')
        return [
          t('events.codes', {
            codes: listOf(value)
              .map((code) => writeCodeText(code, language))
              .join(', '),
          }),
        ];
      if (name === 'code') return [t('events.codeSent', { code: wordOf(value) })];
      if (name === 'parameter') return [t('events.parameterSent', { parameter: wordOf(value) })];
      if (name === 'seal') return [t('events.seal', { seal: wordOf(value) })];
      if (name === 'durationMs') return [durationOf(Number(value), t)];
      if (name === 'movedS') return [`${Number(value) > 0 ? '+' : '−'}${durationText(Math.abs(Number(value)), t)}`];
      if (name === 'percent') return [`${wordOf(value)} %`];
      // A field of a newer server is shown as it came rather than lost.
      return [`${name}: ${wordOf(value)}`];
    })
    .join('; ');
}

function durationOf(ms: number, t: Locale['t']): string {
  return ms < 1000 ? `${ms} ${t('unit.ms')}` : durationText(ms / 1000, t);
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : wordOf(value).split(' ');
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
