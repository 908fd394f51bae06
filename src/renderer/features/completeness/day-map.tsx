import { memo, useEffect, useState } from 'react';
import type { CompletenessDay, CompletenessMap } from '../../../shared/api/completeness.ts';
import { reasonText } from '../../../shared/i18n/causes.ts';
import { completenessPercent } from '../../ui/format.ts';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { printDate, weekdayName } from '../../ui/time.ts';
import { dayMark, dayText, neighbourCell } from './slice.ts';

export type MapPoint = CompletenessMap['points'][number];

export interface DayMapProps {
  readonly points: readonly MapPoint[];
  readonly onDay: (point: MapPoint, day: CompletenessDay) => void;
}

/** Points that are drawn in one frame: a month of each is thirty buttons, and the program answers in between. */
const ROWS_AT_ONCE = 8;
/** What a row will take, so that nothing below it jumps. */
const ROW_PX = 23;

/** Points down, days across; the arrows walk from day to day, Enter opens one. */
export function DayMap({ points, onDay }: DayMapProps) {
  const locale = useLocale();
  const { t, language } = locale;
  const days = points[0]?.days.map(({ day }) => day) ?? [];
  const drawn = useGrowing(points.length);
  const weekday = (day: string) => ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
  return (
    <div
      className="day-map"
      onKeyDown={(event) => {
        const cell = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-cell]') : null;
        const [row = 0, column = 0] = (cell?.dataset.cell ?? '').split(' ').map(Number);
        const next = cell === null ? null : neighbourCell(event.key, row, column, points.length, days.length);
        if (next === null) return;
        event.preventDefault();
        event.currentTarget.querySelector<HTMLElement>(`[data-cell="${next[0]} ${next[1]}"]`)?.focus();
      }}
    >
      <table aria-label={t('fullness.map')} data-testid="table-completeness">
        <thead>
          <tr>
            <th scope="col" className="day-map-point">
              {t('fullness.point')}
            </th>
            <th scope="col" className="day-map-total">
              {t('fullness.total')}
            </th>
            {days.map((day) => (
              <th key={day} scope="col" className={weekday(day) > 5 ? 'day-map-weekend' : ''} title={printDate(day)}>
                {Number(day.slice(8))}
                <span>{weekdayName(weekday(day), language)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.slice(0, drawn).map((point, row) => (
            <MapRow key={point.pointId} point={point} row={row} locale={locale} onDay={onDay} />
          ))}
          {drawn < points.length ? <tr aria-hidden style={{ height: (points.length - drawn) * ROW_PX }} /> : null}
        </tbody>
      </table>
    </div>
  );
}

/** Grows to `total` frame by frame. */
function useGrowing(total: number): number {
  const [count, setCount] = useState(ROWS_AT_ONCE);
  useEffect(() => {
    if (count >= total) return;
    const frame = requestAnimationFrame(() => setCount(count + ROWS_AT_ONCE));
    return () => cancelAnimationFrame(frame);
  }, [count, total]);
  return Math.min(count, total);
}

interface MapRowProps {
  readonly point: MapPoint;
  readonly row: number;
  readonly locale: Locale;
  readonly onDay: DayMapProps['onDay'];
}

/** Drawn anew only when something of the point is another: the map is asked for with each interval that is stored. */
const MapRow = memo(({ point, row, locale, onDay }: MapRowProps) => {
  const { numbers } = locale;
  const total = point.days.reduce(
    (sum, { expected, received }) => ({ expected: sum.expected + expected, received: sum.received + received }),
    {
      expected: 0,
      received: 0,
    },
  );
  return (
    <tr>
      <th scope="row" className="day-map-point" title={`${point.substation}, ${point.code}, ${point.meterSerial}`}>
        {point.name}
      </th>
      <td className="day-map-total">{completenessPercent(total, numbers) ?? ''}</td>
      {point.days.map((day, column) => {
        const label = `${point.name}, ${dayWords(day, locale)}`;
        const mark = dayMark(day);
        return (
          <td key={day.day}>
            <button
              type="button"
              className={`day-cell day-${mark}`}
              data-cell={`${row} ${column}`}
              tabIndex={row === 0 && column === 0 ? 0 : -1}
              aria-label={label}
              title={label}
              disabled={mark === 'future'}
              onClick={() => onDay(point, day)}
            >
              {dayText(day)}
            </button>
          </td>
        );
      })}
    </tr>
  );
}, isSameRow);

function isSameRow(before: MapRowProps, after: MapRowProps): boolean {
  const isSame = before.row === after.row && before.locale === after.locale && before.onDay === after.onDay;
  return isSame && (before.point === after.point || JSON.stringify(before.point) === JSON.stringify(after.point));
}

function dayWords({ day, expected, received, reason, mismatch }: CompletenessDay, { t, language }: Locale): string {
  const date = printDate(day);
  if (expected === 0 && reason !== null) return `${date}: ${reasonText(reason, language)}`;
  if (expected === 0) return t('fullness.cell.future', { day: date });
  const words =
    received === expected
      ? t('fullness.cell.complete', { day: date, expected })
      : t('fullness.cell.part', { day: date, received, expected, reason: reasonText(reason ?? 'not-read', language) });
  return mismatch === null ? words : `${words}; ${t('fullness.mismatch')}`;
}
