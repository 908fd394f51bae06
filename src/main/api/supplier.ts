/** The supplier's files as the API tells them. */
import { AppError } from '../../shared/api/errors.ts';
import type { MethodResult } from '../../shared/api/methods.ts';
import type { SupplierDay, SupplierFile, SupplierPreview } from '../../shared/api/supplier.ts';
import type { HeldDay, HoldReason, SupplierFileRecord } from '../../shared/domain/supplier-file.ts';
import { isoUtc, type UtcSeconds } from '../../shared/domain/time.ts';
import { marketDay } from '../export/xml80020/day.ts';
import { codedPoints, marketTimeOf, problemsOf } from '../export/xml80020/figures.ts';
import type { DayPreview } from '../export/xml80020/maker.ts';
import { decimalText } from '../metering/energy.ts';
import { addDays, daysBetween, startOfMonth } from '../metering/zone.ts';
import type { Store } from '../store/store.ts';
import type { Handlers } from './dispatch.ts';
import { comparison, receivedFileRow, receiveFiles } from './received-files.ts';
import type { Site } from './site.ts';
import type { SupplierDesk } from './xml80020-desk.ts';

export interface SupplierDeps {
  readonly site: Site;
  readonly store: Store;
  readonly supplier: SupplierDesk;
}

/** Refused replies that a screen shows. */
const REFUSED_SHOWN = 20;
/** Days whose data are looked through for a list: each takes a read of every point. */
const LOOKED_AT_DAYS = 7;

type SupplierMethod = Extract<keyof Handlers, `supplier.${string}`>;

export function supplierHandlers({ site, store, supplier }: SupplierDeps): Pick<Handlers, SupplierMethod> {
  const files = store.supplierFiles;
  const existing = (fileId: number): SupplierFileRecord => {
    const record = files.get(fileId);
    if (record === null) throw new AppError('api/not-found', `There is no supplier's file ${fileId}`, { context: { fileId } });
    return record;
  };
  return {
    'supplier.month': ({ month }) => supplierMonth(site, supplier, month),
    'supplier.preview': async ({ day }) => previewOf(day, await supplier.preview(day)),
    'supplier.make': async ({ day }) => {
      const outcome = await supplier.make({ day, job: null });
      return outcome.kind === 'held'
        ? { outcome: 'held', file: null, hold: heldOf(outcome.hold), changedDays: [] }
        : { outcome: outcome.kind, file: fileOf(outcome.record), hold: null, changedDays: [...outcome.changedDays] };
    },
    'supplier.get': ({ fileId }) => {
      const record = existing(fileId);
      return {
        file: fileOf(record),
        steps: files.steps(fileId).map(({ atUtc, state, note }) => ({ at: isoUtc(atUtc), state, note })),
        parts: files.parts(fileId).map(({ name, bytes, sha256 }) => ({ name, bytes: bytes.length, sha256 })),
        replies: files
          .repliesOf(fileId)
          .flatMap(({ name, seenUtc, status }) => (status === null ? [] : [{ name, seenAt: isoUtc(seenUtc), status }])),
        others: files
          .ofDays(record.senderInn, record.day, record.day)
          .filter(({ id }) => id !== fileId)
          .map(fileOf),
      };
    },
    'supplier.repeat': async ({ fileId }) => fileOf(await supplier.repeat(fileId)),
    'supplier.download': ({ fileId }) => {
      existing(fileId);
      return files.parts(fileId).map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString('base64') }));
    },
    'supplier.import': ({ fileBase64, name, isSource }, context) =>
      receiveFiles(site, store, {
        file: { name, bytes: new Uint8Array(Buffer.from(fileBase64, 'base64')) },
        isSource,
        who: context.transport,
      }),
    'supplier.received': ({ offset, limit }) => {
      const { rows, total } = store.received.files(offset, limit);
      return { rows: rows.map(receivedFileRow), total };
    },
    'supplier.compare': ({ day }) => comparison(site, day),
    'supplier.dropSource': ({ pointId }, context) => {
      if (store.received.sourceOf(pointId) === null) {
        throw new AppError('api/not-found', `Point ${pointId} does not live by files`, { context: { pointId } });
      }
      store.received.dropSource(pointId, context.transport, site.nowUtc());
      return {};
    },
    'supplier.setMailPassword': ({ password }, context) => {
      store.mailSecret.setPassword(password, context.transport);
      supplier.tryAgain();
      return {};
    },
  };
}

/** When a day's file has to be with the recipient: of the next day, in the zone of the site. */
export function deadlineOf(site: Site, day: string): UtcSeconds {
  return site.zone.momentOf(addDays(day, 1), site.settings.xml80020.deadline);
}

