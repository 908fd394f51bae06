/** From what a line has said to what is wrong with it, by name. Pure; the texts are made elsewhere from code and parameters. */
import type { Finding, FindingCode, FindingWeight } from '../../shared/domain/finding.ts';
import { shownHex } from './exchange-log.ts';
import { type AddressRecord, type LineRecord, serialsAt } from './record.ts';

/** Noise, frames of another master: fewer than this may be chance, or the pieces of one answer that came late. */
const LEAST_TIMES = 3;
/** So many asks of one address before damage there means two meters. */
const LEAST_ASKS = 4;
/** Two meters at one address damage at least this share of their answers. */
const COLLISION_SHARE = 0.5;
/** And they do it so many times as often as the other addresses of the line. */
const COLLISION_CONTRAST = 3;
/** Below this share of damaged answers, or of short ones, a line is in order. */
const CORRUPTION_SHARE = 0.02;

export interface Circumstances {
  /**
   * Addresses are so long that their first byte is an address of the other family, whose meters answer in their own way: damage
   * alone says nothing of the meter that was asked.
   */
  readonly hasLongAddresses: boolean;
  /** Every legal address of the family was asked at the setting. */
  readonly isComplete: boolean;
  /** Nobody was found, and not a byte came when every meter of the line was asked at once; `null` = not asked. */
  readonly isSilent: boolean | null;
  /** Serials of meters that answered the address of all meters and none of their own. */
  readonly zeroOnly: readonly string[];
  /** Damage that came from the address of all meters now and then, not each time as with several that collide; `null` = none. */
  readonly garbled: Uint8Array | null;
  /** The connection held while nothing was asked and was closed upon request after request. */
  readonly isClosedUpon: boolean;
  /** The connection was closed again and again before anything was asked. */
  readonly isClosedUnasked: boolean;
  /** The wait had to grow to this, beyond what a meter may take, milliseconds; `null` = it had not. */
  readonly slowMs: number | null;
}

/** Findings of the settings that were gone through; where meters answered, those settings alone speak for the line. */
export function findingsOf(records: readonly LineRecord[], given: Circumstances): Finding[] {
  const withMeters = records.filter(({ answering }) => answering.length > 0);
  const telling = withMeters.length > 0 ? withMeters : records;
  const found = telling.flatMap((record) => [...lineFindings(record, given), ...meterFindings(record, given)]);
  if (given.isClosedUpon && !found.some(({ code }) => code === 'gateway-framing')) found.push(finding('gateway-framing', 'fault', {}));
  if (given.isClosedUnasked) found.push(finding('gateway-busy', 'fault', {}));
  if (given.garbled !== null && given.isComplete && withMeters.length === 0 && !found.some(({ code }) => code === 'wrong-parity')) {
    const [record] = records;
    found.push(finding('wrong-parity', 'fault', { setting: record?.setting ?? null, addresses: 0, example: shownHex(given.garbled) }));
  }
  if (given.slowMs !== null) found.push(finding('gateway-slow', 'attention', { ms: Math.round(given.slowMs) }));
  if (given.isComplete) found.push(...given.zeroOnly.map((serial) => finding('zero-only', 'attention', { serial })));
  if (given.isSilent === true && found.length === 0) {
    found.push(finding('line-silent', 'fault', { settings: records.map(({ setting }) => setting).join(', ') }));
  }
  return found.filter(({ code, params }, index) => index === found.findIndex((other) => isSameFinding(other, { code, params })));
}

