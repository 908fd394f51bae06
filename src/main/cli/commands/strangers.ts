import { strangerRows } from '../../api/strangers.ts';
import type { StrangerRow } from '../../../shared/api/strangers.ts';
import type { Command } from '../command.ts';
import { openWriter, withSite } from '../data-folder.ts';
import { outAll } from '../io.ts';

/** Meters that answer in place of others; `replace-meter` with their serial makes them the meter of the point. */
export const strangersCommand: Command = {
  name: 'strangers',
  usage: '--data DIR [--reject SERIAL --reason TEXT]',
  summary:
    'Prints the meters that answer in place of others and are read in quarantine. --reject says that one has no business there; replace-meter with its serial places it.',
  flags: { data: 'value', reject: 'value', reason: 'value' },
  words: { min: 0, max: 0 },
  async run(args, io) {
    const serial = args.value('reject');
    if (serial !== undefined) {
      const reason = args.required('reason');
      const store = openWriter(args.required('data'), args.isSet('trace'));
      try {
        store.strangers.reject(serial, 'command line', reason);
      } finally {
        store.close();
      }
    }
    return withSite(args.required('data'), (site) => outAll(io, strangerRows(site).map(strangerLine)));
  },
};

/** A script knows a point by its code. */
function strangerLine(row: StrangerRow): object {
  return {
    serial: row.serial,
    expected_serial: row.expectedSerial,
    point_code: row.pointCode,
    line: row.line,
    address: row.address,
    state: row.state,
    first_seen: row.firstSeen,
    last_seen: row.lastSeen,
    intervals: row.intervals,
    is_denied: row.isDenied,
    decided_at: row.decidedAt,
    who: row.who,
    reason: row.reason,
  };
}
