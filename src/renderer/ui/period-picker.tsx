import { ActionIcon, Button, Popover, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useLocale } from './locale.ts';
import { movePeriod, type Period, type PeriodKind, periodDays } from './period.ts';
import { addDays, addMonths, monthName, printDate, weekdayName } from './time.ts';

export interface PeriodPickerProps {
  readonly period: Period;
  readonly kinds?: readonly PeriodKind[];
  /** ISO date of today at the site. */
  readonly today: string;
  readonly onChange: (period: Period) => void;
}

export function PeriodPicker({ period, kinds = ['day', 'month', 'year'], today, onChange }: PeriodPickerProps) {
  const { t, language } = useLocale();
  const [isOpen, setOpen] = useState(false);
  const month = Number(period.date.slice(5, 7));
  const label =
    period.kind === 'day'
      ? printDate(period.date)
      : period.kind === 'month'
        ? `${monthName(month, language, 'long')} ${period.date.slice(0, 4)}`
        : period.date.slice(0, 4);
  const choose = (date: string) => {
    onChange({ kind: period.kind, date });
    setOpen(false);
  };
  return (
    <div className="period">
      {kinds.length < 2 ? null : (
        <SegmentedControl
          size="xs"
          aria-label={t('period.kind')}
          value={period.kind}
          onChange={(value) => {
            const kind = kinds.find((known) => known === value);
            if (kind !== undefined) onChange({ kind, date: period.date });
          }}
          data={kinds.map((kind) => ({ value: kind, label: t(`period.${kind}`) }))}
        />
      )}
      <ActionIcon variant="default" size={26} aria-label={t('period.previous')} onClick={() => onChange(movePeriod(period, -1))}>
        ‹
      </ActionIcon>
      <Popover opened={isOpen} onChange={setOpen} shadow="md" trapFocus>
        <Popover.Target>
          <Button variant="default" size="compact-sm" className="period-label" onClick={() => setOpen((before) => !before)}>
            {label}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          {period.kind === 'day' ? <DayGrid date={period.date} today={today} onPick={choose} /> : null}
          {period.kind === 'month' ? <MonthGrid date={period.date} onPick={choose} /> : null}
          {period.kind === 'year' ? <YearGrid date={period.date} onPick={choose} /> : null}
        </Popover.Dropdown>
      </Popover>
      <ActionIcon
        variant="default"
        size={26}
        aria-label={t('period.next')}
        disabled={periodDays(period).to >= today}
        onClick={() => onChange(movePeriod(period, 1))}
      >
        ›
      </ActionIcon>
    </div>
  );
}

/** A month of days, weeks from Monday. */
function DayGrid({ date, today, onPick }: { readonly date: string; readonly today: string; readonly onPick: (date: string) => void }) {
  const { t, language } = useLocale();
  const [shown, setShown] = useState(`${date.slice(0, 7)}-01`);
  const before = (new Date(`${shown}T00:00:00Z`).getUTCDay() + 6) % 7;
  const count = Number(addDays(addMonths(shown, 1), -1).slice(8));
  return (
    <div className="calendar">
      <div className="calendar-head">
        <ActionIcon variant="subtle" size="sm" aria-label={t('period.previous')} onClick={() => setShown(addMonths(shown, -1))}>
          ‹
        </ActionIcon>
        <span>
          {monthName(Number(shown.slice(5, 7)), language, 'long')} {shown.slice(0, 4)}
        </span>
        <ActionIcon variant="subtle" size="sm" aria-label={t('period.next')} onClick={() => setShown(addMonths(shown, 1))}>
          ›
        </ActionIcon>
      </div>
      <div className="calendar-days">
        {[1, 2, 3, 4, 5, 6, 7].map((day) => (
          <span key={day} className="calendar-weekday">
            {weekdayName(day, language)}
          </span>
        ))}
        {Array.from({ length: before }, (_, index) => (
          <span key={`blank-${index}`} />
        ))}
        {Array.from({ length: count }, (_, index) => {
          const day = addDays(shown, index);
          return (
            <Cell
              key={day}
              label={String(index + 1)}
              name={printDate(day)}
              isChosen={day === date}
              isToday={day === today}
              onPick={() => onPick(day)}
            />
          );
        })}
      </div>
    </div>
  );
}

function MonthGrid({ date, onPick }: { readonly date: string; readonly onPick: (date: string) => void }) {
  const { t, language } = useLocale();
  const [year, setYear] = useState(Number(date.slice(0, 4)));
  return (
    <div className="calendar">
      <div className="calendar-head">
        <ActionIcon variant="subtle" size="sm" aria-label={t('period.previous')} onClick={() => setYear(year - 1)}>
          ‹
        </ActionIcon>
        <span>{year}</span>
        <ActionIcon variant="subtle" size="sm" aria-label={t('period.next')} onClick={() => setYear(year + 1)}>
          ›
        </ActionIcon>
      </div>
      <div className="calendar-months">
        {Array.from({ length: 12 }, (_, index) => {
          const first = `${year}-${String(index + 1).padStart(2, '0')}-01`;
          return (
            <Cell
              key={first}
              label={monthName(index + 1, language, 'short')}
              isChosen={first.slice(0, 7) === date.slice(0, 7)}
              onPick={() => onPick(first)}
            />
          );
        })}
      </div>
    </div>
  );
}

function YearGrid({ date, onPick }: { readonly date: string; readonly onPick: (date: string) => void }) {
  const year = Number(date.slice(0, 4));
  return (
    <div className="calendar calendar-months">
      {Array.from({ length: 9 }, (_, index) => {
        const label = String(year - 6 + index);
        return <Cell key={label} label={label} isChosen={label === date.slice(0, 4)} onPick={() => onPick(`${label}${date.slice(4)}`)} />;
      })}
    </div>
  );
}

interface CellProps {
  readonly label: string;
  readonly name?: string;
  readonly isChosen: boolean;
  readonly isToday?: boolean;
  readonly onPick: () => void;
}

function Cell({ label, name, isChosen, isToday = false, onPick }: CellProps) {
  return (
    <button
      type="button"
      className={`calendar-cell${isToday ? ' calendar-today' : ''}`}
      aria-pressed={isChosen}
      aria-label={name ?? label}
      onClick={onPick}
    >
      {label}
    </button>
  );
}