function lineFindings(record: LineRecord, given: Circumstances): Finding[] {
  const { exchanges, echoes, foreignFrames, modbusReplies, setting } = record;
  const sound = [...record.addresses.values()].filter((each) => !isShared(record, each));
  const answering = sound.filter(({ serials }) => serials.size > 0);
  const asks = sum(answering, (each) => each.answers + each.damaged + each.shortStrays);
  const short = sum(answering, (each) => each.shortDamaged + each.shortStrays);
  const spoiled = sum(answering, (each) => each.damaged + each.shortStrays);
  // Damage begins with the right byte as well when it hits a later one, yet keeps the length: mostly short means cut off.
  const isCut = short >= LEAST_TIMES && short / asks > CORRUPTION_SHARE && short * 2 > spoiled;
  const strays = sum(sound, (each) => each.strays) - (isCut ? sum(answering, (each) => each.shortStrays) : 0);
  const found: Finding[] = [];
  if (modbusReplies > 1) found.push(finding('gateway-framing', 'fault', { replies: modbusReplies }));
  if (echoes >= LEAST_TIMES) found.push(finding('echo', 'attention', { rate: percent(echoes, exchanges) }));
  // Who talks into our exchanges damages them and leaves pieces behind: one cause, one name.
  // A meter that answers more often than we asked was asked by somebody else.
  const intrusions = foreignFrames + sum(sound, (each) => Math.max(0, each.answers + each.lateReplies - each.asks));
  const isIntruded = intrusions >= LEAST_TIMES;
  if (isIntruded) found.push(finding('foreign-master', 'fault', { frames: intrusions }));
  const misread = misreadAddresses(record, given);
  if (misread.length > 0) {
    const example = misread[0]?.examples[0];
    found.push(
      finding('wrong-parity', 'fault', {
        setting,
        addresses: misread.length,
        example: example === undefined ? null : shownHex(example),
      }),
    );
  } else if (!isIntruded && strays >= LEAST_TIMES) {
    found.push(finding('noise', 'attention', { rate: percent(strays, exchanges), bytes: sum(sound, (each) => each.strayBytes) }));
  }
  if (!isIntruded && isCut) found.push(finding('truncation', 'attention', { rate: percent(short, asks) }));
  const damaged = sum(answering, (each) => each.damaged - (isCut ? each.shortDamaged : 0));
  if (!isIntruded && damaged >= LEAST_TIMES && damaged / asks > CORRUPTION_SHARE) {
    found.push(finding('corruption', 'attention', { rate: percent(damaged, asks) }));
  }
  return found;
}

function meterFindings(record: LineRecord, given: Circumstances): Finding[] {
  const isMisread = misreadAddresses(record, given).length > 0;
  return [...record.addresses.values()].flatMap((each) => {
    const found: Finding[] = [];
    if (each.repeatsCode > 0) found.push(finding('repeat-code', 'fault', { address: each.address }));
    const serials = serialsAt(each);
    if (!isMisread && isShared(record, each) && (serials.length > 0 || !given.hasLongAddresses)) {
      const example = each.examples[0];
      found.push(
        finding('duplicate-address', 'fault', {
          address: each.address,
          serials: serials.length === 0 ? null : serials.join(', '),
          example: example === undefined ? null : shownHex(example),
        }),
      );
    }
    return found;
  });
}

/** Two meters at one address: two serials were read there, or answers collide again and again where the rest of the line is sound. */
function isShared(record: LineRecord, each: AddressRecord): boolean {
  if (serialsAt(each).length > 1) return true;
  const collisions = each.damaged + each.trailed;
  if (each.asks < LEAST_ASKS || collisions < LEAST_TIMES || collisions / each.asks < COLLISION_SHARE) return false;
  // The line is measured by its other addresses, those apart that seem to be shared themselves.
  const others = record.answering.filter((other) => other.address !== each.address && other.answers >= other.damaged);
  const damagedElsewhere =
    sum(others, ({ damaged }) => damaged) /
    Math.max(
      1,
      sum(others, ({ asks }) => asks),
    );
  return collisions / each.asks >= COLLISION_CONTRAST * damagedElsewhere;
}

/**
 * Addresses whose answers come, and none of them whole, while nobody on the line answers well: the speed or the parity is
 * another one. A collision differs from answer to answer, a wrong parity damages the same bytes in the same way.
 */
function misreadAddresses(record: LineRecord, { hasLongAddresses }: Circumstances): readonly AddressRecord[] {
  if (hasLongAddresses || record.answering.length > 0) return [];
  const damaged = [...record.addresses.values()].filter((each) => each.damaged > 0);
  const differ = damaged.filter((each) => isShared(record, each) && new Set(each.examples.map((bytes) => shownHex(bytes))).size > 1);
  return differ.length < damaged.length ? damaged : [];
}

/** A finding with its weight. */
export function finding(code: FindingCode, weight: FindingWeight, params: Finding['params']): Finding {
  return { code, weight, params };
}

/** Whole per cent, 1 at least: what happened is never shown as 0 %. */
export function percent(part: number, whole: number): number {
  return part === 0 || whole === 0 ? 0 : Math.max(1, Math.round((100 * part) / whole));
}

/** One finding of a line, or one for each address or each meter without one. */
function isSameFinding(a: Pick<Finding, 'code' | 'params'>, b: Pick<Finding, 'code' | 'params'>): boolean {
  return a.code === b.code && a.params['address'] === b.params['address'] && a.params['serial'] === b.params['serial'];
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
