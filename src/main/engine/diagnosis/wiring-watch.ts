import type { Finding } from '../../../shared/domain/finding.ts';
import type { WiringScheme } from '../../../shared/domain/point.ts';
import { type InstantaneousValues, quantityText } from '../../../shared/domain/quantity.ts';
import { findLostPhases, findWrongCircuit } from '../../metering/verdict.ts';

/** A verdict stands when as many samples in a row say it, and falls when as many do not (wiring.md 3). */
const SAMPLES = 5;

/** What the wiring findings of one meter are, sample by sample. */
export class WiringWatch {
  /** How many samples in a row have said a finding, or, once it stands, have not. */
  readonly #counts = new Map<string, number>();
  readonly #standing = new Map<string, Finding>();

  /** Takes one more sample; returns what stands. */
  add(values: InstantaneousValues, scheme: WiringScheme | null): Finding[] {
    const said = new Map(wiringFindings(values, scheme).map((finding) => [finding.code as string, finding]));
    for (const code of new Set([...said.keys(), ...this.#counts.keys(), ...this.#standing.keys()])) this.#count(code, said.get(code));
    return [...this.#standing.values()];
  }

  #count(code: string, said: Finding | undefined): void {
    const isStanding = this.#standing.has(code);
    if (isStanding && said !== undefined) this.#standing.set(code, said);
    if (isStanding === (said !== undefined)) {
      this.#counts.delete(code);
      return;
    }
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count < SAMPLES) return;
    this.#counts.delete(code);
    if (said === undefined) this.#standing.delete(code);
    else this.#standing.set(code, said);
  }
}

/** Findings of one moment. A lost voltage without load has no name here: it is told at once as the state of the point. */
export function wiringFindings(values: InstantaneousValues, scheme: WiringScheme | null): Finding[] {
  const dark = findLostPhases(values, scheme).filter(({ code }) => code === 'current-without-voltage');
  const [first] = dark;
  if (first !== undefined) {
    const isAlone = dark.length === 1;
    return [
      {
        code: 'current-without-voltage',
        weight: 'fault',
        params: {
          phase: dark.map(({ phase }) => phase).join(', '),
          voltage: isAlone ? Number(quantityText(first.voltage)) : null,
          current: isAlone && first.current !== null ? Number(quantityText(first.current)) : null,
        },
      },
    ];
  }
  const wrong = findWrongCircuit(values, scheme);
  if (wrong === null) return [];
  const phases = wrong.phases.join(', ');
  return wrong.code === 'phase-reversed'
    ? [{ code: 'phase-reversed', weight: 'fault', params: { phase: phases, power: wrong.powerW } }]
    : [{ code: 'phases-crossed', weight: 'fault', params: { phases } }];
}
