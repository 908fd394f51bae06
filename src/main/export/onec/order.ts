/** What is asked of the export, checked before anything is numbered. */
import { AppError } from '../../../shared/api/errors.ts';
import { FIRST_RECEIVER, type OnecFormat, type OnecKind, type Receiver, receiversOf } from '../../../shared/api/receivers.ts';
import type { Settings } from '../../../shared/api/settings.ts';
import type { PackageRecord } from '../../../shared/domain/package.ts';
import { periodOf, siteZone } from '../../metering/zone.ts';
import type { ContentRequest } from './content.ts';
import { wholeMonths } from './month-rows.ts';

export interface ContentOrder {
  readonly kind: OnecKind;
  /** ISO dates of the site, both inclusive. */
  readonly from: string;
  readonly to: string;
  /** `1c` when not given. */
  readonly receiver?: string | undefined;
  /** `full` when not given; `delta` = only rows that differ from what the receiver was told. */
  readonly mode?: PackageRecord['mode'] | undefined;
}

export interface PackageRequest extends ContentOrder {
  /** Instead of all formats that the receiver takes. */
  readonly format?: OnecFormat | undefined;
  /** Instead of the folder in the settings. */
  readonly folder?: string | undefined;
  /** Schedule that asks for it; null = a person. */
  readonly job: string | null;
}

/** Why a day of the site (ISO date) is closed for corrections; null = it is not. */
export type IsClosed = (day: string) => string | null;

/** Throws `api/not-found`. */
export function receiverOf(settings: Settings, id: string = FIRST_RECEIVER): Receiver {
  const receivers = receiversOf(settings);
  const receiver = receivers.find((one) => one.id === id);
  if (receiver === undefined) {
    throw new AppError('api/not-found', `There is no receiver "${id}"`, {
      context: { receiver: id },
      hint: `The settings have ${receivers.map((one) => one.id).join(', ')}.`,
    });
  }
  return receiver;
}

/** What the package will hold. Throws `export/unsupported` and `api/invalid-argument` for what can never be made. */
export function checkedContent(order: ContentOrder, receiver: Receiver, settings: Settings, isClosed: IsClosed): ContentRequest {
  const { kind, from, to, mode = 'full' } = order;
  if (!receiver.kinds.includes(kind)) {
    throw new AppError('export/unsupported', `The receiver ${receiver.id} takes no packages of kind ${kind}`, {
      context: { receiver: receiver.id, kind },
      hint: 'Add the kind to those of the receiver in the settings.',
    });
  }
  if (kind === 'RF' && mode === 'delta') {
    throw new AppError('export/unsupported', 'Reference rows have no revisions, so there are no corrections of them', {
      hint: 'Send the whole list again.',
    });
  }
  const content = contentRequest({ kind, from, to, mode }, settings, isClosed);
  const { fromUtc, toUtc } = periodOf(from, to, content.zone);
  if (toUtc <= fromUtc)
    throw new AppError('api/invalid-argument', `The period ends (${to}) before it begins (${from})`, { context: { from, to } });
  if (kind === 'MN' && wholeMonths(from, to).length === 0) {
    throw new AppError('api/invalid-argument', `There is no whole month from ${from} to ${to}`, {
      context: { from, to },
      hint: 'A month statement needs the first and the last day of the month inside the period.',
    });
  }
  return content;
}

/** The same of a package that was numbered: what was allowed then is not asked again, since its number must not be lost. */
export function contentRequest(
  { kind, from, to, mode }: Pick<PackageRecord, 'kind' | 'from' | 'to' | 'mode'>,
  settings: Settings,
  isClosed: IsClosed,
): ContentRequest {
  return { kind, from, to, mode, zone: siteZone(settings.site.timeZone), isClosed };
}
