import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { chartMarks, type Missing } from './chart-marks.ts';
import { chartTooltip } from './chart-tooltip.ts';
import { formatDecimal } from './format.ts';
import { type Locale, useLocale } from './locale.ts';
import { monthName } from './time.ts';

/** One curve. Figures are floating point here and only here: pixels need no more. */
export interface ChartSeries {
  readonly label: string;
  /** One for each start; null leaves a gap. */
  readonly values: readonly (number | null)[];
  /** What the hover says at an index, with its unit. */
  readonly text: (index: number) => string;
  /** CSS colour; `var(...)` is resolved by the theme. */
  readonly color: string;
  /** Energy is drawn as bars or steps, never as a smoothed line; `dashed` is a step of another period. */
  readonly kind: 'bars' | 'step' | 'dashed';
  /** Index of the highest interval, to be marked. */
  readonly peak?: number | null;
  /** Stands behind the curve in its colour: from the lowest to the highest figure of each interval. */
  readonly band?: { readonly low: readonly (number | null)[]; readonly high: readonly (number | null)[] };
}

export interface ChartProps {
  readonly label: string;
  /** Starts of the intervals, ascending, seconds since 1970. */
  readonly starts: readonly number[];
  /** End of the last interval. */
  readonly end: number;
  readonly series: readonly ChartSeries[];
  /** One for each start: hatched where figures are missing. */
  readonly missing: readonly Missing[];
  readonly height: number;
  /** Heading of the hover at an index. */
  readonly title: (index: number) => string;
  /** Unit of the vertical axis. */
  readonly unit: string;
  /** Energy and power are; a voltage of 231 V would be a flat line. */
  readonly isFromZero?: boolean;
}

const DAY_S = 86_400;

/** Figures by intervals: drag zooms, a double click returns. The table beside it is its accessible form. */
export function Chart(props: ChartProps) {
  const locale = useLocale();
  const host = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;

  const shape = props.series.map(({ label, kind, color, band }) => [label, kind, color, band !== undefined]);
  const shapeKey = JSON.stringify([
    shape,
    props.isFromZero,
    props.unit,
    props.height,
    props.starts[0],
    props.end,
    scheme,
    locale.language,
    locale.time.zone,
  ]);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const chart = new uPlot(options(latest, element, locale), aligned(latest.current), element);
    plot.current = chart;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) chart.setSize({ width: element.clientWidth, height: latest.current.height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
      plot.current = null;
    };
    // What changes the axes, colours or series makes a new chart; new figures alone do not.
  }, [shapeKey]);

  useEffect(() => {
    plot.current?.setData(aligned(props), false);
    plot.current?.redraw(true);
  }, [props.series, props.missing, props.starts]);

  return <div className="chart" ref={host} role="img" aria-label={props.label} style={{ height: props.height }} />;
}

/** The end of the last interval is one more x, so that the last step has a width. Edges of the bands come after all curves. */
function aligned({ starts, end, series }: ChartProps): uPlot.AlignedData {
  const closed = (values: readonly (number | null)[]) => [...values, values.at(-1) ?? null];
  return [
    [...starts, end],
    ...series.map(({ values, kind }) => (kind === 'bars' ? [...values, null] : closed(values))),
    ...series.flatMap(({ band }) => (band === undefined ? [] : [closed(band.high), closed(band.low)])),
  ];
}

/** Places of the edges among the curves, high and low, and what is filled between them. */
function bandsOf(series: readonly ChartSeries[], color: (name: string) => string): uPlot.Band[] {
  return series
    .filter(({ band }) => band !== undefined)
    .map((banded, index): uPlot.Band => {
      const high = 1 + series.length + 2 * index;
      return { series: [high, high + 1], fill: `color-mix(in srgb, ${color(banded.color)} 22%, transparent)` };
    });
}

