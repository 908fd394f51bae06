/** What the work on a line waited. */
export const waits = {
  waits: {
    title: 'How long work on the line waits',
    note: 'over the last hour, seconds from when it is due to when it is done',
    work: 'Work',
    promise: 'Promised, s',
    p95: '95 % within, s',
    p50: 'Half within, s',
    max: 'Longest, s',
    count: 'Done',
    kept: 'in time',
    late: 'longer than promised',
    class: {
      person: 'What a person asks',
      'half-hour': 'New half-hour',
      screen: 'Values on screen',
      identify: 'Who the meter is',
      registers: 'Registers',
      clock: 'Clock and settings',
      'back-fill': 'Back-fill of the profile',
      live: 'Values off screen',
      journals: 'Journals of the meter',
      scan: 'Search and line test',
    },
  },
};
