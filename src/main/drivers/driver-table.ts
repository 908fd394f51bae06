import type { Unit } from '../../shared/domain/quantity.ts';

/** One figure that a driver reads: where its bytes stand and what they count. */
export interface TableRow {
  /** Unique in the driver: `register.A+`, `U1`. */
  readonly key: string;
  /** OBIS code (IEC 62056-6-1); `null` where none fits exactly. */
  readonly obis: string | null;
  /** Command whose reply holds it; rows of one command fill from one exchange. */
  readonly command: string;
  /** Of the first data byte. */
  readonly offset: number;
  /** Named layout of the family's formats. */
  readonly format: string;
  /** Value = count x 10^scale. */
  readonly scale: number;
  readonly unit: Unit;
  readonly accessLevel: 1 | 2;
  /** Document and section. */
  readonly source: string;
}

/** How finely meters of a family count. */
export interface Counting {
  /** Every A that the counts of a profile may be scaled with, imp/kWh; empty when the family keeps none. */
  readonly constants: readonly number[];
  /** Step of the cumulative registers, Wh. */
  readonly registerStepWh: number;
}

/** What a driver is made of, for the registry's checks. */
export interface DriverTable {
  readonly rows: readonly TableRow[];
  /** Every command that the driver sends. */
  readonly commands: readonly string[];
  /** Formats that rows may name. */
  readonly formats: readonly string[];
  readonly counting: Counting;
}
