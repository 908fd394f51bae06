import type { ReactNode } from 'react';
import type { Attention } from '../../shared/api/values.ts';
import { isFindingCode } from '../../shared/domain/finding.ts';
import { attentionAdvice, dayCheckText, reasonText } from '../../shared/i18n/causes.ts';
import { findingDetail } from '../../shared/i18n/findings.ts';
import { packageDetail } from '../../shared/i18n/packages.ts';
import { type Locale, useLocale } from './locale.ts';
import { AdviceText } from './notices.tsx';
import { StateMark } from './state-mark.tsx';
import { printDate } from './time.ts';

/** Phases 1, 2, 3 by the Russian rule. */
export const PHASE_LETTERS = ['A', 'B', 'C'] as const;

/** The figures that a finding rests on, in a few words; null when its text says everything. */
export function attentionDetail(
  { code, params }: Attention,
  { t, language, time }: Pick<Locale, 't' | 'language' | 'time'>,
): string | null {
  if (isFindingCode(code)) return findingDetail({ code, params }, language);
  const ofPackage = packageDetail({ code, params }, language);
  if (ofPackage !== null) return ofPackage;
  const { phase, finding, seconds, error, meters, day, diagnosis, stranger, quarantined, intervals, from, to } = params;
  const letter = typeof phase === 'number' ? PHASE_LETTERS[phase - 1] : undefined;
  if (code === 'phase-lost' && letter !== undefined) {
    const name = t(`phase.${letter}`);
    return finding === 'current-without-voltage'
      ? t('attention.currentWithoutVoltage', { phase: name })
      : t('attention.phase', { phase: name });
  }
  if (code === 'wrong-serial' && typeof stranger === 'string' && typeof quarantined === 'string' && typeof intervals === 'number')
    return t('stranger.answers', { serial: stranger, since: time.dateTime(quarantined), count: intervals });
  if (code === 'clock-deviation' && typeof seconds === 'number')
    return t('attention.clock', { seconds: `${seconds < 0 ? '−' : '+'}${Math.abs(seconds)}` });
  if (code === 'line-down' && typeof meters === 'number') {
    const silent = t('attention.meters', { count: meters });
    return typeof error === 'string' ? `${silent}, ${reasonText(error, language)}` : silent;
  }
  if (code === 'supply-off-alone' && typeof from === 'string' && typeof to === 'string')
    return `${time.dateTime(from)} — ${time.dateTime(to)}`;
  if (code === 'sum-mismatch' && typeof day === 'string') return `${printDate(day)}: ${dayCheckText(diagnosis, language)}`;
  if (typeof error === 'string') return reasonText(error, language);
  return null;
}

/** One finding in full: state, what happened, what it means, what to do. */
export function AttentionItem({ item, children }: { readonly item: Attention; readonly children?: ReactNode }) {
  const locale = useLocale();
  const detail = attentionDetail(item, locale);
  return (
    <div className="attention-item">
      <StateMark state={item.state} isBare />
      <div>
        <AdviceText advice={attentionAdvice(item.code, locale.language)} />
        {detail === null ? null : <div className="dim">{detail}</div>}
        {children}
      </div>
    </div>
  );
}
