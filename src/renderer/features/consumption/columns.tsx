import type { Consumption } from '../../../shared/api/methods.ts';
import type { Completeness } from '../../../shared/api/values.ts';
import { Absent } from '../../ui/figures.tsx';
import {
  energyPrefix,
  formatEnergy,
  formatPower,
  meanPower,
  plainDecimal,
  plainEnergy,
  shiftDecimal,
  sumDecimals,
} from '../../ui/format.ts';
import { energyUnitText, type Locale } from '../../ui/locale.ts';
import type { TableColumn } from '../../ui/table-columns.ts';
import { cellNote, EnergyCell } from './cell.tsx';
import { monthName } from '../../ui/time.ts';
import { type ConsumptionLine, lackOf } from './slice.ts';
import type { WhyTarget } from './why.tsx';

/** `14:00–14:30` with its date where the period is longer than a day; `21.11.2026`, `ноябрь 2026` for the longer steps. */
export function stepLabel(
  { start, minutes }: { readonly start: string; readonly minutes: number },
  consumption: Consumption,
  { language, time }: Locale,
): string {
  if (consumption.step === 'month') {
    const [year = '', month = ''] = time.isoDate(start).split('-');
    return `${monthName(Number(month), language, 'long')} ${year}`;
  }
  if (consumption.step === 'day') return time.date(start);
  const isOneDay = Date.parse(consumption.to) - Date.parse(consumption.from) <= 26 * 3_600_000;
  return isOneDay ? time.interval(start, minutes) : `${time.date(start)} ${time.interval(start, minutes)}`;
}

/** Columns of the table: the interval, one for each point, their sum; for one point also its mean power and what is to be noted. */
export function consumptionColumns(
  consumption: Consumption,
  lines: readonly ConsumptionLine[],
  locale: Locale,
  nowMs: number,
  onWhy: (target: WhyTarget) => void,
): TableColumn<ConsumptionLine>[] {
  const { t, numbers } = locale;
  const { series, unit } = consumption;
  const isPower = unit === 'Wh';
  const columns: TableColumn<ConsumptionLine>[] = [
    {
      id: 'interval',
      title: t(consumption.step === 'day' || consumption.step === 'month' ? 'consumption.date' : 'consumption.interval'),
      width: consumption.step === 'month' ? 130 : 168,
      kind: 'text',
      sortValue: (line) => line.start,
      text: (line) => stepLabel(line, consumption, locale),
      total: { text: t('consumption.total'), view: t('consumption.total') },
    },
  ];
  for (const [index, { pointId, code, name, rows, total, completeness }] of series.entries()) {
    const prefix = energyPrefix([...rows.map((row) => row.energy), total]);
    columns.push({
      id: `point-${pointId}`,
      title: series.length === 1 ? t('consumption.energy') : name,
      unit: energyUnitText(locale, unit, prefix),
      hint: `${name} (${code})`,
      width: series.length === 1 ? 140 : 126,
      kind: 'decimal',
      sortValue: (line) => line.cells[index]?.energy ?? null,
      text: (line) => {
        const energy = line.cells[index]?.energy ?? null;
        return energy === null ? '' : plainEnergy(energy, prefix, numbers);
      },
      render: (line) => {
        const row = line.cells[index];
        return row === undefined || row === null ? '' : <EnergyCell row={row} prefix={prefix} locale={locale} nowMs={nowMs} />;
      },
      note: (line) => {
        const row = line.cells[index];
        return row === undefined || row === null ? null : cellNote(row, locale, nowMs);
      },
      press: (line) =>
        onWhy({ pointId, code, name, start: line.start, minutes: line.cells[index]?.minutes ?? line.minutes, step: consumption.step }),
      total: {
        text: total === null ? '' : plainEnergy(total, prefix, numbers),
        view:
          total === null ? (
            <Absent reason={t('value.noIntervals')} />
          ) : (
            <Total text={formatEnergy(total, prefix, numbers)} counts={[completeness]} locale={locale} />
          ),
      },
    });
  }
  const only = series.length === 1 ? series[0] : undefined;
  if (only !== undefined) {
    columns.push(
      {
        id: 'power',
        title: t('consumption.meanPower'),
        unit: t(isPower ? 'unit.kW' : 'unit.kvar'),
        width: 140,
        kind: 'decimal',
        sortValue: (line) => powerOf(line, nowMs),
        text: (line) => {
          const power = powerOf(line, nowMs);
          return power === null ? '' : plainDecimal(shiftDecimal(power, -3), 1, numbers);
        },
        render: (line) => {
          const power = powerOf(line, nowMs);
          return power === null ? '' : formatPower(power, numbers);
        },
      },
      {
        id: 'note',
        title: t('consumption.note'),
        width: 320,
        kind: 'text',
        sortValue: (line) => noteOf(line, locale, nowMs),
        text: (line) => noteOf(line, locale, nowMs) ?? '',
        render: (line) => <span className="dim">{noteOf(line, locale, nowMs)}</span>,
      },
    );
  } else {
    const total = sumDecimals(series.map((one) => one.total));
    const prefix = energyPrefix([...lines.map((line) => line.sum), total]);
    columns.push({
      id: 'sum',
      title: t('consumption.sum'),
      unit: energyUnitText(locale, unit, prefix),
      width: 126,
      kind: 'decimal',
      sortValue: (line) => line.sum,
      text: (line) => (line.sum === null ? '' : plainEnergy(line.sum, prefix, numbers)),
      render: (line) => <Sum line={line} text={line.sum === null ? null : formatEnergy(line.sum, prefix, numbers)} locale={locale} />,
      total: {
        text: total === null ? '' : plainEnergy(total, prefix, numbers),
        view:
          total === null ? null : (
            <Total text={formatEnergy(total, prefix, numbers)} counts={series.map((one) => one.completeness)} locale={locale} />
          ),
      },
    });
  }
  return columns;
}

/** A total of what has come; while something is missing it says so. */
function Total({ text, counts, locale }: { readonly text: string; readonly counts: readonly Completeness[]; readonly locale: Locale }) {
  const received = counts.reduce((sum, one) => sum + one.received, 0);
  const expected = counts.reduce((sum, one) => sum + one.expected, 0);
  if (received >= expected) return <>{text}</>;
  const note = locale.t('completeness.counts', { received, expected });
  return (
    <span className="partial" title={note}>
      {text}
      <span className="sr-only">, {note}</span>
    </span>
  );
}

/** A sum that lacks a point says so: it is not the consumption of all. */
function Sum({ line, text, locale }: { readonly line: ConsumptionLine; readonly text: string | null; readonly locale: Locale }) {
  const { t } = locale;
  const short = line.cells.filter((cell) => cell !== null && cell.received < cell.expected).length;
  if (text === null) return <Absent reason={short === 0 ? t('value.future') : t('value.noIntervals')} />;
  if (short === 0) return <>{text}</>;
  return (
    <span className="partial" title={t('consumption.shortPoints', { count: short })}>
      {text}
      <span className="sr-only">, {t('consumption.shortPoints', { count: short })}</span>
    </span>
  );
}

/** Mean power of a whole step; of one that is not over or lacks intervals it would be too low. */
function powerOf({ cells }: ConsumptionLine, nowMs: number): string | null {
  const row = cells[0];
  if (row === undefined || row === null || row.energy === null || lackOf(row, nowMs) !== null) return null;
  return meanPower(row.energy, row.minutes);
}

function noteOf({ cells }: ConsumptionLine, locale: Locale, nowMs: number): string | null {
  const row = cells[0];
  return row === undefined || row === null ? null : cellNote(row, locale, nowMs);
}
