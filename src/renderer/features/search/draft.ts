/** What a person fills in before a search, and the request that it makes. */
import { lineSetting, type SearchRequest } from '../../../shared/api/search.ts';
import { DRIVER_IDS, type DriverId } from '../../../shared/domain/point.ts';

export interface SearchDraft {
  /** LINE text. */
  readonly line: string;
  readonly driver: DriverId;
  /** As pasted. */
  readonly serials: string;
  readonly hasRange: boolean;
  readonly from: string;
  readonly to: string;
  readonly baudRates: readonly string[];
  readonly formats: readonly string[];
  readonly isThorough: boolean;
}

export const EMPTY_DRAFT: SearchDraft = {
  line: '',
  driver: DRIVER_IDS[0],
  serials: '',
  hasRange: false,
  from: '1',
  to: '240',
  baudRates: [],
  formats: [],
  isThorough: false,
};

export const BAUD_RATES = ['1200', '2400', '4800', '9600', '19200', '38400', '57600', '115200'] as const;
export const FORMATS = ['8N1', '8E1', '8O1'] as const;

/** Addresses that a driver's meters can have. */
export const LAST_ADDRESS: Readonly<Record<DriverId, number>> = { 'mercury-23x': 240, 'mercury-200': 0xffffffff };

export type DraftFault = 'line' | 'serials' | 'range' | 'settings';

export interface CheckedDraft {
  readonly faults: readonly DraftFault[];
  /** Null while there are faults. */
  readonly request: SearchRequest | null;
  readonly serials: readonly string[];
  /** Words among the serials that are none. */
  readonly faultySerials: readonly string[];
}

const MAX_SETTINGS = 40;
const MAX_SERIALS = 1000;

export function isSerialLine(line: string): boolean {
  return /^serial:/i.test(line.trim());
}

/** Serials from any text: columns of a table, lists with commas, `№ 01234567`. Each once, in their order. */
export function parseSerials(text: string): { readonly serials: string[]; readonly faulty: string[] } {
  const words = text.split(/[\s,;№]+/).filter(Boolean);
  const isSerial = (word: string) => /^\d{6,9}$/.test(word);
  return { serials: [...new Set(words.filter(isSerial))], faulty: words.filter((word) => !isSerial(word)) };
}

/** Every speed with every format; where one of the two is not chosen the usual one stands in. */
export function settingsOf({ line, baudRates, formats }: SearchDraft): string[] {
  if (!isSerialLine(line) || baudRates.length + formats.length === 0) return [];
  const speeds = baudRates.length === 0 ? ['9600'] : baudRates;
  return speeds.flatMap((speed) => (formats.length === 0 ? ['8N1'] : formats).map((format) => `${speed}-${format}`));
}

export function checkDraft(draft: SearchDraft): CheckedDraft {
  const { serials, faulty } = parseSerials(draft.serials);
  const settings = settingsOf(draft);
  const [from, to] = [Number(draft.from), Number(draft.to)];
  const isRange = [draft.from, draft.to].every((text) => /^\d{1,10}$/.test(text.trim())) && from >= 1 && from <= to;
  const faults: DraftFault[] = [
    ...(isLineText(draft.line) ? [] : ['line' as const]),
    ...(faulty.length > 0 || serials.length > MAX_SERIALS ? ['serials' as const] : []),
    ...(draft.hasRange && !(isRange && to <= LAST_ADDRESS[draft.driver]) ? ['range' as const] : []),
    ...(settings.length > MAX_SETTINGS ? ['settings' as const] : []),
  ];
  const request: SearchRequest = {
    line: draft.line.trim(),
    driver: draft.driver,
    serials,
    addresses: draft.hasRange ? { from, to } : null,
    settings,
    isThorough: draft.isThorough,
  };
  return { faults, request: faults.length === 0 ? request : null, serials, faultySerials: faulty };
}

/** `tcp:HOST:PORT[:9600-8N1]` or `serial:PATH:9600-8N1`; the server knows better and has the last word. */
function isLineText(text: string): boolean {
  const [kind = '', ...rest] = text.trim().split(':');
  const setting = rest.at(-1) ?? '';
  if (kind === 'tcp') {
    const [host = '', port = '', ...more] = rest;
    return host !== '' && /^\d{1,5}$/.test(port) && (more.length === 0 || (more.length === 1 && lineSetting.safeParse(setting).success));
  }
  return kind === 'serial' && rest.length >= 2 && rest[0] !== '' && lineSetting.safeParse(setting).success;
}
