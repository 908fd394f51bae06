import { useState } from 'react';
import type { CalendarCellRow, CalendarStreamRow, PackageCalendar } from '../../../shared/api/package-calendar.ts';
import { formatCount } from '../../ui/format.ts';
import { type Locale, useLocale } from '../../ui/locale.ts';
import { printDate, weekdayName } from '../../ui/time.ts';
import {
  calendarDays,
  cellMark,
  type CellPlace,
  cellSign,
  cellWords,
  handedOverCount,
  nextCell,
  periodText,
  streamName,
} from './calendar.ts';
import { CellSignIcon } from './cell-sign.tsx';

export interface CalendarGridProps {
  readonly calendar: PackageCalendar;
  readonly chosen: CellPlace | null;
  readonly onChoose: (place: CellPlace) => void;
}

/** Receivers and kinds down, days across; the arrows walk from cell to cell, Enter chooses one. */
export function CalendarGrid({ calendar, chosen, onChoose }: CalendarGridProps) {
  const locale = useLocale();
  const { t, language } = locale;
  const days = calendarDays(calendar);
  const lengths = calendar.streams.map(({ cells }) => cells.length);
  const [focus, setFocus] = useState<CellPlace>({ stream: 0, cell: 0 });
  const weekday = (day: string) => ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
  return (
    <div
      className="day-map pack-map"
      onKeyDown={(event) => {
        const cell = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-cell]') : null;
        const [stream = 0, place = 0] = (cell?.dataset.cell ?? '').split(' ').map(Number);
        const next = cell === null ? null : nextCell(event.key, { stream, cell: place }, lengths);
        if (next === null) return;
        event.preventDefault();
        setFocus(next);
        event.currentTarget.querySelector<HTMLElement>(`[data-cell="${next.stream} ${next.cell}"]`)?.focus();
      }}
    >
      <table aria-label={t('exchange.calendar')} data-testid="table-calendar">
        <thead>
          <tr>
            <th scope="col" className="day-map-point">
              {t('handover.stream')}
            </th>
            <th scope="col" className="day-map-total" title={t('handover.onTimeHint')}>
              {t('handover.onTime')}
            </th>
            {days.map((day) => (
              <th
                key={day}
                scope="col"
                className={`${weekday(day) > 5 ? 'day-map-weekend' : ''} ${day === calendar.today ? 'pack-today' : ''}`}
                title={printDate(day)}
              >
                {Number(day.slice(8))}
                <span>{weekdayName(weekday(day), language)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {calendar.streams.map((stream, row) => (
            <tr key={`${stream.what} ${stream.receiver} ${stream.kind} ${stream.period}`}>
              <th scope="row" className="day-map-point" title={stream.jobs.join(', ')}>
                {streamName(stream, t)}
                {stream.period === 'month' ? <span className="dim"> {t('handover.month')}</span> : null}
              </th>
              <td className="day-map-total">{countText(stream, locale)}</td>
              {stream.cells.map((cell, column) => (
                <td key={cell.from} colSpan={stream.period === 'month' ? days.length : 1}>
                  <Cell
                    cell={cell}
                    label={`${streamName(stream, t)}, ${periodText(cell, language)}: ${cellWords(cell, t)}`}
                    place={{ stream: row, cell: column }}
                    isChosen={chosen !== null && chosen.stream === row && chosen.cell === column}
                    isReached={focus.stream === row && focus.cell === column}
                    isWide={stream.period === 'month'}
                    onChoose={onChoose}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function countText(stream: CalendarStreamRow, { numbers }: Locale): string {
  const { due, done } = handedOverCount(stream);
  return due === 0 ? '' : `${formatCount(done, numbers)} / ${formatCount(due, numbers)}`;
}

interface CellProps {
  readonly cell: CalendarCellRow;
  readonly label: string;
  readonly place: CellPlace;
  readonly isChosen: boolean;
  /** The one cell that the Tab key stops at. */
  readonly isReached: boolean;
  readonly isWide: boolean;
  readonly onChoose: (place: CellPlace) => void;
}

function Cell({ cell, label, place, isChosen, isReached, isWide, onChoose }: CellProps) {
  const { t } = useLocale();
  const classes = ['pack-cell', `pack-${cellMark(cell)}`, isWide ? 'pack-wide' : '', cell.isLate ? 'pack-late' : ''];
  return (
    <button
      type="button"
      className={classes.join(' ')}
      data-cell={`${place.stream} ${place.cell}`}
      data-state={cell.state}
      tabIndex={isReached ? 0 : -1}
      aria-label={label}
      aria-pressed={isChosen}
      title={label}
      onClick={() => onChoose(place)}
    >
      {isWide && cell.state === 'not-due' ? null : <CellSignIcon sign={cellSign(cell)} isCorrected={cell.isCorrected} />}
      {isWide ? <span>{cellWords(cell, t)}</span> : null}
    </button>
  );
}

/** What the signs of the calendar mean. */
export function CalendarLegend() {
  const { t } = useLocale();
  const signs = [
    ['delivered', 'ok'],
    ['accepted', 'ok'],
    ['made', 'unchecked'],
    ['waiting', 'unchecked'],
    ['missing', 'fault'],
    ['failed', 'fault'],
    ['rejected', 'fault'],
    ['partial', 'attention'],
  ] as const;
  return (
    <span className="pack-legend">
      {signs.map(([sign, mark]) => (
        <span key={sign}>
          <i className={`pack-cell pack-${mark}`}>
            <CellSignIcon sign={sign} isCorrected={false} />
          </i>
          {t(`handover.state.${sign}`)}
        </span>
      ))}
      <span>
        <i className="pack-cell pack-ok">
          <CellSignIcon sign="delivered" isCorrected />
        </i>
        {t('handover.corrected')}
      </span>
      <span>
        <i className="pack-cell pack-attention pack-late">
          <CellSignIcon sign="delivered" isCorrected={false} />
        </i>
        {t('handover.late')}
      </span>
      <span>
        <i className="pack-cell pack-attention">
          <CellSignIcon sign="delivered" isCorrected={false} />
        </i>
        {t('handover.incomplete')}
      </span>
    </span>
  );
}
