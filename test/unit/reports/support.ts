import { type BalanceOfSubstation, DEFAULT_REPORT_SETTINGS, type ReportSettings } from '../../../src/shared/api/report-settings.ts';
import { reportRequest, type ReportName, type ReportRow } from '../../../src/shared/api/reports.ts';
import type { Channel } from '../../../src/shared/domain/channel.ts';
import type { Formula } from '../../../src/shared/domain/formula.ts';
import type { SourcedInterval } from '../../../src/shared/domain/interval.ts';
import type { MeterEvent } from '../../../src/shared/domain/meter-event.ts';
import type { Plant } from '../../../src/shared/domain/plant.ts';
import type { RegisterReading } from '../../../src/shared/domain/register.ts';
import { perChannel } from '../../../src/main/metering/energy.ts';
import { siteZone } from '../../../src/main/metering/zone.ts';
import { makeDocument } from '../../../src/main/reports/catalog.ts';
import type { ReportDocument, SectionContent } from '../../../src/main/reports/document.ts';
import type { RecordedReplacement } from '../../../src/shared/domain/replacement.ts';
import type { DatedLosses, ReportSource, WrittenReading } from '../../../src/main/reports/source.ts';
import { cellText } from '../../../src/main/reports/words.ts';
import { interval, utc } from '../metering/plant.ts';

/** Everything that a report takes, as plain arrays. */
export class MemoryReportSource implements ReportSource {
  zone = siteZone('Europe/Moscow');
  language: 'ru' | 'en' = 'ru';
  site = { name: 'Завод', code: 'ZAVOD1', inn: '7701234567', kpp: '770101001' };
  settings: ReportSettings = DEFAULT_REPORT_SETTINGS;
  nowUtc = utc('2027-01-01T00:00:00Z');
  readonly profile = new Map<number, SourcedInterval[]>();
  readonly readings = new Map<number, RegisterReading[]>();
  readonly kept = new Map<number, readonly Channel[]>();
  readonly journal = new Map<number, MeterEvent[]>();
  readonly replaced: RecordedReplacement[] = [];
  readonly lossPeriods: DatedLosses[] = [];
  readonly balances = new Map<number, BalanceOfSubstation>();
  readonly formulaList: Formula[] = [];
  readonly #plant: Plant;

  constructor(plant: Plant) {
    this.#plant = plant;
  }

  plant() {
    return this.#plant;
  }
  intervals(meterId: number, fromUtc: number, toUtc: number) {
    return (this.profile.get(meterId) ?? []).filter(({ startUtc }) => startUtc >= fromUtc && startUtc < toUtc);
  }
  keptChannels(meterId: number) {
    return this.kept.get(meterId) ?? [];
  }
  replacements(pointId: number, fromUtc: number, toUtc: number) {
    return this.replaced.filter((one) => one.pointId === pointId && one.startUtc >= fromUtc && one.startUtc < toUtc);
  }
  registers(meterId: number, fromUtc: number, toUtc: number) {
    return (this.readings.get(meterId) ?? []).filter(({ momentUtc }) => momentUtc >= fromUtc && momentUtc <= toUtc);
  }
  readonly written: WrittenReading[] = [];
  writtenReadings() {
    return this.written;
  }
  reasonAt() {
    return () => 'not-read' as const;
  }
  events(meterId: number, fromUtc: number, toUtc: number) {
    return (this.journal.get(meterId) ?? []).filter(({ atUtc }) => atUtc >= fromUtc && atUtc < toUtc);
  }
  losses(pointId: number) {
    return this.lossPeriods.filter((one) => one.pointId === pointId);
  }
  balance(substationId: number) {
    return this.balances.get(substationId) ?? null;
  }
  formulas() {
    return this.formulaList;
  }

  /** The same count in every half-hour of `[from, to)`, given in UTC. */
  fill(meterId: number, from: string, to: string, counts: Parameters<typeof interval>[1]): void {
    const own = this.profile.get(meterId) ?? [];
    for (let start = utc(from); start < utc(to); start += 1800) own.push(interval(start, counts));
    this.profile.set(meterId, own);
  }

  /** Start-of-day registers, whole Wh. */
  read(meterId: number, at: string, figures: Partial<Record<Channel, number>>): void {
    const own = this.readings.get(meterId) ?? [];
    own.push({ kind: 'day-start', momentUtc: utc(at), tariff: 0, energy: perChannel((channel) => figures[channel] ?? null) });
    this.readings.set(meterId, own);
  }

  async turn(): Promise<void> {}
}

type Ask = { readonly from: string; readonly to: string } & Partial<Record<'pointIds' | 'formulaIds', number[]>> & {
    substationId?: number;
    channel?: Channel;
  };

/** A document with its figures worked out. */
export type MadeDocument = ReportDocument & { readonly filled: readonly SectionContent[] };

export async function documentOf(source: ReportSource, name: ReportName, ask: Ask): Promise<MadeDocument> {
  const document = makeDocument(source, reportRequest.parse({ name, ...ask }));
  const filled: SectionContent[] = [];
  for (const { content } of document.sections) filled.push(await content());
  return { ...document, filled };
}

export function contentOf({ filled }: MadeDocument, index = 0): SectionContent {
  const content = filled[index];
  if (content === undefined) throw new Error(`there is no section ${index}`);
  return content;
}

/** Rows as they are printed, no-break spaces as plain ones. */
export function printed(
  document: MadeDocument,
  index = 0,
  only: readonly ReportRow['kind'][] = ['data', 'group', 'subtotal', 'total'],
): string[][] {
  const section = document.sections[index];
  if (section === undefined) throw new Error(`there is no section ${index}`);
  return contentOf(document, index)
    .rows.filter(({ kind }) => only.includes(kind))
    .map(({ cells }) =>
      cells.map((cell, at) => {
        const column = section.columns[at];
        if (column === undefined) throw new Error(`there is no column ${at}`);
        return cellText(cell, column, document.language).replaceAll('\u00a0', ' ');
      }),
    );
}
