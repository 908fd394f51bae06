/** Which writer makes which format for a receiver. */
import { AppError } from '../../../shared/api/errors.ts';
import type { OnecFormat, OnecKind, Receiver } from '../../../shared/api/receivers.ts';
import type { Plant } from '../../../shared/domain/plant.ts';
import { writeCsv } from '../file/csv.ts';
import { writeDbf } from '../file/dbf.ts';
import { canEncode, type TextEncoding } from '../file/encoding.ts';
import { writeJson } from '../file/json.ts';
import type { ByteSink } from '../file/sink.ts';
import type { Moment, TableDocument } from '../file/table.ts';
import { writeTableXlsx } from '../file/xlsx-table.ts';
import { writeXml } from '../file/xml.ts';

/** Namespace of the XML form; resources/1c/energy-1c-1.0.xsd describes it. */
const XML_NAMESPACE = 'http://energy-metering.local/1c/1.0';

export interface WrittenDocument extends TableDocument {
  readonly kind: OnecKind;
  /** Stands as the time of the parts: the same package rendered twice is the same bytes. */
  readonly made: Moment;
  readonly rowCount: number;
}

/** Writes one format; the sinks are the files of `dataFileNames`, in that order. The rows are asked for once. */
export async function writeFormat(
  format: OnecFormat,
  document: WrittenDocument,
  receiver: Receiver,
  sinks: readonly ByteSink[],
): Promise<void> {
  const [sink, headerSink] = sinks;
  if (sink === undefined) throw new AppError('bug', `No file for the format ${format}`);
  const { header, table, kind, made, rowCount } = document;
  switch (format) {
    case 'csv':
      return writeCsv(table, sink, { encoding: receiver.encoding, ...receiver.csv });
    case 'xlsx':
      return writeTableXlsx(document, sink, { sheet: SHEET_NAMES[kind], headerSheet: 'Пакет', made });
    case 'xml':
      return writeXml(document, sink, { namespace: XML_NAMESPACE, root: 'package', row: kind });
    case 'json':
      return writeJson(document, sink);
    case 'dbf': {
      if (headerSink === undefined) throw new AppError('bug', 'No file for the header of a DBF');
      const options = { encoding: receiver.dbfEncoding, made };
      await writeDbf({ columns: header.columns, rows: [header.cells] }, headerSink, { ...options, rowCount: 1 });
      return writeDbf(table, sink, { ...options, rowCount });
    }
  }
}

/** Read by people who load a workbook by hand. */
const SHEET_NAMES: Readonly<Record<OnecKind, string>> = {
  RF: 'Точки учёта',
  RD: 'Показания',
  IV: 'Интервалы',
  DY: 'Сутки',
  MN: 'Месяц',
};

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
