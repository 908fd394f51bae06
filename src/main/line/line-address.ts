/** LINE text (CLI.md): `tcp:HOST:PORT[:9600-8N1]` or `serial:PATH:9600-8N1`, and what it means. */
import { isIPv4, isIPv6 } from 'node:net';
import { AppError } from '../../shared/api/errors.ts';

/** Speeds that are accepted; any other sets speed 0 on some systems without an error. */
export const BAUD_RATES = [300, 600, 1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200] as const;
export type BaudRate = (typeof BAUD_RATES)[number];

export const CHARACTER_FORMATS = ['8N1', '8E1', '8O1', '7E1', '8N2'] as const;
/** Data bits, parity, stop bits. */
export type CharacterFormat = (typeof CHARACTER_FORMATS)[number];

/** Speed and character format of the bus; behind a gateway they serve time-outs only, since they cannot be changed from here. */
export interface LineSettings {
  readonly baudRate: BaudRate;
  readonly format: CharacterFormat;
}

export type LineAddress =
  /** `host` without brackets, names in lower case. */
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly settings: LineSettings }
  /** `path` is `COM4` (never `\\.\COM4`: the driver puts that in front itself) or an absolute device path. */
  | { readonly kind: 'serial'; readonly path: string; readonly settings: LineSettings };

/** What a gateway's bus is taken for when the text does not say (mercury.md 1). */
const DEFAULT_SETTINGS: LineSettings = { baudRate: 9600, format: '8N1' };

/** Reads LINE text; throws `api/invalid-argument` whose context names the faulty part. */
export function parseLineAddress(text: string): LineAddress {
  if (text.startsWith('tcp:')) return parseTcp(text, text.slice('tcp:'.length));
  if (text.startsWith('serial:')) return parseSerial(text, text.slice('serial:'.length));
  throw faulty(text, 'kind', 'a line starts with "tcp:" or "serial:"');
}

/** The one spelling of a line: two texts mean the same line exactly when this is equal. Default settings of a gateway are left out. */
export function formatLineAddress(address: LineAddress): string {
  const settings = `${address.settings.baudRate}-${address.settings.format}`;
  if (address.kind === 'serial') return `serial:${address.path}:${settings}`;
  const isDefault = address.settings.baudRate === DEFAULT_SETTINGS.baudRate && address.settings.format === DEFAULT_SETTINGS.format;
  return `${describeLineAddress(address)}${isDefault ? '' : `:${settings}`}`;
}

/** For logs and screens, without the settings: `tcp:10.0.0.5:4001`, `serial:COM4`. */
export function describeLineAddress(address: LineAddress): string {
  if (address.kind === 'serial') return `serial:${address.path}`;
  return `tcp:${isIPv6(address.host) ? `[${address.host}]` : address.host}:${address.port}`;
}

function parseTcp(text: string, rest: string): LineAddress {
  const parts = /^(\[[^\]]*\]|[^:[\]]*):([^:]*)(?::(.*))?$/.exec(rest);
  if (parts === null) throw faulty(text, 'host', 'after "tcp:" come a host, a colon and a port; an IPv6 host stands in brackets');
  const [, host = '', port = '', settings] = parts;
  return {
    kind: 'tcp',
    host: parseHost(text, host),
    port: parsePort(text, port),
    settings: settings === undefined ? DEFAULT_SETTINGS : parseSettings(text, settings),
  };
}

function parseHost(text: string, host: string): string {
  if (host.startsWith('[')) {
    const inside = host.slice(1, -1).toLowerCase();
    if (!isIPv6(inside)) throw faulty(text, 'host', `"${inside}" is not an IPv6 address`);
    return inside;
  }
  const name = host.toLowerCase();
  if (/^[\d.]+$/.test(name) && !isIPv4(name)) throw faulty(text, 'host', `"${host}" is not an IPv4 address`);
  if (!/^[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?$/.test(name) || name.length > 253) throw faulty(text, 'host', `"${host}" is not a host name`);
  return name;
}

function parsePort(text: string, port: string): number {
  const number = Number(port);
  if (!/^\d{1,5}$/.test(port) || number < 1 || number > 65_535) throw faulty(text, 'port', `"${port}" is not a port, 1 to 65535`);
  return number;
}

function parseSerial(text: string, rest: string): LineAddress {
  // Paths under /dev/serial/by-path hold colons: the settings follow the last one.
  const colon = rest.lastIndexOf(':');
  if (colon < 0) throw faulty(text, 'settings', 'a serial line needs its settings, for example "serial:COM4:9600-8N1"');
  return { kind: 'serial', path: parsePath(text, rest.slice(0, colon)), settings: parseSettings(text, rest.slice(colon + 1)) };
}

function parsePath(text: string, path: string): string {
  const windows = /^(?:\\\\\.\\)?(COM[1-9]\d{0,2})$/i.exec(path);
  if (windows?.[1] !== undefined) return windows[1].toUpperCase();
  if (!/^\/[^\p{Cc}]+$/u.test(path)) throw faulty(text, 'path', `"${path}" is neither COM1, COM2 ... nor an absolute device path`);
  return path;
}

function parseSettings(text: string, settings: string): LineSettings {
  const [speed = '', letters = '', ...more] = settings.split('-');
  const baudRate = BAUD_RATES.find((known) => String(known) === speed);
  if (baudRate === undefined) throw faulty(text, 'baudRate', `the speed "${speed}" is none of ${BAUD_RATES.join(', ')}`);
  const format = CHARACTER_FORMATS.find((known) => known === letters.toUpperCase());
  if (format === undefined || more.length > 0) {
    throw faulty(text, 'format', `"${settings.slice(speed.length + 1)}" is none of ${CHARACTER_FORMATS.join(', ')}`);
  }
  return { baudRate, format };
}

function faulty(text: string, part: string, message: string): AppError {
  return new AppError('api/invalid-argument', message, {
    context: { line: text, part },
    hint: 'A line is written tcp:HOST:PORT[:9600-8N1] or serial:PATH:9600-8N1',
  });
}
