/** The real file with pieces cut out, put in and changed: whatever comes of it is judged or refused by name, and nothing else happens. */
import { readFileSync } from 'node:fs';
import { checkMarketFile } from '../../../src/main/export/xml80020/check.ts';
import { AppError } from '../../../src/shared/api/errors.ts';
import type { Chance } from '../chance.ts';

const NAME = '80020_1834024515_20211031_4690_5600010900.xml';
/** What a parser or a reader may stumble over. */
const PIECES = [
  '<',
  '>',
  '&',
  '"',
  '<a>',
  '</a>',
  '<a/>',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '<?x?>',
  '&#0;',
  '&#x110000;',
  '&amp;',
  ' xmlns="x"',
  '-',
  '1e9',
  '</value>',
];

export interface MutationsReport {
  readonly times: number;
  /** Read and judged; of these passed without a fault. */
  readonly judged: number;
  readonly passed: number;
  /** By the code of the error. */
  readonly refused: Readonly<Record<string, number>>;
  /** What failed in another way, the first ones. */
  readonly faults: readonly string[];
}

export async function proveMutations(chance: Chance, times: number): Promise<MutationsReport> {
  const sample = new Uint8Array(readFileSync(new URL(`../../vectors/80020/${NAME}`, import.meta.url)));
  const refused: Record<string, number> = {};
  const faults: string[] = [];
  let judged = 0;
  let passed = 0;
  for (let time = 0; time < times; time += 1) {
    try {
      const { verdict } = await checkMarketFile({ name: NAME, bytes: mutated(sample, chance) });
      judged += 1;
      if (verdict !== 'fault') passed += 1;
    } catch (error) {
      if (!(error instanceof AppError) || !error.code.startsWith('import/')) faults.push(`${time}: ${String(error)}`);
      else refused[error.code] = (refused[error.code] ?? 0) + 1;
    }
  }
  return { times, judged, passed, refused, faults: faults.slice(0, 20) };
}

function mutated(sample: Uint8Array, chance: Chance): Uint8Array {
  let bytes: Uint8Array = sample;
  // Most files keep their form, or nothing but the parser would be tried.
  const keepsForm = chance.share() < 0.7;
  for (let left = chance.whole(1, keepsForm ? 3 : 4); left > 0; left -= 1) {
    const at = chance.whole(0, bytes.length - 1);
    if (keepsForm) bytes = spliced(bytes, at, 1, isPlain(bytes[at]) ? [chance.one(LETTERS)] : [bytes[at] ?? 0]);
    else if (chance.share() < 0.5) bytes = spliced(bytes, at, chance.whole(0, 4), new TextEncoder().encode(chance.one(PIECES)));
    else
      bytes = spliced(
        bytes,
        at,
        chance.whole(0, 20),
        Uint8Array.from({ length: chance.whole(0, 6) }, () => chance.whole(0, 255)),
      );
  }
  return bytes;
}

function spliced(bytes: Uint8Array, at: number, cut: number, put: Iterable<number>): Uint8Array {
  return Buffer.concat([bytes.subarray(0, at), Uint8Array.from(put), bytes.subarray(at + cut)]);
}

/** A digit or a letter, of a name of an element as well as of a value. */
function isPlain(byte: number | undefined): boolean {
  return byte !== undefined && /[\p{L}\d]/u.test(String.fromCharCode(byte));
}

const LETTERS = [...Buffer.from('0123456789-.+ eXA\t'), 0xe0, 0xb9, 0x98];
