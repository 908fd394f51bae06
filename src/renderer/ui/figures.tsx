import type { ReactNode } from 'react';
import { ABSENT } from './format.ts';
import { useLocale } from './locale.ts';

/** A figure that does not exist, with the reason on hover and for a screen reader. */
export function Absent({ reason }: { readonly reason: string }) {
  const { t } = useLocale();
  return (
    <span className="absent" title={reason}>
      <span aria-hidden="true">{ABSENT}</span>
      <span className="sr-only">{t('value.absent', { reason })}</span>
    </span>
  );
}

export interface FigureProps {
  readonly label: string;
  /** Printed figure; null when there is none. */
  readonly value: string | null;
  readonly unit?: string;
  /** Why the figure is absent. */
  readonly reason?: string;
  readonly note?: ReactNode;
}

/** One large figure of a page with its name, unit and a line of explanation. */
export function Figure({ label, value, unit, reason, note }: FigureProps) {
  return (
    <div className="figure">
      <div className="figure-label">{label}</div>
      <div className="figure-value">
        {value === null ? <Absent reason={reason ?? ''} /> : value}
        {value !== null && unit !== undefined ? <span className="figure-unit"> {unit}</span> : null}
      </div>
      {note === undefined ? null : <div className="figure-note">{note}</div>}
    </div>
  );
}

/** Name and value pairs of a card. */
export function Facts({ rows }: { readonly rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
