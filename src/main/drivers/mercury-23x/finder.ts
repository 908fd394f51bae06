/** Searching for 23x meters: by 08 00 alone, no channel, no password (mercury.md 13.3a). */
import { encodeFrame, matchReply } from '../../protocol/mercury/frame.ts';
import { identityReplies, serialNumberCommand } from '../../protocol/mercury/identity.ts';
import type { MeterFinder } from '../driver.ts';
import { timingOf } from './table.ts';

/** Answered by every meter of the line at once, with 0 in the reply. */
const UNIVERSAL_ADDRESS = 0;
const LAST_ADDRESS = 240;
const IDENTITY = serialNumberCommand();

export const FINDER_23X: MeterFinder = {
  addresses: Array.from({ length: LAST_ADDRESS }, (_, index) => index + 1),
  universalAddress: UNIVERSAL_ADDRESS,
  addressesOf(serial) {
    const plain = plainAddress(serial);
    const ofTypeD = typeDAddress(serial);
    return plain === ofTypeD ? [plain] : [plain, ofTypeD];
  },
  request(address, baudRate) {
    const bytes = encodeFrame(address, IDENTITY.body);
    const replyBytes = Math.max(...IDENTITY.replyLengths);
    return {
      label: IDENTITY.label,
      bytes,
      replyBytes,
      match: (received) => matchReply(address, IDENTITY.replyLengths, received, { request: bytes }),
      timing: timingOf(baudRate, replyBytes),
    };
  },
  replies: identityReplies,
  timing: (baudRate) => timingOf(baudRate, Math.max(...IDENTITY.replyLengths)),
};

/** Types without D: three digits, two where three are above 239, 1 in place of 0 (mercury.md 1.4). */
function plainAddress(serial: string): number {
  const three = Number(serial.slice(-3));
  return (three > 239 ? three % 100 : three) || 1;
}

/** Types with D: 17..124, three digits or two, tens added while below 17 (mercury.md 1.4). */
function typeDAddress(serial: string): number {
  const three = Number(serial.slice(-3));
  let address = three > 124 ? three % 100 : three;
  while (address < 17) address += 10;
  return address;
}
