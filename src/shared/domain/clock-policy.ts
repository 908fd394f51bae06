/** Why the rule of the site leaves a clock alone, or that it may correct it. */
export const CLOCK_DECISIONS = [
  'correct',
  'off',
  'within-threshold',
  'pc-clock-doubted',
  'settlement-without-reason',
  'too-far',
  'corrected-today',
  'near-a-boundary',
] as const;
export type ClockDecision = (typeof CLOCK_DECISIONS)[number];
