import { boundaryLosses, type BoundaryLosses, type LossModel } from '../../../shared/domain/losses.ts';
import { typedDecimal } from './slice.ts';

export const LOSS_KINDS = ['percent', 'transformer', 'line', 'none'] as const;
export type LossKind = (typeof LOSS_KINDS)[number];

/** Figures of each model, in the order of the form; those that may be left empty are null then. */
export const LOSS_FIELDS = {
  percent: ['active', 'reactive'],
  transformer: ['noLoad', 'load', 'rated', 'current', 'short'],
  line: ['resistance', 'reactance', 'voltage'],
  none: [],
} as const satisfies Record<LossKind, readonly string[]>;
export type LossField = (typeof LOSS_FIELDS)[LossKind][number];

/** One period of one point as it is typed. A model in a row of several is kept as it is and shown as its first. */
export interface LossDraft {
  readonly pointId: number;
  /** ISO date of the site. */
  readonly from: string;
  readonly meterStands: BoundaryLosses['meterStands'];
  readonly kind: LossKind;
  readonly figures: Readonly<Partial<Record<LossField, string>>>;
  readonly others: readonly LossModel[];
}

export function draftOf(pointId: number, from: string, losses: BoundaryLosses | null): LossDraft {
  const [first, ...others] = losses?.elements ?? [];
  const meterStands = losses?.meterStands ?? 'behind-boundary';
  return { pointId, from, meterStands, kind: first?.kind ?? 'none', figures: first === undefined ? {} : figuresOf(first), others };
}

export function figuresOf(model: LossModel): LossDraft['figures'] {
  switch (model.kind) {
    case 'percent':
      return { active: model.active, reactive: model.reactive };
    case 'transformer':
      return {
        noLoad: model.noLoadW,
        load: model.loadW,
        rated: model.ratedVA,
        current: model.noLoadCurrentPercent ?? '',
        short: model.shortCircuitPercent ?? '',
      };
    case 'line':
      return { resistance: model.resistanceOhm, reactance: model.reactanceOhm ?? '', voltage: model.voltageV };
  }
}

/** The model that typed figures make; undefined while one is missing or is none. */
export function modelOf(kind: Exclude<LossKind, 'none'>, figures: LossDraft['figures']): LossModel | undefined {
  const losses = lossesOfDraft({ pointId: 0, from: '', meterStands: 'behind-boundary', kind, figures, others: [] });
  return losses?.elements[0];
}

/** What the draft says; undefined while a figure is missing or is none. */
export function lossesOfDraft({ kind, meterStands, figures, others }: LossDraft): BoundaryLosses | null | undefined {
  if (kind === 'none') return null;
  const figure = (name: LossField) => typedDecimal(figures[name] ?? '');
  const model =
    kind === 'percent'
      ? { kind, active: figure('active'), reactive: figure('reactive') ?? '0' }
      : kind === 'transformer'
        ? {
            kind,
            noLoadW: figure('noLoad'),
            loadW: figure('load'),
            ratedVA: figure('rated'),
            noLoadCurrentPercent: figure('current'),
            shortCircuitPercent: figure('short'),
          }
        : { kind, resistanceOhm: figure('resistance'), reactanceOhm: figure('reactance'), voltageV: figure('voltage') };
  const parsed = boundaryLosses.safeParse({ meterStands, elements: [model, ...others] });
  return parsed.success ? parsed.data : undefined;
}
