/** Entries of the journals of the meters, oldest first. */
import type { ReportRow } from '../../shared/api/reports.ts';
import type { MeterEvent } from '../../shared/domain/meter-event.ts';
import { EVENT_TEXTS, writeCodeText } from '../../shared/i18n/meter-events.ts';
import { meterFaultText } from '../../shared/i18n/meter-faults.ts';
import type { Language } from '../../shared/i18n/language.ts';
import { periodOf } from '../metering/zone.ts';
import { plain, type ReportDeclaration, type SectionContent, textColumn } from './document.ts';
import { metersOfPoint } from './readings.ts';
import { chosenPoints, type ChosenPoint, type ReportSource } from './source.ts';
import { isoMoment, numberText, reportTexts } from './words.ts';

export const events: ReportDeclaration = {
  name: 'events',
  choices: ['points', 'substation'],
  isLandscape: false,
  mostDays: 92,
  sections(source, request) {
    const texts = reportTexts(source.language);
    return [
      {
        name: texts.titles.events,
        heading: null,
        columns: [
          { title: texts.events.at, unit: null, kind: 'moment', digits: 0, width: 19 },
          textColumn(texts.point, 28),
          textColumn(texts.serial, 13),
          textColumn(texts.events.event, 34),
          textColumn(texts.events.details, 24),
        ],
        content: () => eventContent(source, chosenPoints(source, request), request),
      },
    ];
  },
};

async function eventContent(
  source: ReportSource,
  points: readonly ChosenPoint[],
  { from, to }: { readonly from: string; readonly to: string },
): Promise<SectionContent> {
  const texts = reportTexts(source.language);
  const { fromUtc, toUtc } = periodOf(from, to, source.zone);
  const all: { readonly point: ChosenPoint; readonly serial: string; readonly event: MeterEvent }[] = [];
  for (const point of points) {
    for (const { installation, meter } of metersOfPoint(source, point.id, fromUtc, toUtc)) {
      const since = Math.max(fromUtc, installation.fromUtc ?? fromUtc);
      const until = Math.min(toUtc, installation.toUtc ?? toUtc);
      all.push(...source.events(meter.id, since, until).map((event) => ({ point, serial: meter.serial, event })));
    }
    await source.turn();
  }
  const rows = all
    .sort((a, b) => a.event.atUtc - b.event.atUtc)
    .map(
      ({ point, serial, event }): ReportRow => ({
        kind: 'data',
        cells: [
          plain(isoMoment(event.atUtc, source.zone)),
          plain(point.name),
          plain(serial),
          plain(EVENT_TEXTS[event.kind][source.language]),
          plain(detailText(event, source.language)),
        ],
      }),
    );
  return { facts: [], rows, results: [], notes: rows.length === 0 ? [texts.events.none] : [] };
}

/** The other fields of an entry in words; one that has no word stands as it came rather than be lost. */
function detailText({ details }: MeterEvent, language: Language): string {
  const { events: texts } = reportTexts(language);
  return Object.entries(details)
    .flatMap(([name, value]) => {
      if (value === null || value === undefined || value === '') return [];
      const text = String(value);
      switch (name) {
        case 'phase':
          return [`${texts.phase} ${['A', 'B', 'C'][Number(value) - 1] ?? text}`];
        case 'faults':
          return text.split(/[ ,]/).map((code) => meterFaultText(code, language));
        case 'codes':
          return text.split(/[ ,]/).map((code) => writeCodeText(code, language));
        case 'movedS':
          return [`${Number(value) > 0 ? '+' : '−'}${Math.abs(Number(value))} ${texts.seconds}`];
        case 'durationMs':
          return [`${numberText(String(value), language)} ${texts.milliseconds}`];
        case 'percent':
          return [`${numberText(text, language)} %`];
        default:
          return [`${name}: ${text}`];
      }
    })
    .join('; ');
}
