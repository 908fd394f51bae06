import type { ReactNode } from 'react';

export interface ProgressBarProps {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  /** Stands under the bar: what is in work, how much time is left. */
  readonly children?: ReactNode;
}

/** A task of known length. */
export function ProgressBar({ label, done, total, children }: ProgressBarProps) {
  const percent = total === 0 ? 0 : Math.floor((Math.min(done, total) * 100) / total);
  return (
    <div className="progress-bar">
      <div className="progress-track" role="progressbar" aria-label={label} aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100}>
        <div className="progress-fill" style={{ width: `${percent}%` }} />
      </div>
      {children === undefined ? null : <div className="progress-note">{children}</div>}
    </div>
  );
}
