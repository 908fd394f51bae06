/** LibreOffice without a window: any file it can open, as text between tabs. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Encodings as LibreOffice numbers them in the options of its filters. */
export const ENCODINGS = { 'windows-1251': 34, cp866: 30, 'utf-8': 76 } as const;

/** Tabs between cells, quotes around texts that need them, UTF-8, figures as they are shown, every sheet into a file of its own. */
const AS_TEXT = `csv:Text - txt - csv (StarCalc):9,34,${ENCODINGS['utf-8']},1,,0,false,true,true,false,false,-1`;
const MINUTES_MS = 60_000;

/** What LibreOffice says of itself; null when it is not there. */
export function officeVersion(): string | null {
  const { status, stdout } = spawnSync('soffice', ['--version'], { encoding: 'utf8', timeout: MINUTES_MS });
  return status === 0 ? stdout.trim() : null;
}

/** Rows of every sheet of a file by the sheet's name. `readAs` = options of the filter that opens it. */
export function opened(file: string, folder: string, readAs?: string): Map<string, string[][]> {
  const out = join(folder, 'as-text');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out);
  const { stderr } = spawnSync(
    'soffice',
    [
      `-env:UserInstallation=${pathToFileURL(join(folder, 'profile')).href}`,
      '--headless',
      ...(readAs === undefined ? [] : [`--infilter=${readAs}`]),
      '--convert-to',
      AS_TEXT,
      '--outdir',
      out,
      file,
    ],
    { encoding: 'utf8', timeout: 20 * MINUTES_MS },
  );
  const stem = basename(file, extname(file));
  const sheets = readdirSync(out).map(
    (name) => [name.slice(stem.length + 1, -4), parseTabs(readFileSync(join(out, name), 'utf8'))] as const,
  );
  if (sheets.length === 0) throw new Error(`LibreOffice did not open ${file}: ${stderr.trim()}`);
  return new Map(sheets);
}

function parseTabs(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\n') rows.push([]);
    if (end === '') break;
  }
  return rows.filter((row) => row.length > 1 || row[0] !== '');
}
