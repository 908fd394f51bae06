/** What is known of the profile ring of one meter: which places were read, what times stand there, and where to look for a time. */
import type { CompletedExchange } from '../../shared/domain/exchange.ts';
import type { AbsenceReason } from '../../shared/domain/interval.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { ProfileHead, ProfileSlot } from '../drivers/driver.ts';
import { isWhole, type RecordSlot } from './profile-fill.ts';
import { clipRanges, type Range } from './ranges.ts';

/** A day and a third of half-hours: clocks are set back by less. */
const SEARCHED_BEHIND_HOLE = 64;
/** So many places at the end of the ring are looked at before the meter is believed that it has not come round. */
const PLACES_BELIEVED = 17;
/** Records that the meter may write while the ring is being read: they take the oldest places. */
const MOST_WRITTEN_MEANWHILE = 16;

/** Places in a row whose content follows from the first: whole records one length apart, or nothing. A part stands alone. */
interface Run {
  readonly newestBack: number;
  readonly oldestBack: number;
  /** `blank`: never written. `overtaken`: written again since the head was read. */
  readonly kind: 'whole' | 'part' | 'blank' | 'overtaken';
  /** Start of the record at `newestBack`; each older one starts a length earlier. */
  readonly startUtc: UtcSeconds;
  readonly lengthS: number;
}

/** A record as it was read. */
interface Known {
  readonly slot: RecordSlot;
  readonly exchanges: readonly CompletedExchange[];
}

/** Places between two records of the present lap, some of which were never read. */
interface Region {
  /** The record on the newer side; the head of the ring always is one. */
  readonly newer: Run;
  /** `null` = the region ends with the ring. */
  readonly older: Run | null;
  readonly unread: readonly Places[];
}

/** Places counted back from the newest record, both ends included. */
export interface Places {
  readonly newestBack: number;
  readonly oldestBack: number;
}

/** Where to read next: the place that is most likely, and the places around it that are worth reading with it. */
export interface NextPlace extends Places {
  readonly likelyBack: number;
}

export class RingMap {
  #head: ProfileHead | null = null;
  /** Ordered by place, newest first. */
  #runs: Run[] = [];
  /** Figures of records that are not settled yet, by place. */
  #known = new Map<number, Known>();
  /** Regions whose times were compared with what is known from newer places. */
  #compared: Places[] = [];

  get head(): ProfileHead | null {
    return this.#head;
  }

  /**
   * The ring goes on from here. Returns the times that records were closed for since the last head: whatever is stored of them was
   * recorded before, and a power cut or a clock that was set back has added to it.
   */
  useHead(head: ProfileHead): Range | null {
    const previous = this.#head;
    this.#head = head;
    const { newestStartUtc, ringSlots, place, periodMin } = head;
    if (newestStartUtc === null) {
      this.#clear();
      return null;
    }
    const moved = previous === null || place === null || previous.place === null ? null : (place - previous.place + ringSlots) % ringSlots;
    const passedS = previous === null || previous.newestStartUtc === null ? null : newestStartUtc - previous.newestStartUtc;
    const isSameRing = previous !== null && previous.ringSlots === ringSlots && previous.periodMin === periodMin;
    const periodS = periodMin * 60;
    if (isSameRing && moved !== null && passedS === moved * periodS) {
      this.#shift(moved);
      return moved === 0 ? null : { fromUtc: newestStartUtc - (moved - 1) * periodS, toUtc: newestStartUtc + periodS };
    }
    this.#clear();
    this.#put(0, 'whole', newestStartUtc, periodS);
    return moved === null ? null : { fromUtc: newestStartUtc - moved * periodS, toUtc: newestStartUtc + periodS };
  }

