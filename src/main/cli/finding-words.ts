import type { Finding } from '../../shared/domain/finding.ts';
import { findingAdvice } from '../../shared/i18n/findings.ts';
import type { Advice, Language } from '../../shared/i18n/language.ts';

/** A finding as the command line says it: what happened and what it means, and what to do. */
export function findingWords(finding: Pick<Finding, 'code' | 'params'>, language: Language): { message: string; hint: string } {
  return adviceWords(findingAdvice(finding, language));
}

export function adviceWords({ what, means, todo }: Advice): { message: string; hint: string } {
  return { message: `${what}. ${means}`, hint: todo };
}
