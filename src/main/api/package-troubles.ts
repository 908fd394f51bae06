/** What of the 1C exchange asks for attention: packages that were not delivered, not answered or not taken, and answers that are none. */
import { receiversOf } from '../../shared/api/receivers.ts';
import type { Attention } from '../../shared/api/values.ts';
import type { PackageRecord } from '../../shared/domain/package.ts';
import { isoUtc, type UtcSeconds } from '../../shared/domain/time.ts';
import type { Site } from './site.ts';

const HOUR_S = 3600;

export function packageTroubles(site: Site): Attention[] {
  const { packages } = site.store;
  const failed = packages
    .list(0, 20)
    .rows.filter(({ state }) => state === 'failed')
    .map((record) =>
      ofPackage(record, 'package-failed', record.createdUtc, { error: record.error?.split(':', 1)[0] ?? null, folder: record.folder }),
    );
  return [...failed, ...receiversOf(site.settings).flatMap((receiver) => ofReceiver(site, receiver))];
}

function ofReceiver(site: Site, { id, name, acknowledges }: ReturnType<typeof receiversOf>[number]): Attention[] {
  const { packages } = site.store;
  const refused = packages.refused(id).map((record) => {
    const { ack } = record;
    const isClosed =
      ack?.faults.some(({ reason }) => reason.includes('period_closed')) === true || ack?.text.includes('period_closed') === true;
    const params = {
      receiver: name,
      error: ack?.text ?? null,
      rows: ack?.rowsBad ?? ack?.faultCount ?? null,
      reason: isClosed ? 'period_closed' : (ack?.faults[0]?.reason ?? null),
    };
    const code = record.state === 'partial' ? 'package-partial' : 'package-rejected';
    return ofPackage(record, code, ack?.readUtc ?? record.createdUtc, params);
  });
  const dueUtc = site.nowUtc() - acknowledges.withinH * HOUR_S;
  const late = acknowledges.isExpected
    ? packages.unanswered(id, dueUtc).map((record) => {
        const sinceUtc = record.deliveredUtc ?? record.createdUtc;
        const hours = Math.floor((site.nowUtc() - sinceUtc) / HOUR_S);
        return ofPackage(record, 'package-late', sinceUtc, { receiver: name, hours, folder: record.folder });
      })
    : [];
  const broken = packages.refusedAcks(id).map(
    ({ folder, file, reason, foundUtc }): Attention => ({
      code: 'ack-refused',
      state: 'attention',
      subject: { kind: 'site', id: null, name: site.settings.site.name },
      since: isoUtc(foundUtc),
      params: { receiver: name, file, folder, error: reason },
    }),
  );
  return [...refused, ...late, ...broken];
}

function ofPackage(record: PackageRecord, code: Attention['code'], sinceUtc: UtcSeconds, params: Attention['params']): Attention {
  return {
    code,
    state: code === 'package-late' || code === 'package-partial' ? 'attention' : 'fault',
    subject: { kind: 'package', id: record.id, name: String(record.number) },
    since: isoUtc(sinceUtc),
    params,
  };
}
