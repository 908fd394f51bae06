import type { Ratio } from '../../shared/domain/point.ts';
import type { MeterPlace } from './meter-place.ts';

const HEADER = 'substation;point_code;point_name;line;driver;address;serial;password;access_level;ct_ratio;vt_ratio;role;scheme;clock_zone';
/** The zone of the site needs no word. */
const SITE_ZONE_H = 3;

/** The import file of a plant (CLI.md, import). Passwords are empty: the meters keep the makers' defaults, some of them in ASCII. */
export function importFileText(places: readonly MeterPlace[], portOf: (line: string) => number): string {
  const rows = places.map(({ spec, ctOnPaper }) =>
    [
      spec.substation,
      spec.pointCode,
      spec.row.name,
      `tcp:127.0.0.1:${portOf(spec.line)}:9600-8N1`,
      `mercury-${spec.family.protocol}`,
      spec.address,
      spec.serial,
      '',
      1,
      ratioText(ctOnPaper),
      ratioText(spec.row.vt),
      spec.row.role,
      spec.connection.scheme,
      spec.row.zoneH === SITE_ZONE_H ? '' : `UTC+${spec.row.zoneH}`,
    ].join(';'),
  );
  return `${[HEADER, ...rows].join('\n')}\n`;
}

function ratioText({ primary, secondary }: Ratio): string {
  return secondary === 1 ? String(primary) : `${primary}/${secondary}`;
}
