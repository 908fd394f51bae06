/** Searching for meters of the 200 family: by 2F, at the addresses that a serial leads to (mercury.md 12). */
import { serialNumberCommand, serialReplies } from '../../protocol/mercury-200/identity.ts';
import type { MeterFinder } from '../driver.ts';
import { requestOf } from './request.ts';
import { timingOf } from './table.ts';

/** Digits of the serial that an old 200.02 takes for its address. */
const OLD_DIGITS = 6;

export const FINDER_200: MeterFinder = {
  // Four thousand million addresses: only serials lead to them. A reply to address 0 or to the group does not exist.
  addresses: null,
  universalAddress: null,
  /** The whole serial, which is the factory's rule now; then its last six digits, the rule of the old 200.02. */
  addressesOf(serial) {
    const addresses = [Number(serial), Number(serial.slice(-OLD_DIGITS))].filter((address) => address >= 1 && address <= 0xffff_ffff);
    return [...new Set(addresses)];
  },
  request: (address, baudRate) => requestOf(address, serialNumberCommand(), baudRate),
  replies: (received) => serialReplies(received).map((found) => ({ ...found, manufactured: null })),
  timing: timingOf,
};
