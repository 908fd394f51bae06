/** Work that takes seconds or minutes and that somebody waits for. */
export const WORK_KINDS = [
  'package-preview',
  'package',
  'corrections',
  'report-sheet',
  'report',
  'proposals',
  'month-check',
  'month-closing',
] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/** What is counted: metering points, parts of a document, or nothing (pages are laid out, files are written). */
export const WORK_STAGES = ['points', 'parts', 'pages', 'files'] as const;
export type WorkStage = (typeof WORK_STAGES)[number];
