import { z } from 'zod';
import type { Ratio } from '../../shared/domain/point.ts';
import { ofMeter } from './fault-fields.ts';
import type { MeterPlace } from './meter-place.ts';

const phases = z.array(z.literal([1, 2, 3]));
const DAY_S = 86400;

/** Faults of a meter itself: its supply, clock, wiring and papers. The table in README.md says what each does. */
export const METER_FAULTS = [
  ofMeter({ kind: z.literal('power-off') }),
  ofMeter({ kind: z.literal('clock-set'), by_s: z.number().int() }),
  ofMeter({
    kind: z.literal('clock-drift'),
    s_per_day: z
      .number()
      .int()
      .min(-DAY_S / 2)
      .max(DAY_S),
  }),
  ofMeter({ kind: z.literal('replaced-meter') }),
  ofMeter({ kind: z.literal('wrong-ct'), papers: z.string().regex(/^[1-9]\d{0,6}\/[1-9]\d{0,3}$/) }),
  ofMeter({ kind: z.literal('lost-phase'), phases: phases.min(1).max(3) }),
  ofMeter({ kind: z.literal('reversed-phase'), phases: phases.min(1).max(3) }),
  ofMeter({
    kind: z.literal('crossed-phases'),
    phases: phases.length(2).refine(([first, second]) => first !== second, 'two different phases'),
  }),
] as const;
export type PlacedFault = z.infer<(typeof METER_FAULTS)[number]>;
const KINDS: ReadonlySet<string> = new Set(METER_FAULTS.map(({ shape }) => shape.kind.value));

/** Is it carried out on the meter, not on the line? */
export function isPlacedFault(given: { readonly kind: string }): given is PlacedFault {
  return KINDS.has(given.kind);
}

/** Puts a fault upon a meter. */
export function beginMeterFault(place: MeterPlace, given: PlacedFault): void {
  const meter = place.standing;
  switch (given.kind) {
    case 'power-off':
      return meter.cutSupply();
    case 'clock-set':
      return meter.setClock(meter.wall() + given.by_s);
    case 'clock-drift':
      return meter.driftClock(given.s_per_day);
    case 'replaced-meter':
      return place.replace();
    case 'wrong-ct':
      place.ctOnPaper = ratioOf(given.papers);
      return;
    case 'lost-phase':
      return meter.wire({ lost: given.phases });
    case 'reversed-phase':
      return meter.wire({ reversed: given.phases });
    case 'crossed-phases':
      return meter.wire({ crossed: given.phases });
  }
}

/** Takes a fault away: what it did to clock and energy in the meantime stays done. */
export function endMeterFault(place: MeterPlace, given: PlacedFault): void {
  const meter = place.standing;
  switch (given.kind) {
    case 'power-off':
      return meter.restoreSupply();
    case 'clock-set':
      return meter.setClock(meter.wall() - given.by_s);
    case 'clock-drift':
      return meter.driftClock(0);
    case 'replaced-meter':
      return place.bringBack();
    case 'wrong-ct':
      place.ctOnPaper = meter.spec.row.ct;
      return;
    case 'lost-phase':
      return meter.wire({ lost: [] });
    case 'reversed-phase':
      return meter.wire({ reversed: [] });
    case 'crossed-phases':
      return meter.wire({ crossed: [] });
  }
}

function ratioOf(text: string): Ratio {
  const [primary = 1, secondary = 1] = text.split('/').map(Number);
  return { primary, secondary };
}
