import type { ConsumptionRow } from '../../../shared/api/methods.ts';
import { ABSENCE_TEXTS, FLAG_TEXTS } from '../../../shared/i18n/causes.ts';
import { Absent } from '../../ui/figures.tsx';
import { type EnergyPrefix, formatEnergy } from '../../ui/format.ts';
import type { Locale } from '../../ui/locale.ts';
import { lackOf } from './slice.ts';

/** What is to be known of a figure besides its value: why it is absent or short, what happened inside. `null` = nothing. */
export function cellNote(row: ConsumptionRow, { t, language }: Locale, nowMs: number): string | null {
  const lack = lackOf(row, nowMs);
  const flags = row.flags.map((flag) => FLAG_TEXTS[flag][language]);
  const lackText = (): string[] => {
    if (lack === null) return [];
    if (lack.kind === 'future') return [t('value.future')];
    if (lack.kind === 'running') return [t('value.running')];
    if (lack.kind === 'not-kept') return [t('value.notKept')];
    const reason = lack.reason === null ? t('value.noIntervals') : ABSENCE_TEXTS[lack.reason][language];
    return [lack.kind === 'absent' ? reason : `${t('consumption.part', { received: lack.received, expected: lack.expected })}: ${reason}`];
  };
  const origin = row.origin === undefined ? [] : [t(`consumption.${row.origin}`)];
  const all = [...lackText(), ...origin, ...flags];
  return all.length === 0 ? null : all.join('; ');
}

export interface EnergyCellProps {
  readonly row: ConsumptionRow;
  readonly prefix: EnergyPrefix;
  readonly locale: Locale;
  readonly nowMs: number;
}

export function EnergyCell({ row, prefix, locale, nowMs }: EnergyCellProps) {
  const note = cellNote(row, locale, nowMs);
  if (row.energy === null) return <Absent reason={note ?? ''} />;
  const text = formatEnergy(row.energy, prefix, locale.numbers);
  if (note === null) return <>{text}</>;
  return (
    <span className={lackOf(row, nowMs)?.kind === 'part' ? 'partial' : 'flagged'} title={note}>
      {text}
      <span className="sr-only">, {note}</span>
    </span>
  );
}
