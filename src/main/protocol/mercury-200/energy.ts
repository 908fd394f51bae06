/** Energy by tariff: 27, 85, month slices 32 and 38 (mercury.md 12.1). Whole Wh and varh; the meter counts in tens of them. */
import { countText, type DataField, field } from '../mercury/fields.ts';
import type { Command200 } from './command.ts';
import { parseBcd } from './formats.ts';

/** Wh or varh by tariff 1..4; `null` = tariff not in use. */
export type TariffEnergy = readonly [number | null, number | null, number | null, number | null];

/** Tariffs that the family has. */
export const TARIFFS = [1, 2, 3, 4] as const;
/** Bytes of the four tariffs. */
export const TARIFFS_LENGTH = 16;
/** Month of a slice: 0..11 are January to December, 15 the running month. Part A counts months from 1. */
export const CURRENT_MONTH = 0x0f;

/** Readings of active energy: 27. */
export function activeEnergyCommand(): Command200<TariffEnergy> {
  return energyCommand('active-energy', 'active energy', [0x27], 'A');
}

/** Readings of reactive energy: 85 (203 and 206 that measure it). */
export function reactiveEnergyCommand(): Command200<TariffEnergy> {
  return energyCommand('reactive-energy', 'reactive energy', [0x85], 'R');
}

/** Slice of a month: 32 active, 38 reactive. No document says at which moment of the month the meter takes it. */
export function monthSliceCommand(kind: 'A' | 'R', month: number): Command200<TariffEnergy> {
  return energyCommand(
    `month-slice-${kind}`,
    `month slice ${kind} ${month === CURRENT_MONTH ? 'current' : month + 1}`,
    [kind === 'A' ? 0x32 : 0x38, month],
    kind,
  );
}

/** Four tariffs of four BCD bytes from `offset`. */
export function parseTariffs(data: Uint8Array, offset = 0): TariffEnergy {
  const at = (index: number) => {
    const count = parseBcd(data, offset + index * 4, 4);
    return count === null ? null : count * 10;
  };
  return [at(0), at(1), at(2), at(3)];
}

/** The four tariffs as fields `energy.A.T1` ... */
export function tariffFields(kind: 'A' | 'R', data: Uint8Array, offset = 0): DataField[] {
  return parseTariffs(data, offset).map((energy, index) =>
    field(`energy.${kind}+.T${index + 1}`, countText(energy, 0), kind === 'A' ? 'Wh' : 'varh', offset + index * 4, 4),
  );
}

function energyCommand(name: string, label: string, body: readonly number[], kind: 'A' | 'R'): Command200<TariffEnergy> {
  return {
    name,
    label,
    body: Uint8Array.from(body),
    replyData: [TARIFFS_LENGTH],
    parse: (data) => parseTariffs(data),
    fields: (data) => tariffFields(kind, data),
  };
}
