/** Which writer makes which format for a receiver. */
import { AppError } from '../../../shared/api/errors.ts';
import type { OnecFormat, Receiver } from '../../../shared/api/receivers.ts';
import type { Plant } from '../../../shared/domain/plant.ts';
import { writeCsv } from '../file/csv.ts';
import { canEncode, type TextEncoding } from '../file/encoding.ts';
import type { ByteSink } from '../file/sink.ts';
import type { TableDocument } from '../file/table.ts';

/** Writes one format; `sinkAt` gives the file of that number out of `dataFileNames`. Rows are asked for once. */
export async function writeFormat(
  format: OnecFormat,
  document: TableDocument,
  receiver: Receiver,
  sinks: readonly ByteSink[],
): Promise<void> {
  const [sink] = sinks;
  if (sink === undefined) throw new AppError('bug', `No file for the format ${format}`);
  switch (format) {
    case 'csv':
      return writeCsv(document.table, sink, { encoding: receiver.encoding, ...receiver.csv });
    default:
      throw new AppError('export/unsupported', `A file of format ${format} cannot be written`, { context: { format } });
  }
}

/** Encoding that the flag file names: of the CSV file where there is one, else of the first data file. */
export function flagEncoding(formats: readonly OnecFormat[], receiver: Receiver): string {
  if (formats.includes('csv')) return receiver.encoding;
  return formats[0] === 'dbf' ? receiver.dbfEncoding : 'utf-8';
}

const DBF_ENCODINGS: Readonly<Record<Receiver['dbfEncoding'], TextEncoding>> = { cp1251: 'windows-1251', cp866: 'cp866' };

/**
 * Throws `export/unsupported` for the first point code or serial that a file could not hold: asked before a number is taken, since
 * a number that can never be delivered would be a hole in the sequence.
 */
export function checkKeys(plant: Pick<Plant, 'points' | 'meters'>, formats: readonly OnecFormat[], receiver: Receiver): void {
  const encodings: TextEncoding[] = formats.flatMap((format) =>
    format === 'csv' ? [receiver.encoding] : format === 'dbf' ? [DBF_ENCODINGS[receiver.dbfEncoding]] : [],
  );
  for (const encoding of encodings) {
    const code = plant.points.find((point) => !canEncode(point.code, encoding))?.code;
    const serial = plant.meters.find((meter) => !canEncode(meter.serial, encoding))?.serial;
    const text = code ?? serial;
    if (text === undefined) continue;
    throw new AppError('export/unsupported', `"${text}" has letters that ${encoding} cannot hold`, {
      context: { ...(code === undefined ? { serial } : { pointCode: code }), encoding },
      hint: 'Choose UTF-8 for the files of this receiver in the settings, or give the point another code.',
    });
  }
}
