import type { ReactNode } from 'react';

export interface PageBarProps {
  /** Where we are, from the general to the particular; all but the last are links. */
  readonly path: readonly { readonly label: string; readonly href?: string }[];
  /** Period, filters and actions of the page. */
  readonly children?: ReactNode;
}

export function PageBar({ path, children }: PageBarProps) {
  return (
    <div className="page-bar">
      <h1 className="page-path">
        {path.map(({ label, href }, index) => (
          <span key={`${index}-${label}`}>
            {index === 0 ? null : <span className="page-path-step">›</span>}
            {href === undefined ? label : <a href={href}>{label}</a>}
          </span>
        ))}
      </h1>
      <div className="page-actions">{children}</div>
    </div>
  );
}

/** The scrolling part of a page; the keyboard can stand on it and scroll. */
export function PageBody({ children, className = '' }: { readonly children: ReactNode; readonly className?: string }) {
  return (
    <div className={`page-body ${className}`} tabIndex={0}>
      {children}
    </div>
  );
}

export interface SectionProps {
  readonly title: string;
  readonly note?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A titled part of a page, separated by a line rather than boxed. */
export function Section({ title, note, children, className = '' }: SectionProps) {
  return (
    <section className={`section ${className}`} aria-label={title}>
      <header className="section-head">
        <h2>{title}</h2>
        {note === undefined ? null : <span className="section-note">{note}</span>}
      </header>
      {children}
    </section>
  );
}
