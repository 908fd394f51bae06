/** Formulas as people write them: `TP1-01 + TP1-02:A+ - 0.5*{Цех 1}`. A point without a channel means import of the formula's unit. */
import { CHANNELS, type Channel } from '../../shared/domain/channel.ts';
import type { Formula, FormulaTerm } from '../../shared/domain/formula.ts';
import { decimalText, parseDecimal, rational } from './energy.ts';

/** What text refers to: points by their codes, formulas by their names. */
export interface FormulaNames {
  readonly points: readonly { readonly id: number; readonly code: string }[];
  readonly formulas: readonly { readonly id: number; readonly name: string }[];
}

/** Why a text is no formula: what is wrong and the part of the text that is. */
export interface FormulaTextFault {
  readonly code: 'no-term' | 'unreadable' | 'unknown-point' | 'unknown-formula' | 'zero-coefficient';
  readonly part: string;
}

const TERM = /\s*([+−-])?\s*(?:(\d{1,9}(?:[.,]\d{1,6})?)\s*[*·×]\s*)?(\{[^{}]+\}|[^\s{}*·×]+)/uy;

/** Terms of a text, or its first fault. A sign stands apart from the code before it, since codes hold signs too. */
export function parseFormula(text: string, unit: Formula['unit'], names: FormulaNames): readonly FormulaTerm[] | FormulaTextFault {
  const terms: FormulaTerm[] = [];
  TERM.lastIndex = 0;
  const whole = text.trimEnd();
  while (TERM.lastIndex < whole.length) {
    const from = TERM.lastIndex;
    const match = TERM.exec(whole);
    if (match === null || (terms.length > 0 && match[1] === undefined)) return { code: 'unreadable', part: whole.slice(from).trim() };
    const [, sign = '+', size = '1', reference = ''] = match;
    const value = parseDecimal(size.replace(',', '.'));
    if (value.numerator === 0n) return { code: 'zero-coefficient', part: match[0].trim() };
    const of = referenceOf(reference, unit, names);
    if ('code' in of) return of;
    const numerator = Number(value.numerator) * (sign === '+' ? 1 : -1);
    terms.push({ coefficient: { numerator, denominator: Number(value.denominator) }, of });
  }
  return terms.length === 0 ? { code: 'no-term', part: '' } : terms;
}

function referenceOf(reference: string, unit: Formula['unit'], { points, formulas }: FormulaNames): FormulaTerm['of'] | FormulaTextFault {
  if (reference.startsWith('{')) {
    const name = reference.slice(1, -1).trim();
    const found = formulas.find((known) => known.name === name);
    return found === undefined ? { code: 'unknown-formula', part: name } : { kind: 'formula', formulaId: found.id };
  }
  const usual: Channel = unit === 'Wh' ? 'A+' : 'R+';
  const named = CHANNELS.find((channel) => reference.endsWith(`:${channel}`));
  const code = named === undefined ? reference : reference.slice(0, -named.length - 1);
  const point = points.find((known) => known.code === code);
  return point === undefined ? { code: 'unknown-point', part: code } : { kind: 'point', pointId: point.id, channel: named ?? usual };
}

/** The text that `parseFormula` reads as these terms; what a number refers to no more is named by the number. */
export function formulaText({ terms, unit }: Pick<Formula, 'terms' | 'unit'>, { points, formulas }: FormulaNames): string {
  const usual: Channel = unit === 'Wh' ? 'A+' : 'R+';
  return terms
    .map(({ coefficient, of }, index) => {
      const { numerator, denominator } = coefficient;
      const size = decimalText(rational(Math.abs(numerator), denominator));
      const sign = numerator < 0 ? (index === 0 ? '-' : ' - ') : index === 0 ? '' : ' + ';
      const name =
        of.kind === 'formula'
          ? `{${formulas.find(({ id }) => id === of.formulaId)?.name ?? of.formulaId}}`
          : `${points.find(({ id }) => id === of.pointId)?.code ?? of.pointId}${of.channel === usual ? '' : `:${of.channel}`}`;
      return `${sign}${size === '1' ? '' : `${size}*`}${name}`;
    })
    .join('');
}
