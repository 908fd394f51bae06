/** What a person chooses to write, and the write that it makes. */
import { type MeterWrite, type MeterWriteKind, meterWrite, type WRITABLE_PARITIES } from '../../../shared/domain/meter-write.ts';

export interface WriteDraft {
  readonly kind: MeterWriteKind;
  readonly address: string;
  readonly baudRate: string;
  readonly parity: (typeof WRITABLE_PARITIES)[number];
  readonly isOn: boolean;
  readonly minutes: string;
}

export const FIRST_DRAFT: WriteDraft = { kind: 'clock-correct', address: '', baudRate: '9600', parity: 'none', isOn: false, minutes: '30' };

/** Null while the values do not fit. */
export function writeOf({ kind, address, baudRate, parity, isOn, minutes }: WriteDraft): MeterWrite | null {
  const given: Readonly<Record<MeterWriteKind, object>> = {
    'clock-correct': {},
    'clock-set': {},
    address: { address: Number(address) },
    'line-parameters': { baudRate: Number(baudRate), parity },
    'season-off': {},
    relay: { isOn },
    'profile-period': { minutes: Number(minutes) },
  };
  const checked = meterWrite.safeParse({ kind, ...given[kind] });
  return checked.success ? checked.data : null;
}