  /**
   * What an exchange brought. `isNews` is false when all of it was known; `added` are times that may have been settled too early: a
   * record was found that adds to another one, or a region came to light that may hold another one of theirs.
   */
  learn(
    slots: readonly ProfileSlot[],
    exchanges: readonly CompletedExchange[],
  ): { readonly isNews: boolean; readonly added: readonly Range[] } {
    let isNews = false;
    const found: RecordSlot[] = [];
    for (const slot of slots) {
      if (slot.kind === 'implausible') continue;
      const run = this.#runAt(slot.slotsBack);
      isNews ||= run === null || (isRecord(run) && !this.#known.has(slot.slotsBack));
      if (slot.kind === 'never-written') {
        this.#put(slot.slotsBack, 'blank', 0, 0);
      } else if (this.#isOvertaken(slot)) {
        this.#put(slot.slotsBack, 'overtaken', 0, 0);
      } else {
        if (run === null) found.push(slot);
        this.#known.set(slot.slotsBack, { slot, exchanges });
        this.#put(slot.slotsBack, isWhole(slot) ? 'whole' : 'part', slot.interval.startUtc, slot.interval.lengthS);
      }
    }
    this.#knowFirstLap();
    const added = found.map(timesOf).filter((times) => {
      const kinds = this.#placesOf(times).map((back) => this.#runAt(back)?.kind);
      return kinds.length > 1 && kinds.includes('part');
    });
    return { isNews, added: [...added, ...this.#repeatedTimes()] };
  }

  /** Records that touch these times, and with them the records that touch those, in the order in which the meter closed them. */
  recordsOf(wanted: Range): readonly Known[] {
    return this.#placesOf(this.groupOf(wanted))
      .toSorted((a, b) => b - a)
      .flatMap((back) => this.#known.get(back) ?? []);
  }

  /** The times that have to be settled together with these: records of different lengths may overlap. */
  groupOf(wanted: Range): Range {
    let group = wanted;
    for (;;) {
      let { fromUtc, toUtc } = group;
      for (const run of this.#runs) {
        if (!isRecord(run) || !touches(run, group)) continue;
        const [first, last] = placesWithin(run, group);
        if (first > last) continue;
        toUtc = Math.max(toUtc, startAt(run, first) + run.lengthS);
        fromUtc = Math.min(fromUtc, startAt(run, last));
      }
      if (fromUtc === group.fromUtc && toUtc === group.toUtc) return group;
      group = { fromUtc, toUtc };
    }
  }

  /** The place to read for these times; `null` when everything that can be known of them is known. */
  nextPlace(wanted: Range): NextPlace | null {
    const head = this.#head;
    if (head === null) return null;
    const group = this.groupOf(wanted);
    if (head.isCalendar) return this.#calendarPlace(group);
    for (const back of this.#placesOf(group)) {
      if (!this.#known.has(back)) return { likelyBack: back, newestBack: back, oldestBack: this.#runAt(back)?.oldestBack ?? back };
      if (this.#runAt(back)?.kind !== 'part') continue;
      // The other parts of an interval lie beside it.
      for (const beside of [back + 1, back - 1]) {
        if (beside >= 0 && beside < head.ringSlots && this.#runAt(beside) === null) {
          return { likelyBack: beside, newestBack: beside, oldestBack: beside };
        }
      }
    }
    for (const region of this.#regions(head.ringSlots)) {
      if (!mayHold(region, group)) continue;
      const nearest = nearestPlace(region.unread, likelyPlace(region, group));
      if (nearest === null) continue;
      // Behind the first lap nothing was written: the end of the ring shows it at once.
      const isBehindFirstLap = head.hasOverflowed === false && head.place !== null && nearest.likelyBack > head.place;
      return isBehindFirstLap ? nearestPlace(region.unread, head.ringSlots - 1) : nearest;
    }
    return this.#placesOf(group).length > 0 ? null : this.#unreadBehind(wanted);
  }

  /** For times of which everything is known and no record exists: why, and the times around them that have no record for the same reason. */
  absenceOf(wanted: Range): { readonly reason: AbsenceReason; readonly hole: Range } {
    if (this.#head?.isCalendar === true)
      return { reason: this.#placeOf(wanted) < this.#head.ringSlots ? 'never-recorded' : 'overwritten', hole: wanted };
    const live = this.#live();
    const around = holeAround(live, wanted);
    if (around !== null) {
      const [newer, older] = around;
      const toUtc = startAt(newer, newer.oldestBack);
      const fromUtc = older.startUtc + older.lengthS;
      const hole = { fromUtc, toUtc };
      if (this.#hasBlank(newer.oldestBack, older.newestBack)) return { reason: 'never-recorded', hole };
      // The pointer goes on without supply (mercury.md 8.3); places that do not suffice for the time mean a clock set forwards.
      const skipped = older.newestBack - newer.oldestBack - 1;
      return { reason: skipped * newer.lengthS >= toUtc - fromUtc ? 'meter-off' : 'clock-changed', hole };
    }
    const oldest = live.at(-1);
    const toUtc = oldest === undefined ? wanted.toUtc : Math.max(wanted.toUtc, startAt(oldest, oldest.oldestBack));
    const isBlank = this.#hasBlank(oldest?.oldestBack ?? -1, this.#head?.ringSlots ?? 0);
    return { reason: isBlank ? 'never-recorded' : 'overwritten', hole: { fromUtc: Number.NEGATIVE_INFINITY, toUtc } };
  }

  /** Lets go of the figures that `isOpen` does not ask for any more; what times stand where stays known. */
  release(isOpen: (range: Range) => boolean): void {
    for (const [back, { slot }] of this.#known) if (!isOpen(this.groupOf(timesOf(slot)))) this.#known.delete(back);
  }

  #clear(): void {
    this.#runs = [];
    this.#known.clear();
    this.#compared = [];
  }

  /** `moved` records more lie before everything that is known. */
  #shift(moved: number): void {
    const head = this.#head;
    if (moved === 0 || head === null || head.newestStartUtc === null) return;
    const last = head.ringSlots - 1;
    this.#runs = this.#runs.flatMap((run) => {
      const newestBack = run.newestBack + moved;
      return newestBack > last ? [] : [{ ...run, newestBack, oldestBack: Math.min(last, run.oldestBack + moved) }];
    });
    this.#known = new Map([...this.#known].flatMap(([back, known]) => (back + moved > last ? [] : [[back + moved, known] as const])));
    this.#compared = this.#compared.map(({ newestBack, oldestBack }) => ({
      newestBack: newestBack + moved,
      oldestBack: oldestBack + moved,
    }));
    this.#put(0, 'whole', head.newestStartUtc, head.periodMin * 60);
  }

  /** Times that are known from newer places and may have been recorded before in a region that nobody has read: the clock was set back. */
  #repeatedTimes(): Range[] {
    return this.#regions(this.#head?.ringSlots ?? 0).flatMap((region) => {
      const { newer, older } = region;
      if (older === null) return [];
      const isSeen = this.#compared.some((seen) => seen.newestBack <= newer.oldestBack && older.newestBack <= seen.oldestBack);
      if (isSeen) return [];
      this.#compared.push({ newestBack: newer.oldestBack, oldestBack: older.newestBack });
      const surplusS = surplusOf(region);
      const held = { fromUtc: older.startUtc + older.lengthS - surplusS, toUtc: startAt(newer, newer.oldestBack) + surplusS };
      const known = this.#runs.filter((run) => isRecord(run) && run.newestBack <= newer.oldestBack);
      return clipRanges(
        known.map((run) => ({ fromUtc: startAt(run, run.oldestBack), toUtc: run.startUtc + run.lengthS })),
        held,
      );
    });
  }

