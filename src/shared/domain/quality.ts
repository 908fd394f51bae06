/**
 * How far the figure of an interval may be trusted (quality.md 1). `valid-cut`: the energy is right, the supply was shorter than the
 * interval; `valid-off`: proven that nothing flowed; `incomplete-replacement`: the meter or its ratio changed inside (quality.md 4);
 * `suspect` and `rejected` are verdicts of a check or a person.
 */
export const INTERVAL_QUALITIES = [
  'valid',
  'valid-cut',
  'valid-off',
  'replaced',
  'missing',
  'incomplete-clock',
  'incomplete-init',
  'incomplete-replacement',
  'suspect',
  'rejected',
] as const;
export type IntervalQuality = (typeof INTERVAL_QUALITIES)[number];
