/** What people tell the reports: balances, losses, formulas; checked as a whole before anything is kept. */
import { AppError } from '../../shared/api/errors.ts';
import type { BalanceOfSubstation, ReportAccounts } from '../../shared/api/report-settings.ts';
import type { Formula, FormulaTerm } from '../../shared/domain/formula.ts';
import { isoUtc } from '../../shared/domain/time.ts';
import { checkFormulas } from '../metering/formula.ts';
import { formulaText, type FormulaTextFault, parseFormula } from '../metering/formula-text.ts';
import { parseMoment } from '../metering/zone.ts';
import type { Store } from '../store/store.ts';
import type { HandlerParams } from './dispatch.ts';
import type { Site } from './site.ts';

interface FormulaFault {
  readonly formula: string;
  readonly code: string;
  /** Part of the text that is wrong. */
  readonly part: string;
}

export class ReportAccountDesk {
  readonly #site: Site;
  readonly #store: Store;

  constructor(site: Site, store: Store) {
    this.#site = site;
    this.#store = store;
  }

  get(): ReportAccounts {
    const { reportData } = this.#store;
    const { points } = this.#site.plant;
    const formulas = reportData.formulas();
    const losses = reportData.losses();
    const pointIds = [...new Set(losses.map(({ pointId }) => pointId))];
    return {
      balances: reportData.balances().map(({ substationId, balance }) => ({ substationId, balance })),
      losses: pointIds.map((pointId) => ({
        pointId,
        periods: losses.filter((one) => one.pointId === pointId).map((one) => ({ from: isoUtc(one.fromUtc), losses: one.losses })),
      })),
      formulas: formulas.map((formula) => {
        const { id, name, unit } = formula;
        return { id, name, unit, text: formulaText(formula, { points, formulas }) };
      }),
    };
  }

  setBalance(substationId: number, balance: BalanceOfSubstation | null, who: string): ReportAccounts {
    const { substations, points } = this.#site.plant;
    if (!substations.some(({ id }) => id === substationId)) throw notFound('substation', substationId);
    const members = balance?.members ?? [];
    for (const { pointId } of [...members, ...(balance?.transformers ?? [])]) {
      if (!points.some(({ id }) => id === pointId)) throw notFound('metering point', pointId);
    }
    const keys = members.map(({ pointId, channel }) => `${pointId} ${channel}`);
    if (new Set(keys).size < keys.length) {
      throw new AppError('api/invalid-argument', 'A channel of a point stands twice in the balance', {
        hint: 'Name each channel of a point once.',
      });
    }
    this.#store.reportData.saveBalance(substationId, balance, who);
    return this.get();
  }

  setLosses(pointId: number, periods: HandlerParams<'reports.setLosses'>['periods'], who: string): ReportAccounts {
    if (!this.#site.plant.points.some(({ id }) => id === pointId)) throw notFound('metering point', pointId);
    const dated = periods.map(({ from, losses }) => ({ fromUtc: parseMoment(from, this.#site.zone), losses }));
    if (new Set(dated.map(({ fromUtc }) => fromUtc)).size < dated.length) {
      throw new AppError('api/invalid-argument', 'Two losses begin at the same moment', { context: { pointId } });
    }
    this.#store.reportData.saveLosses(pointId, dated, who);
    return this.get();
  }

  /** Formulas keep their number by their name, since others may refer to it. */
  setFormulas(texts: HandlerParams<'reports.setFormulas'>['formulas'], who: string): ReportAccounts {
    const { points } = this.#site.plant;
    const known = this.#store.reportData.formulas();
    let free = Math.max(0, ...known.map(({ id }) => id)) + 1;
    const named = texts.map((entry) => ({ ...entry, id: known.find(({ name }) => name === entry.name)?.id ?? free++ }));
    const faults: FormulaFault[] = [];
    const repeated = named.find(({ name }, index) => named.findIndex((other) => other.name === name) < index);
    if (repeated !== undefined) faults.push({ formula: repeated.name, code: 'name-taken', part: repeated.name });
    const formulas = named.flatMap(({ id, name, unit, text }): Formula[] => {
      const terms = parseFormula(text, unit, { points, formulas: named });
      if (isTerms(terms)) return [{ id, name, unit, terms: [...terms] }];
      faults.push({ formula: name, code: terms.code, part: terms.part });
      return [];
    });
    if (faults.length === 0) {
      for (const { formulaId, code, term } of checkFormulas(formulas, new Set(points.map(({ id }) => id)))) {
        const formula = formulas.find(({ id }) => id === formulaId);
        const part = formula?.terms[term];
        const text =
          formula === undefined || part === undefined ? '' : formulaText({ unit: formula.unit, terms: [part] }, { points, formulas });
        faults.push({ formula: formula?.name ?? '', code, part: text });
      }
    }
    if (faults.length > 0) throw new AppError('api/invalid-argument', 'The formulas do not hold together', { context: { faults } });
    this.#store.reportData.saveFormulas(formulas, who);
    return this.get();
  }
}

function isTerms(parsed: readonly FormulaTerm[] | FormulaTextFault): parsed is readonly FormulaTerm[] {
  return Array.isArray(parsed);
}

function notFound(what: string, id: number): AppError {
  return new AppError('api/not-found', `There is no ${what} with number ${id}`, { context: { id } });
}
