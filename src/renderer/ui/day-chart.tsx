import { useMemo } from 'react';
import type { CurvePoint, DaySummary } from '../../shared/api/methods.ts';
import { Chart, type ChartSeries } from './chart.tsx';
import type { Missing } from './chart-marks.ts';
import { ABSENT, formatEnergy, meanPower, formatPower } from './format.ts';
import { useLocale } from './locale.ts';
import { printDate } from './time.ts';

const HALF_HOUR_MIN = 30;

export interface DayChartProps {
  readonly today: DaySummary;
  /** Dashed, at the same times of day; null when there is nothing to compare. */
  readonly yesterday: DaySummary | null;
  readonly height: number;
}

/** Energy of a day by half-hours, against the day before. */
export function DayChart({ today, yesterday, height }: DayChartProps) {
  const locale = useLocale();
  const { t, numbers, time } = locale;
  const starts = useMemo(() => today.curve.map(({ intervalStart }) => Date.parse(intervalStart) / 1000), [today]);
  const step = (starts[1] ?? 0) - (starts[0] ?? 0) || HALF_HOUR_MIN * 60;
  const series = useMemo(() => {
    const curve = (day: DaySummary, label: string, kind: ChartSeries['kind'], color: string): ChartSeries => ({
      label,
      kind,
      color,
      values: starts.map((_, index) => kilowattHours(day.curve[index])),
      text: (index) => {
        const energy = day.curve[index]?.energy ?? null;
        if (energy === null) return ABSENT;
        return `${formatEnergy(energy, 'k', numbers)} ${t('unit.kWh')} · ${formatPower(meanPower(energy, step / 60), numbers)} ${t('unit.kW')}`;
      },
    });
    return [
      curve(today, t('overview.todayShort'), 'bars', 'var(--channel-ap)'),
      ...(yesterday === null ? [] : [curve(yesterday, t('overview.yesterdayShort'), 'dashed', 'var(--muted)')]),
    ];
  }, [today, yesterday, starts, step, numbers, t]);
  const missing = useMemo(() => today.curve.map(missingOf), [today]);
  return (
    <Chart
      label={t('chart.day', { date: printDate(today.day) })}
      starts={starts}
      end={(starts.at(-1) ?? 0) + step}
      series={series}
      missing={missing}
      height={height}
      unit={t('unit.kWh')}
      title={(index) => time.interval((starts[index] ?? 0) * 1000, step / 60)}
    />
  );
}

function kilowattHours(point: CurvePoint | undefined): number | null {
  return point === undefined || point.energy === null ? null : Number(point.energy) / 1000;
}

function missingOf({ energy, missingPoints }: CurvePoint): Missing {
  if (missingPoints === 0) return 'none';
  return energy === null ? 'all' : 'part';
}
