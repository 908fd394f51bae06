import { AppError } from '../../shared/api/errors.ts';
import type { DecodedField, Why } from '../../shared/api/methods.ts';
import { countingConstant } from '../../shared/domain/interval.ts';
import { isLinked } from '../../shared/domain/plant.ts';
import type { DriverId } from '../../shared/domain/point.ts';
import { isoUtc, type UtcSeconds } from '../../shared/domain/time.ts';
import type { PointSpan } from '../metering/expected.ts';
import { gapRow, intervalRow } from './intervals.ts';
import type { Site } from './site.ts';

/** Decodes an exchange field by field; the composition root knows the protocols. */
export type ExplainExchange = (
  driver: DriverId,
  request: Uint8Array,
  response: Uint8Array,
  context: { readonly constantImpPerKwh: number | null; readonly firmware: string | null },
) => DecodedField[];

/** From a number back to its bytes: the interval that contains the moment, its formula, and the exchange that brought it. */
export function why(site: Site, pointCode: string, atUtc: UtcSeconds, explain: ExplainExchange): Why {
  const { point } = site.pointByCode(pointCode);
  const data = site
    .pointData(point.id, atUtc - 3600, atUtc + 1)
    .find(({ span }) => span.fromUtc <= atUtc && startAt(span, atUtc) < span.toUtc);
  if (data === undefined) {
    throw new AppError('api/not-found', 'No meter was installed at this point at that moment', {
      context: { point_code: pointCode, at: isoUtc(atUtc) },
    });
  }
  const { span, constant } = data;
  const startUtc = startAt(span, atUtc);
  const stored = site.store.intervals.list(span.meter.id, startUtc, startUtc + 1)[0] ?? null;
  const exchange = stored?.exchangeId === undefined || stored.exchangeId === null ? null : site.store.exchanges.get(stored.exchangeId);
  const unit = countingConstant(stored?.source ?? 'profile', constant);
  const gap = site.store.gaps.list(span.meter.id).find(({ fromUtc, toUtc }) => startUtc >= fromUtc && startUtc < toUtc) ?? null;
  const { ct, vt, valuesArePrimary } = span.installation;
  const ratios = `${ct.primary}/${ct.secondary} × ${vt.primary}/${vt.secondary}`;
  return {
    point_code: pointCode,
    meter_serial: span.meter.serial,
    interval: intervalRow(pointCode, data, startUtc, stored),
    formula:
      unit === null || span.mixed.includes(startUtc)
        ? null
        : {
            constant_imp_per_kwh: unit,
            ct_ratio: `${ct.primary}/${ct.secondary}`,
            vt_ratio: `${vt.primary}/${vt.secondary}`,
            text: `N / (2 × ${unit})${valuesArePrimary ? '' : ` × ${ratios}`}`,
          },
    exchange:
      exchange === null || exchange.response === null
        ? null
        : {
            id: exchange.id,
            line: exchange.lineName,
            sentAt: isoUtc(Math.floor(exchange.sentAtMs / 1000)),
            durationMs: exchange.durationMs,
            attempt: exchange.attempt,
            label: exchange.label,
            request: hex(exchange.request),
            response: hex(exchange.response),
            fields: isLinked(span.meter)
              ? explain(span.meter.driver, exchange.request, exchange.response, {
                  constantImpPerKwh: constant,
                  firmware: span.meter.facts.firmware,
                })
              : [],
          },
    revision: stored?.revision ?? null,
    gap: gap === null ? null : gapRow(pointCode, span.meter.serial, gap),
  };
}

/** Start of the interval of a span's own grid that a moment lies in. */
function startAt(span: PointSpan, atUtc: UtcSeconds): UtcSeconds {
  return span.fromUtc + Math.floor((atUtc - span.fromUtc) / span.lengthS) * span.lengthS;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');
}
