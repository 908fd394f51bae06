import type { Ratio } from '../../shared/domain/point.ts';
import type { MeterSpec } from './assembly.ts';

const HEADER = 'substation;point_code;point_name;line;driver;address;serial;password;access_level;ct_ratio;vt_ratio;role;scheme';

/** The import file of a plant (CLI.md, import). Passwords are empty: the meters keep the makers' defaults, some of them in ASCII. */
export function importFileText(meters: readonly MeterSpec[], portOf: (line: string) => number): string {
  const rows = meters.map((spec) =>
    [
      spec.substation,
      spec.pointCode,
      spec.row.name,
      `tcp:127.0.0.1:${portOf(spec.line)}:9600-8N1`,
      'mercury-23x',
      spec.address,
      spec.serial,
      '',
      1,
      ratioText(spec.row.ct),
      ratioText(spec.row.vt),
      spec.row.role,
      spec.connection.scheme,
    ].join(';'),
  );
  return `${[HEADER, ...rows].join('\n')}\n`;
}

function ratioText({ primary, secondary }: Ratio): string {
  return secondary === 1 ? String(primary) : `${primary}/${secondary}`;
}
