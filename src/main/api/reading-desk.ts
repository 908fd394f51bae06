/** Readings that people bring from meters without a link: checked before they are written down, never changed afterwards. */
import { AppError } from '../../shared/api/errors.ts';
import type { ManualReadingView, ReadingCheck } from '../../shared/api/replacement.ts';
import { HALF_HOUR_S, isoUtc, type UtcSeconds } from '../../shared/domain/time.ts';
import { meterChannel, type Rational, roundHalfUp } from '../metering/energy.ts';
import { checkReading, type DatedReading } from '../metering/replacement/reading-check.ts';
import { parseMoment } from '../metering/zone.ts';
import type { ManualReading, Store } from '../store/store.ts';
import type { HandlerParams, Handlers } from './dispatch.ts';
import { monthOf, monthPeriod } from './month-period.ts';
import { replacementContext } from './replacement-source.ts';
import type { Site } from './site.ts';

export interface ReadingDeskDeps {
  readonly site: Site;
  readonly store: Store;
  readonly onReplaced: (month: string) => void;
}

export function readingHandlers({
  site,
  store,
  onReplaced,
}: ReadingDeskDeps): Pick<Handlers, 'readings.list' | 'readings.check' | 'readings.enter' | 'readings.withdraw'> {
  const viewOf = (id: number): ManualReadingView => {
    const reading = store.manualReadings.get(id);
    if (reading === null) throw new AppError('api/not-found', 'There is no such reading', { context: { readingId: id } });
    return readingView(site, reading);
  };
  return {
    'readings.list': ({ month }) => {
      const { fromUtc, toUtc } = monthPeriod(site, month);
      // The reading of the midnight that ends a month belongs to it as well as to the next.
      return store.manualReadings.list(fromUtc, toUtc + 1).map((reading) => readingView(site, reading));
    },
    'readings.check': (reading) => checkOf(site, reading),
    'readings.enter': ({ author, reason, isConfirmed, ...reading }, { transport }) => {
      const { doubts } = checkOf(site, reading);
      if (doubts.some(({ isRefusal }) => isRefusal) || (doubts.length > 0 && !isConfirmed)) {
        throw new AppError('api/invalid-argument', 'The reading does not fit those before and after it', {
          context: { doubts: doubts.map(({ code }) => code) },
          hint: 'Read the meter again. What is only unusual may be confirmed.',
        });
      }
      const { point } = site.point(reading.pointId);
      const atUtc = parseMoment(reading.at, site.zone);
      const { pointId, channel, tariff, isRollOver } = reading;
      const written = { pointId, atUtc, channel, tariff, readingWh: Number(reading.reading), isRollOver, author, reason };
      const id = store.manualReadings.add(written, point.code, `${author} (${transport})`);
      onReplaced(monthOf(site, atUtc));
      return viewOf(id);
    },
    'readings.withdraw': ({ readingId, author, reason }, { transport }) => {
      const { code } = viewOf(readingId);
      store.manualReadings.withdraw(readingId, code, { author, who: `${author} (${transport})`, reason });
      const view = viewOf(readingId);
      onReplaced(monthOf(site, parseMoment(view.at, site.zone)));
      return view;
    },
  };
}

function checkOf(site: Site, reading: HandlerParams<'readings.check'>): ReadingCheck {
  site.point(reading.pointId);
  const atUtc = parseMoment(reading.at, site.zone);
  const stood = site.installations(reading.pointId).find(({ range }) => atUtc >= range.fromUtc && atUtc < range.toUtc);
  if (stood === undefined) {
    throw new AppError('api/conflict', 'No meter stood at the point at that moment', { hint: 'Check the date of the reading.' });
  }
  const known = knownReadings(site, reading, stood.installation.id);
  const before = known.findLast((one) => one.atUtc < atUtc) ?? null;
  const { registerDigits, maxPowerW } = replacementContext(site).rulesOf(reading.pointId);
  const { doubts, energy, usual } = checkReading({
    reading: { atUtc, readingWh: Number(reading.reading), isRollOver: reading.isRollOver },
    before,
    after: known.find((one) => one.atUtc > atUtc) ?? null,
    earlier: before === null ? null : earlierThan(known, before),
    installation: stood.installation,
    digits: registerDigits,
    maxPowerW,
    unusualTimes: site.settings.replacement.unusualTimes,
    nowUtc: site.nowUtc(),
  });
  return {
    doubts: [...doubts],
    before: dated(before),
    after: dated(known.find((one) => one.atUtc > atUtc) ?? null),
    energy: wholeText(energy),
    usual: wholeText(usual),
    countsFrom: isoUtc(Math.round(atUtc / HALF_HOUR_S) * HALF_HOUR_S),
  };
}

/** A day at least lies between the two readings that say what is usual. */
const USUAL_OVER_S = 86_400;

function earlierThan(known: readonly DatedReading[], before: DatedReading): DatedReading | null {
  return known.findLast(({ atUtc }) => atUtc <= before.atUtc - USUAL_OVER_S) ?? null;
}

/** Of the same register of the same meter, by the meter itself and by people, in order of time. */
function knownReadings(site: Site, { pointId, channel, tariff }: HandlerParams<'readings.check'>, installationId: number): DatedReading[] {
  const place = site.installations(pointId).find(({ installation }) => installation.id === installationId);
  if (place === undefined) return [];
  const counted = meterChannel(place.installation.direction, channel);
  const isHere = (at: UtcSeconds) => at >= place.range.fromUtc && at <= place.range.toUtc;
  const ofMeter = site.store.registers.list([place.meter.id]).flatMap((register): DatedReading[] => {
    const readingWh = counted === null || register.tariff !== tariff ? null : register.energy[counted];
    return readingWh === null ? [] : [{ atUtc: register.momentUtc, readingWh }];
  });
  const written = site.store.manualReadings.ofPoint(pointId).filter((one) => one.channel === channel && one.tariff === tariff);
  return [...ofMeter, ...written].filter(({ atUtc }) => isHere(atUtc)).sort((a, b) => a.atUtc - b.atUtc);
}

function readingView(site: Site, reading: ManualReading): ManualReadingView {
  const point = site.plant.points.find(({ id }) => id === reading.pointId);
  const { withdrawnUtc, withdrawnBy, withdrawnReason } = reading;
  return {
    readingId: reading.id,
    pointId: reading.pointId,
    code: point?.code ?? '',
    name: point?.name ?? '',
    at: isoUtc(reading.atUtc),
    channel: reading.channel,
    tariff: reading.tariff,
    reading: String(reading.readingWh),
    isRollOver: reading.isRollOver,
    author: reading.author,
    reason: reading.reason,
    madeAt: isoUtc(reading.madeUtc),
    withdrawn: withdrawnUtc === null ? null : { at: isoUtc(withdrawnUtc), by: withdrawnBy ?? '', reason: withdrawnReason ?? '' },
  };
}

function dated(reading: DatedReading | null) {
  return reading === null ? null : { at: isoUtc(reading.atUtc), reading: String(reading.readingWh) };
}

function wholeText(energy: Rational | null): string | null {
  return energy === null ? null : String(roundHalfUp(energy, 0));
}
