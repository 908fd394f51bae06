export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the value is held against, measured or computed in this run. */
  readonly limit: string;
  readonly goal: string;
}
