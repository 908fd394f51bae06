/** Classes of work on a line, and how soon each is promised to be done once it is due (docs/adr/0016). */

interface LinePromise {
  /** Seconds from the moment at which it is due to the moment at which it is done, in 95 of 100 cases. */
  readonly promiseS: number;
}

/** Most urgent first. */
export const LINE_PROMISES = {
  /** Whoever has pressed a button still looks at it. */
  person: { promiseS: 1 },
  /** The half-hour is wanted everywhere at once: three exchanges with each of some twenty meters of a line. */
  'half-hour': { promiseS: 20 },
  /** Read every 4 s: a value on screen is not older than 5 s. */
  screen: { promiseS: 1 },
  /** A meter that has come back is polled within a minute, of which the pause before the probe takes up to 55 s. */
  identify: { promiseS: 5 },
  /** Read each half-hour, and shown as such. */
  registers: { promiseS: 60 },
  clock: { promiseS: 60 },
  /** The sum on the overview lives by them: a value is stale after 45 s. */
  live: { promiseS: 45 },
  /** The turn of each meter that has something to fill, not the end of it. */
  'back-fill': { promiseS: 60 },
  /** Once a day: a few minutes are nothing. */
  journals: { promiseS: 600 },
  /** The longest pause between two slices of a search, which somebody watches. */
  scan: { promiseS: 5 },
} as const satisfies Readonly<Record<string, LinePromise>>;

export type WorkClass = keyof typeof LINE_PROMISES;
export const WORK_CLASSES = Object.keys(LINE_PROMISES) as readonly WorkClass[];
