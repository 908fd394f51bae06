import { useMemo } from 'react';
import type { Consumption } from '../../../shared/api/methods.ts';
import { Chart, type ChartSeries } from '../../ui/chart.tsx';
import type { Missing } from '../../ui/chart-marks.ts';
import { ABSENT, energyPrefix, ENERGY_SCALE, formatEnergy } from '../../ui/format.ts';
import { energyUnitText, useLocale } from '../../ui/locale.ts';
import { cellNote } from './cell.tsx';
import { stepLabel } from './columns.tsx';
import type { ConsumptionLine } from './slice.ts';

const CHANNEL_COLORS = {
  'A+': 'var(--channel-ap)',
  'A-': 'var(--channel-am)',
  'R+': 'var(--channel-rp)',
  'R-': 'var(--channel-rm)',
} as const;
/** Eight series colours safe for colour blindness; further points take them again. */
export const seriesColor = (index: number) => `var(--series-${(index % 8) + 1})`;

export interface ConsumptionChartProps {
  readonly consumption: Consumption;
  readonly lines: readonly ConsumptionLine[];
  /** Moment of the figures. */
  readonly nowMs: number;
}

export function ConsumptionChart({ consumption, lines, nowMs }: ConsumptionChartProps) {
  const locale = useLocale();
  const { t, numbers } = locale;
  const { series, unit, channel } = consumption;
  const prefix = useMemo(() => energyPrefix(lines.flatMap(({ cells }) => cells.map((cell) => cell?.energy ?? null))), [lines]);
  const starts = useMemo(() => lines.map(({ start }) => Date.parse(start) / 1000), [lines]);
  const curves = useMemo(
    () =>
      series.map(
        ({ name, peak }, index): ChartSeries => ({
          label: name,
          kind: series.length === 1 ? 'bars' : 'step',
          color: series.length === 1 ? CHANNEL_COLORS[channel] : seriesColor(index),
          values: lines.map(({ cells }) => chartValue(cells[index]?.energy ?? null, ENERGY_SCALE[prefix].places)),
          text: (at) => {
            const row = lines[at]?.cells[index];
            if (row === undefined || row === null) return '';
            const note = cellNote(row, locale, nowMs);
            const figure =
              row.energy === null ? ABSENT : `${formatEnergy(row.energy, prefix, numbers)} ${energyUnitText(locale, unit, prefix)}`;
            return note === null ? figure : `${figure} · ${note}`;
          },
          peak: peak === null ? null : lines.findIndex(({ start }) => start === peak.start),
        }),
      ),
    [series, lines, prefix, channel, unit, locale, numbers, nowMs],
  );
  const missing = useMemo(() => lines.map(missingOf), [lines]);
  const end = Date.parse(consumption.to) / 1000;
  return (
    <Chart
      label={t('chart.consumption')}
      starts={starts}
      end={end}
      series={curves}
      missing={missing}
      height={220}
      unit={energyUnitText(locale, unit, prefix)}
      title={(index) => {
        const line = lines[index];
        return line === undefined ? '' : stepLabel(line, consumption, locale);
      }}
    />
  );
}

function chartValue(energy: string | null, places: number): number | null {
  return energy === null ? null : Number(energy) * 10 ** places;
}

function missingOf({ cells }: ConsumptionLine): Missing {
  const rows = cells.filter((cell) => cell !== null);
  if (rows.every((row) => row.received >= row.expected)) return 'none';
  return rows.every((row) => row.received === 0) ? 'all' : 'part';
}
