/** Words of the cross-check of a meter-day: intervals against registers, both as the meter said them (quality.md 1). */

/**
 * What a mismatch most likely is. Known facts come first (`replaced-meter`, `missing-slots`, `clock-set`), then what the figures
 * themselves show (`shifted-by-a-slot`, `wrong-constant`); `unknown` asks a person.
 */
export const DAY_DIAGNOSES = ['replaced-meter', 'missing-slots', 'clock-set', 'shifted-by-a-slot', 'wrong-constant', 'unknown'] as const;
export type DayDiagnosis = (typeof DAY_DIAGNOSES)[number];

/**
 * Why a day cannot be checked: no start-of-day registers at one of its ends, the meter's constant is not known, no interval at all,
 * or intervals of two lengths.
 */
export const DAY_CHECK_OBSTACLES = ['registers-missing', 'constant-unknown', 'intervals-missing', 'period-changed'] as const;
export type DayCheckObstacle = (typeof DAY_CHECK_OBSTACLES)[number];

/** What is kept of a day: `not-comparable` is tried again when what was missing has come. */
export const DAY_VERDICTS = ['matches', 'mismatch', 'not-comparable'] as const;
export type DayVerdict = (typeof DAY_VERDICTS)[number];