  #put(back: number, kind: Run['kind'], startUtc: UtcSeconds, lengthS: number): void {
    const others = this.#runs.flatMap((run) => without(run, back));
    const run = { newestBack: back, oldestBack: back, kind, startUtc, lengthS };
    const at = others.findIndex(({ newestBack }) => newestBack > back);
    others.splice(at === -1 ? others.length : at, 0, run);
    this.#runs = joined(others);
  }

  #runAt(back: number): Run | null {
    return this.#runs.find(({ newestBack, oldestBack }) => newestBack <= back && back <= oldestBack) ?? null;
  }

  #placesOf(range: Range): number[] {
    return this.#runs.flatMap((run) => {
      if (!isRecord(run) || !touches(run, range)) return [];
      const [first, last] = placesWithin(run, range);
      return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
    });
  }

  /** Runs of the present lap: a place that was skipped keeps the record of the lap before, far too old for where it stands. */
  #live(): Run[] {
    const ringSlots = this.#head?.ringSlots ?? 0;
    const live: Run[] = [];
    for (const run of this.#runs) {
      if (!isRecord(run)) continue;
      const newer = live.at(-1);
      if (newer !== undefined) {
        const expected = startAt(newer, newer.oldestBack) - (run.newestBack - newer.oldestBack) * newer.lengthS;
        if (run.startUtc <= expected - (ringSlots * newer.lengthS) / 2) continue;
      }
      live.push(run);
    }
    return live;
  }

  #regions(ringSlots: number): Region[] {
    const live = this.#live();
    return live.flatMap((newer, index) => {
      const older = live[index + 1] ?? null;
      const unread = this.#unread(newer.oldestBack + 1, (older?.newestBack ?? ringSlots) - 1);
      return unread.length === 0 ? [] : [{ newer, older, unread }];
    });
  }

  #unread(newestBack: number, oldestBack: number): Places[] {
    const unread: Places[] = [];
    let next = newestBack;
    for (const run of this.#runs) {
      if (run.oldestBack < next) continue;
      if (run.newestBack > oldestBack) break;
      if (run.newestBack > next) unread.push({ newestBack: next, oldestBack: run.newestBack - 1 });
      next = run.oldestBack + 1;
    }
    if (next <= oldestBack) unread.push({ newestBack: next, oldestBack });
    return unread;
  }

  #placeOf({ fromUtc }: Range): number {
    const { newestStartUtc = null, periodMin = 0 } = this.#head ?? {};
    return newestStartUtc === null ? 0 : Math.round((newestStartUtc - fromUtc) / (periodMin * 60));
  }

  #calendarPlace(wanted: Range): NextPlace | null {
    const back = this.#placeOf(wanted);
    const run = this.#runAt(back);
    if (back < 0 || back >= (this.#head?.ringSlots ?? 0) || run?.kind === 'blank' || this.#known.has(back)) return null;
    return { likelyBack: back, newestBack: back, oldestBack: (this.#head?.ringSlots ?? 0) - 1 };
  }

  /** A ring that has not come round was never written behind the newest record: its first places are at the start of the memory (mercury.md 8.3). */
  #knowFirstLap(): void {
    const { hasOverflowed = null, place = null, ringSlots = 0 } = this.#head ?? {};
    if (hasOverflowed !== false || place === null || place + 1 >= ringSlots) return;
    const last = this.#runs.at(-1);
    const isBelieved = last?.kind === 'blank' && last.oldestBack === ringSlots - 1 && last.newestBack <= ringSlots - PLACES_BELIEVED;
    if (!isBelieved || last.newestBack <= place + 1) return;
    const never = { ...last, newestBack: place + 1 };
    this.#runs = joined([...this.#runs.filter(({ newestBack }) => newestBack < never.newestBack), never]);
  }

  #isOvertaken({ slotsBack, interval }: RecordSlot): boolean {
    const { ringSlots = 0, newestStartUtc = null } = this.#head ?? {};
    return slotsBack >= ringSlots - MOST_WRITTEN_MEANWHILE && newestStartUtc !== null && interval.startUtc > newestStartUtc;
  }

  /** A hole may be one of a clock that was set back over times recorded before it: they lie not far behind it. */
  #unreadBehind(wanted: Range): NextPlace | null {
    const older = holeAround(this.#live(), wanted)?.[1];
    if (older === undefined) return null;
    const last = Math.min((this.#head?.ringSlots ?? 0) - 1, older.newestBack + SEARCHED_BEHIND_HOLE);
    const unread = this.#unread(older.newestBack, last)[0];
    return unread === undefined ? null : { ...unread, likelyBack: unread.newestBack };
  }

  #hasBlank(afterBack: number, beforeBack: number): boolean {
    return this.#runs.some(({ kind, newestBack }) => kind === 'blank' && newestBack > afterBack && newestBack < beforeBack);
  }
}

function timesOf({ interval: { startUtc, lengthS } }: RecordSlot): Range {
  return { fromUtc: startUtc, toUtc: startUtc + lengthS };
}

/** The newest two records in a row, newer first, that have these times between them. */
function holeAround(live: readonly Run[], { fromUtc, toUtc }: Range): readonly [Run, Run] | null {
  for (const [index, older] of live.entries()) {
    const newer = live[index - 1];
    if (newer === undefined) continue;
    if (startAt(newer, newer.oldestBack) >= toUtc && older.startUtc + older.lengthS <= fromUtc) return [newer, older];
  }
  return null;
}

function isRecord({ kind }: Run): boolean {
  return kind === 'whole' || kind === 'part';
}

function startAt(run: Run, back: number): UtcSeconds {
  return run.startUtc - (back - run.newestBack) * run.lengthS;
}

function touches(run: Run, { fromUtc, toUtc }: Range): boolean {
  return startAt(run, run.oldestBack) < toUtc && run.startUtc + run.lengthS > fromUtc;
}

/** Places of a run whose records touch the range; the first lies after the last when there are none. */
function placesWithin(run: Run, { fromUtc, toUtc }: Range): [first: number, last: number] {
  const first = run.newestBack + Math.max(0, Math.floor((run.startUtc - toUtc) / run.lengthS) + 1);
  const last = run.newestBack + Math.ceil((run.startUtc + run.lengthS - fromUtc) / run.lengthS) - 1;
  return [first, Math.min(run.oldestBack, last)];
}

function without(run: Run, back: number): Run[] {
  if (back < run.newestBack || back > run.oldestBack) return [run];
  const parts: Run[] = [];
  if (back > run.newestBack) parts.push({ ...run, oldestBack: back - 1 });
  if (back < run.oldestBack) parts.push({ ...run, newestBack: back + 1, startUtc: startAt(run, back + 1) });
  return parts;
}

function joined(runs: readonly Run[]): Run[] {
  const result: Run[] = [];
  for (const run of runs) {
    const last = result.at(-1);
    if (last !== undefined && isContinued(last, run)) result[result.length - 1] = { ...last, oldestBack: run.oldestBack };
    else result.push(run);
  }
  return result;
}

function isContinued(newer: Run, older: Run): boolean {
  if (older.newestBack !== newer.oldestBack + 1 || older.kind !== newer.kind || newer.kind === 'part') return false;
  return newer.kind !== 'whole' || (older.lengthS === newer.lengthS && older.startUtc === startAt(newer, older.newestBack));
}

/**
 * Whether a record of these times may lie in the region. More places than time has passed between its ends mean that a power cut added
 * records or that the clock was set back inside: then as much time more may lie there, at either side.
 */
function mayHold(region: Region, { fromUtc, toUtc }: Range): boolean {
  const { newer, older } = region;
  const newestUtc = startAt(newer, newer.oldestBack);
  if (older === null) return fromUtc < newestUtc;
  const surplusS = surplusOf(region);
  return fromUtc < newestUtc + surplusS && toUtc > older.startUtc + older.lengthS - surplusS;
}

/** Seconds by which the places between the ends of a region exceed the time between them. */
function surplusOf({ newer, older }: Region): number {
  if (older === null) return 0;
  const lengthS = Math.max(newer.lengthS, older.lengthS);
  return Math.max(0, (older.newestBack - newer.oldestBack) * lengthS - (startAt(newer, newer.oldestBack) - older.startUtc));
}

/** By the nearer end of the region, as if nothing had happened on the way from there. */
function likelyPlace({ newer, older }: Region, { fromUtc }: Range): number {
  const newestUtc = startAt(newer, newer.oldestBack);
  const byNewer = newer.oldestBack + Math.round((newestUtc - fromUtc) / newer.lengthS);
  if (older === null || Math.abs(newestUtc - fromUtc) <= Math.abs(fromUtc - older.startUtc)) return byNewer;
  return older.newestBack - Math.round((fromUtc - older.startUtc) / older.lengthS);
}

function nearestPlace(unread: readonly Places[], back: number): NextPlace | null {
  const nearest = unread.toSorted((a, b) => distance(a, back) - distance(b, back))[0];
  return nearest === undefined ? null : { ...nearest, likelyBack: clamp(back, nearest.newestBack, nearest.oldestBack) };
}

function distance({ newestBack, oldestBack }: Places, back: number): number {
  return Math.max(0, newestBack - back, back - oldestBack);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
