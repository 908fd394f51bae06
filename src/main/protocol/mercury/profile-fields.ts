/** Descriptor and records of the profile field by field. */
import { CHANNELS } from '../../../shared/domain/channel.ts';
import { implausible } from '../protocol-error.ts';
import type { Command } from './command.ts';
import { countText, type DataField, type DecodeContext, field, minuteText, quotientText } from './fields.ts';
import { hexOf, parseW2 } from './formats.ts';
import {
  addressingOf,
  averagesChannel,
  newestSlot,
  type ProfileAddressing,
  type ProfileDescriptor,
  profileHeadCommand,
  type ProfileRecord,
  profileRecordCommand,
  RECORD_LENGTH,
  type RecordStatus,
  relativeRecordsCommand,
  SLOT_LENGTH,
} from './profile.ts';

/** Firmware from which the descriptor counts records (mercury.md 8.1, one source): an explanation, never a way of reading. */
const COUNTS_RECORDS_SINCE = 7;

/** Fields of a reply to 08 13, 08 15, 06 and 16; `null` when the command reads no profile. */
export function profileFields(command: Command<unknown>, data: Uint8Array, context: DecodeContext): DataField[] | null {
  switch (command.name.replace('second-', '')) {
    case 'profile-head':
      return headFields(profileHeadCommand().parse(data), context);
    case 'profile-record':
      return soleRecordFields(profileRecordCommand(0).parse(data), data, context);
    case 'profile-batch':
    case 'profile-relative': {
      const count = Math.floor(data.length / RECORD_LENGTH);
      return relativeRecordsCommand(0, count)
        .parse(data)
        .flatMap((record, index) => recordFields(record, data, index * RECORD_LENGTH, `record.${index}`, context));
    }
    case 'profile-averages': {
      const channel = averagesChannel(command.body);
      return Array.from({ length: data.length >> 1 }, (_, index) =>
        field(`average.${index}.count.${channel}`, countText(parseW2(data, index * 2), 0), 'count', index * 2, 2),
      );
    }
    default:
      return null;
  }
}

function headFields(head: ProfileDescriptor, { firmware }: DecodeContext): DataField[] {
  const stated: ProfileAddressing | null =
    firmware === undefined ? null : Number(firmware.split('.')[0]) >= COUNTS_RECORDS_SINCE ? 'records' : 'bytes';
  const addressing = addressingOf(head) ?? stated;
  const address = addressing === null ? null : newestSlot(head, addressing, 0x20000 / SLOT_LENGTH) * SLOT_LENGTH;
  return [
    field('profile.address_field', String(head.addressField), null, 0, 2),
    ...(address === null ? [] : [field('profile.record_address', addressText(address), null, 0, 2)]),
    ...statusFields(head.status, 'profile', 2),
    field('profile.time', head.stamp === null ? null : minuteText(head.stamp), null, 3, 5),
    field('profile.period', String(head.periodMin), 'min', 8, 1),
  ];
}

function statusFields(status: RecordStatus, prefix: string, offset: number): DataField[] {
  return [
    field(`${prefix}.status`, hexOf(Uint8Array.of(status.byte)), null, offset, 1),
    field(`${prefix}.season`, status.isWinter ? 'winter' : 'summer', null, offset, 1),
    field(`${prefix}.initialising`, String(status.isInitialising), null, offset, 1),
    field(`${prefix}.incomplete`, String(status.isIncomplete), null, offset, 1),
    field(`${prefix}.overflow`, String(status.hasOverflowed), null, offset, 1),
  ];
}

/** A record read alone that makes no sense is a fault of the reply; among 17 it is a field, so that it hides no other. */
function soleRecordFields(record: ProfileRecord, data: Uint8Array, context: DecodeContext): DataField[] {
  if (record.kind === 'implausible')
    throw implausible(`The profile record makes no sense: ${record.why}`, 1, 'status, BCD hh mm dd MM yy, period, counts');
  return recordFields(record, data, 0, 'record', context);
}

function recordFields(record: ProfileRecord, data: Uint8Array, offset: number, prefix: string, context: DecodeContext): DataField[] {
  if (record.kind === 'never-written') return [field(prefix, null, null, offset, RECORD_LENGTH)];
  if (record.kind === 'implausible') {
    return [
      field(`${prefix}.fault`, record.why, null, offset, RECORD_LENGTH),
      field(`${prefix}.data`, hexOf(data.subarray(offset, offset + RECORD_LENGTH)), null, offset, RECORD_LENGTH),
    ];
  }
  const { stamp, status, periodMin, counts } = record;
  const constant = context.constant_imp_per_kwh;
  return [
    ...statusFields(status, prefix, offset),
    field(`${prefix}.time`, minuteText(stamp), null, offset + 1, 5),
    field(`${prefix}.period`, String(periodMin), 'min', offset + 6, 1),
    ...CHANNELS.flatMap((channel, index) => {
      const place = [offset + 7 + index * 2, 2] as const;
      const count = counts[channel];
      const isActive = channel.startsWith('A');
      const fields = [field(`${prefix}.count.${channel}`, countText(count, 0), 'count', ...place)];
      if (constant === undefined) return fields;
      const energy = count === null ? null : quotientText(BigInt(count), 2n * BigInt(constant));
      const power = count === null ? null : quotientText(BigInt(count) * 60n, 2n * BigInt(constant) * BigInt(periodMin));
      if (energy !== undefined) fields.push(field(`${prefix}.energy.${channel}`, energy, isActive ? 'kWh' : 'kvarh', ...place));
      if (power !== undefined) fields.push(field(`${prefix}.power.${channel}`, power, isActive ? 'kW' : 'kvar', ...place));
      return fields;
    }),
  ];
}

/** As the descriptor and the request count it. */
export function addressText(address: number): string {
  return `0x${address.toString(16).toUpperCase().padStart(4, '0')}`;
}
