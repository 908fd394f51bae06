import type { ReactNode } from 'react';
import type { Finding } from '../../shared/domain/finding.ts';
import { findingAdvice } from '../../shared/i18n/findings.ts';
import { useLocale } from './locale.ts';
import { AdviceText } from './notices.tsx';
import { type Mark, StateMark } from './state-mark.tsx';

const MARKS: Readonly<Record<Finding['weight'], Mark>> = { fault: 'fault', attention: 'attention', info: 'info' };
const WEIGHTS = ['fault', 'attention', 'info'] as const;

/** The worst first; of one weight in the order in which they came. */
export function worstFirst<F extends Pick<Finding, 'weight'>>(findings: readonly F[]): F[] {
  return [...findings].sort((a, b) => WEIGHTS.indexOf(a.weight) - WEIGHTS.indexOf(b.weight));
}

/** How much a finding weighs, in the shape and word of a state. */
export function WeightMark({ weight, isBare = false }: { readonly weight: Finding['weight']; readonly isBare?: boolean }) {
  const { t } = useLocale();
  return <StateMark state={MARKS[weight]} label={t(`finding.${weight}`)} isBare={isBare} />;
}

/** One finding in full: how much it weighs, what it is, what it means, what to do. `children` say of what and since when. */
export function FindingCard({ finding, children }: { readonly finding: Finding; readonly children?: ReactNode }) {
  const { language } = useLocale();
  return (
    <div className="attention-item">
      <WeightMark weight={finding.weight} isBare />
      <div>
        <AdviceText advice={findingAdvice(finding, language)} />
        {children === undefined ? null : <div className="dim">{children}</div>}
      </div>
    </div>
  );
}

/** Findings of one thing, the worst first; `none` stands where there are none. */
export function FindingList({ findings, none }: { readonly findings: readonly Finding[]; readonly none: string }) {
  if (findings.length === 0) return <p className="verdict">{none}</p>;
  return (
    <ul className="attention-list">
      {worstFirst(findings).map((finding) => (
        <li key={`${finding.code}-${JSON.stringify(finding.params)}`}>
          <FindingCard finding={finding} />
        </li>
      ))}
    </ul>
  );
}
