/** Found meters as rows of the import file. */
import type { FoundMeter } from '../../../shared/api/search.ts';
import { isSerialLine } from './draft.ts';

const HEADER = 'substation;point_code;point_name;line;driver;address;serial;password;access_level;ct_ratio;vt_ratio;role;scheme';

/** LINE text that a meter answered on: on a serial port its own speed and format, behind a gateway the gateway's. */
export function lineOf({ line, setting }: Pick<FoundMeter, 'line' | 'setting'>): string {
  return isSerialLine(line) ? line.replace(/:\d{3,6}-[78][NEO][12]$/, `:${setting}`) : line;
}

/** Header and a row for each meter; what a search cannot know (substation, name, ratios) is left for a person to fill in. */
export function importRows(meters: readonly FoundMeter[]): string {
  const rows = meters.map((meter) =>
    ['', `M${meter.serial}`, '', lineOf(meter), meter.driver, meter.address, meter.serial, '', 1, '', '', '', ''].join(';'),
  );
  return [HEADER, ...rows, ''].join('\r\n');
}

/** Meters that an import would add. */
export function notInPlant(meters: readonly FoundMeter[]): FoundMeter[] {
  return meters.filter((meter) => meter.pointCode === null);
}