function options(latest: { readonly current: ChartProps }, element: HTMLElement, locale: Locale): uPlot.Options {
  const { starts, end, series, unit, height, isFromZero = true } = latest.current;
  const color = (name: string) => resolved(element, name);
  const bands = bandsOf(series, color);
  const { bars, stepped } = uPlot.paths;
  const steps = stepped === undefined ? {} : { paths: stepped({ align: 1 }) };
  const axis = { stroke: color('var(--muted)'), font: `11px ${getComputedStyle(element).fontFamily}`, ticks: { show: false } };
  return {
    width: Math.max(element.clientWidth, 200),
    height,
    padding: [10, 22, 0, 0],
    legend: { show: false },
    cursor: { points: { show: false }, drag: { x: true, y: false }, y: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), locale.time.zone),
    scales: {
      x: { time: true, range: (_chart, min, max) => (min === max ? [starts[0] ?? 0, end] : [min, max]) },
      y: { range: (_chart, min, max) => (isFromZero ? [Math.min(0, min), max > 0 ? max * 1.08 : 1] : around(min, max)) },
    },
    axes: [
      {
        ...axis,
        size: 26,
        space: 52,
        grid: { stroke: color('var(--line-soft)'), width: 1 },
        values: (_chart, splits) => splits.map((split) => timeLabel(split, splits, locale)),
      },
      {
        ...axis,
        size: 52,
        space: 36,
        grid: { stroke: color('var(--line-soft)'), width: 1 },
        label: unit,
        labelSize: 16,
        labelFont: axis.font,
        values: (_chart, splits) => splits.map((split) => valueLabel(split, splits, locale)),
      },
    ],
    series: [
      {},
      ...series.map(({ label, kind, color: name }): uPlot.Series => {
        const stroke = color(name);
        if (kind === 'bars') {
          return {
            label,
            stroke,
            fill: `color-mix(in srgb, ${stroke} 78%, transparent)`,
            width: 0,
            points: { show: false },
            ...(bars === undefined ? {} : { paths: bars({ align: 1, size: [0.86, 60], gap: 0 }) }),
          };
        }
        return {
          label,
          stroke,
          width: 1.5,
          spanGaps: false,
          points: { show: false },
          ...(kind === 'dashed' ? { dash: [5, 4] } : {}),
          ...steps,
        };
      }),
      ...bands.flatMap(() => [EDGE, EDGE].map((edge) => ({ ...edge, ...steps }))),
    ],
    bands,
    plugins: [
      chartMarks(
        () => ({ starts: latest.current.starts, end: latest.current.end, missing: latest.current.missing, series: latest.current.series }),
        {
          hatch: color('var(--hatch)'),
          peak: color('var(--text)'),
        },
      ),
      chartTooltip((index) => {
        const { series: curves, title, starts: xs, missing } = latest.current;
        if (index < 0 || index >= xs.length) return null;
        return {
          title: title(index),
          rows: curves.map((curve) => ({
            label: curve.label,
            text: curve.text(index),
            color: color(curve.color),
            isDashed: curve.kind === 'dashed',
          })),
          note: missing[index] === 'part' ? locale.t('chart.part') : missing[index] === 'all' ? locale.t('chart.missing') : null,
        };
      }),
    ],
  };
}

/** An edge of a band: its place counts, it has no line of its own. */
const EDGE: uPlot.Series = { stroke: 'transparent', width: 0, points: { show: false }, spanGaps: false };

/** The figures with a little air; of no figures min and max are null. */
function around(min: number | null, max: number | null): uPlot.Range.MinMax {
  return min === null || max === null ? [0, 1] : uPlot.rangeNum(min, max, 0.1, true);
}

function timeLabel(split: number, splits: readonly number[], { time, language }: Locale): string {
  const step = (splits[1] ?? split) - (splits[0] ?? split);
  const at = split * 1000;
  if (step >= 27 * DAY_S) return monthName(Number(time.isoDate(at).slice(5, 7)), language, 'short');
  const day = time.date(at).slice(0, 5);
  if (step >= DAY_S) return day;
  const isOneDay = (splits.at(-1) ?? 0) - (splits[0] ?? 0) < 1.1 * DAY_S;
  const clock = time.time(at);
  return clock === '00:00' && !isOneDay ? day : clock;
}

function valueLabel(split: number, splits: readonly number[], { numbers }: Locale): string {
  const step = Math.abs((splits[1] ?? 1) - (splits[0] ?? 0));
  const digits = step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3;
  return formatDecimal(split.toFixed(digits), digits, numbers);
}

/** A canvas knows no CSS variables. */
function resolved(element: HTMLElement, name: string): string {
  const variable = /^var\((--[\w-]+)\)$/.exec(name)?.[1];
  return variable === undefined ? name : getComputedStyle(element).getPropertyValue(variable).trim();
}
