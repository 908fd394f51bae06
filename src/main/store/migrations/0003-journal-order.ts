import type { Migration } from '../migrate.ts';

/** Events are shown newest first, of one meter or of all: the key orders them by journal. */
export const journalOrder: Migration = {
  version: 3,
  sql: `
CREATE INDEX journal_time ON journal (at_utc);
CREATE INDEX journal_meter_time ON journal (meter_id, at_utc);
`,
};