function supplierMonth(site: Site, supplier: SupplierDesk, month: string): MethodResult<'supplier.month'> {
  const { settings, store } = site;
  const files = store.supplierFiles;
  const senderInn = settings.xml80020.sender.inn;
  const [first, last] = [`${month}-01`, addDays(startOfMonth(`${month}-01`, 1), -1)];
  const byDay = new Map<string, SupplierFileRecord[]>();
  for (const record of files.ofDays(senderInn, first, last)) byDay.set(record.day, [...(byDay.get(record.day) ?? []), record]);
  const begun = files.firstDay(senderInn);
  const holds = new Map(files.holds(senderInn, first, last).map((hold) => [hold.day, hold]));
  return {
    month,
    problems: problemsOf(settings, site.plant),
    points: codedPoints(site.plant).length,
    hasMailPassword: files.hasMailPassword(),
    nextNumber: Math.max(files.highestNumber(senderInn), settings.xml80020.firstNumber - 1) + 1,
    days: daysBetween(first, last).map((day) => supplierDay(site, supplier, day, begun, byDay.get(day) ?? [], holds.get(day) ?? null)),
    refusedReplies: files
      .refusedReplies(REFUSED_SHOWN)
      .flatMap(({ name, seenUtc, error }) => (error === null ? [] : [{ name, seenAt: isoUtc(seenUtc), error }])),
  };
}

function supplierDay(
  site: Site,
  supplier: SupplierDesk,
  day: string,
  begun: string | null,
  records: readonly SupplierFileRecord[],
  hold: HeldDay | null,
): SupplierDay {
  const nowUtc = site.nowUtc();
  const deadlineUtc = deadlineOf(site, day);
  const record = records.at(-1) ?? null;
  const isOver = marketDay(day, marketTimeOf(site.settings)).toUtc <= nowUtc;
  const absent = !isOver ? 'future' : nowUtc < deadlineUtc ? 'waiting' : begun === null || day < begun ? 'unbegun' : 'late';
  const isRecent = day >= addDays(site.zone.dateOf(nowUtc), -LOOKED_AT_DAYS);
  return {
    day,
    state: hold !== null ? 'held' : (record?.state ?? absent),
    deadline: isoUtc(deadlineUtc),
    isComplete: record === null && isOver && isRecent ? supplier.isComplete(day) : null,
    file: record === null ? null : fileOf(record),
    files: records.length,
    hold: hold === null ? null : heldOf(hold),
  };
}

function previewOf(day: string, { kind, number, reasons, points, leftOut, changedDays }: DayPreview): SupplierPreview {
  return {
    day,
    outcome: kind,
    number,
    reasons: reasons.map(reasonOf),
    points: points.map(({ code, name, channels }) => ({
      code,
      name,
      channels: channels.map(({ channel, sum, exactSum, carry, nonCommercial }) => ({
        channel,
        sum: trimmed(sum),
        exact: decimalText(exactSum),
        carry: decimalText(carry),
        nonCommercial,
      })),
    })),
    leftOut: leftOut.map((point) => ({ ...point })),
    changedDays: [...changedDays],
  };
}

/** The API's decimals have no trailing zeros; the file keeps its digits. */
function trimmed(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

function heldOf({ sinceUtc, checkedUtc, reasons }: HeldDay): NonNullable<SupplierDay['hold']> {
  return { since: isoUtc(sinceUtc), checkedAt: isoUtc(checkedUtc), reasons: reasons.map(reasonOf) };
}

function reasonOf({ fromUtc, toUtc, ...reason }: HoldReason): NonNullable<SupplierDay['hold']>['reasons'][number] {
  return { ...reason, from: fromUtc === null ? null : isoUtc(fromUtc), to: toUtc === null ? null : isoUtc(toUtc) };
}

function fileOf(record: SupplierFileRecord): SupplierFile {
  const moment = (at: UtcSeconds | null) => (at === null ? null : isoUtc(at));
  const { content } = record;
  return {
    id: record.id,
    number: record.number,
    messageClass: record.messageClass,
    day: record.day,
    timestamp: record.timestamp,
    madeAt: isoUtc(record.madeUtc),
    job: record.job,
    state: record.state,
    stateAt: isoUtc(record.stateUtc),
    note: record.note,
    name: content.name,
    bytes: content.bytes,
    sha256: content.sha256,
    points: content.points,
    channels: content.channels,
    sums: content.sums.map((sum) => ({ ...sum })),
    nonCommercial: content.nonCommercial,
    isSigned: record.isSigned,
    folder: record.folder,
    folderAt: moment(record.folderUtc),
    isMailed: record.isMailed,
    mailAt: moment(record.mailUtc),
    staleAt: moment(record.staleUtc),
    messageId: record.messageId,
  };
}
