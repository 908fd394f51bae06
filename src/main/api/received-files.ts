/** Files 80020 of others: taken in, told of, held against our own figures. */
import type { ComparedChannel, ReceivedFileRow, ReceivedImport } from '../../shared/api/supplier.ts';
import type { ReceivedFile } from '../../shared/domain/received.ts';
import { isoUtc } from '../../shared/domain/time.ts';
import { isZip, type NamedFile, unzipXmlFiles } from '../export/xml80020/archive.ts';
import { codedPoints } from '../export/xml80020/figures.ts';
import { compareReceived, type ReadReceived, readReceived } from '../export/xml80020/receive.ts';
import { decimalText, type Rational, subtract } from '../metering/energy.ts';
import type { NewSourcePoint, Store } from '../store/store.ts';
import { settlementSource } from './settlement-source.ts';
import type { Site } from './site.ts';

export interface ReceiveOrder {
  readonly file: NamedFile;
  /** Points of the file without a meter here live by it. */
  readonly isSource: boolean;
  readonly who: string;
}

/** Takes in every document of a file or an archive; all are read before the first is kept. Throws `import/*` and `api/conflict`. */
export async function receiveFiles(site: Site, store: Store, { file, isSource, who }: ReceiveOrder): Promise<ReceivedImport[]> {
  const documents = isZip(file.bytes) ? unzipXmlFiles(file.bytes) : [file];
  const read: ReadReceived[] = [];
  for (const document of documents) read.push(await readReceived(document, site.settings));
  return read.map((one) => keep(site, store, one, isSource, who));
}

function keep(site: Site, store: Store, { file, days, points, faults }: ReadReceived, isSource: boolean, who: string): ReceivedImport {
  const receivedUtc = site.nowUtc();
  const { outcome } = store.received.add({ ...file, receivedUtc, who }, days);
  const codes = new Map(codedPoints(site.plant).map((point) => [point.code80020, point]));
  const unknown = points.filter(({ code }) => !codes.has(code));
  let sources = 0;
  if (isSource) {
    const meterless = points.flatMap(({ code }) => {
      const point = codes.get(code);
      return point === undefined || hasMeter(site, point.id) ? [] : [point.id];
    });
    const taken = new Set(site.plant.points.map(({ code }) => code));
    const made = unknown.map(({ code, name, area }): NewSourcePoint => {
      const own = taken.has(code) ? `${code}-${file.senderInn}` : code;
      return { code: own, name: name === '' ? code : name, substation: area === '' ? file.senderName : area, code80020: code };
    });
    store.received.addSources(file.senderInn, meterless, made, who, receivedUtc);
    sources = meterless.length + made.length;
    site.refresh();
  }
  return {
    file: file.name,
    sender: { inn: file.senderInn, name: file.senderName },
    messageClass: file.messageClass,
    number: file.number,
    day: file.day,
    outcome,
    points: points.length,
    channels: days.length,
    faults: [...faults],
    unknownPoints: isSource ? [] : unknown.map(({ code }) => code),
    sources,
  };
}

/** A point whose meter stands there now is read by ourselves. */
function hasMeter(site: Site, pointId: number): boolean {
  return site.plant.installations.some((one) => one.pointId === pointId && one.kind === 'main' && (one.toUtc ?? Infinity) > site.nowUtc());
}

export function receivedFileRow({ id, senderInn, senderName, receivedUtc, ...file }: ReceivedFile): ReceivedFileRow {
  const { messageClass, number, day, name, who } = file;
  return { id, sender: { inn: senderInn, name: senderName }, messageClass, number, day, name, receivedAt: isoUtc(receivedUtc), who };
}

/** What was received for a day beside our own figures, in the order of codes and channels. */
export function comparison(site: Site, day: string): ComparedChannel[] {
  const text = (value: Rational | null) => (value === null ? null : decimalText(value));
  const sources = new Set(site.store.received.sources().map(({ pointId }) => pointId));
  const compared = compareReceived(site.store.received.ofDay(day), codedPoints(site.plant), settlementSource(site));
  return compared.map(({ point, ours, theirs, places, ...row }) => ({
    ...row,
    pointId: point?.id ?? null,
    pointName: point?.name ?? null,
    isSource: point !== null && sources.has(point.id),
    ours: text(ours),
    theirs: text(theirs),
    difference: ours === null || theirs === null ? null : decimalText(subtract(theirs, ours)),
    places: places.map((place) => ({ start: isoUtc(place.startUtc), ours: text(place.ours), theirs: text(place.theirs) })),
  }));
}
