import { CHANNELS, type PerChannel } from '../../shared/domain/channel.ts';
import type { Cell } from './database.ts';

/** The four figures of a row, one column per channel. */
export type ChannelColumns = Readonly<Record<'a_plus' | 'a_minus' | 'r_plus' | 'r_minus', number | null>>;

/** Figures of a row by channel. */
export function perChannel(row: ChannelColumns): PerChannel<number | null> {
  return { 'A+': row.a_plus, 'A-': row.a_minus, 'R+': row.r_plus, 'R-': row.r_minus };
}

/** Figures in the order of the columns a_plus, a_minus, r_plus, r_minus. */
export function channelCells(figures: PerChannel<number | null>): [number | null, number | null, number | null, number | null] {
  return [figures['A+'], figures['A-'], figures['R+'], figures['R-']];
}

/** Whether two sets of figures tell the same, channel by channel; null is equal to null only. */
export function isSameFigures(a: PerChannel<number | null>, b: PerChannel<number | null>): boolean {
  return CHANNELS.every((channel) => a[channel] === b[channel]);
}

/** Bytes of a BLOB as a plain Uint8Array: the driver hands out Buffers, whose methods differ. */
export function bytesOf(cell: Uint8Array): Uint8Array {
  return new Uint8Array(cell);
}

/** SQLite has no booleans. */
export function booleanCell(value: boolean | null): Cell {
  return value === null ? null : Number(value);
}
