import type { CellSign } from './calendar.ts';

const STROKE = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.6, strokeLinecap: 'round', strokeLinejoin: 'round' } as const;

/** Signs in a box of 16, told apart by their shape alone. */
const SIGNS: Readonly<Record<CellSign, React.ReactNode>> = {
  empty: null,
  delivered: <path d="M3.5 8.5 6.5 11.5 12.5 4.5" {...STROKE} />,
  accepted: <path d="M1.5 8.5 4.5 11.5 10 4.5M7 11 7.5 11.5 14 4.5" {...STROKE} />,
  partial: (
    <>
      <circle cx="8" cy="8" r="5" {...STROKE} />
      <path d="M8 3a5 5 0 0 1 0 10Z" fill="currentColor" />
    </>
  ),
  rejected: <path d="M4 4 12 12M12 4 4 12" {...STROKE} />,
  failed: <rect x="3.5" y="3.5" width="9" height="9" fill="currentColor" />,
  missing: <path d="M8 3V9M8 12.4V12.6" {...STROKE} strokeWidth={2} />,
  made: <circle cx="8" cy="8" r="4.8" {...STROKE} strokeDasharray="2.4 2" />,
  waiting: (
    <>
      <circle cx="8" cy="8" r="5" {...STROKE} />
      <path d="M8 5.2V8L10 9.2" {...STROKE} strokeWidth={1.3} />
    </>
  ),
};

/** The sign of a cell; a small triangle below says that corrections were handed over. */
export function CellSignIcon({ sign, isCorrected }: { readonly sign: CellSign; readonly isCorrected: boolean }) {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      {SIGNS[sign]}
      {isCorrected ? <path d="M12.5 10.5 15.5 15.5H9.5Z" fill="currentColor" /> : null}
    </svg>
  );
}
