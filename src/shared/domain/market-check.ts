/** What a file of the layouts 80020 and 80040 is judged by (xml-80020.md 9), in the order in which a person would look. */
export const CHECK_RULES = [
  'file-name',
  'encoding',
  'schema',
  'header',
  'number',
  'day',
  'sender',
  'time-zone',
  'area-code',
  'area-repeated',
  'point-code',
  'point-repeated',
  'channel-code',
  'channel-repeated',
  'period-count',
  'period-order',
  'summer',
  'value-empty',
  'value-form',
  'status',
  'non-commercial',
  'letters',
  'both-directions',
  'value-limit',
] as const;
export type CheckRule = (typeof CHECK_RULES)[number];

/** A file with a fault is refused by its receiver; one with a warning is taken in and asked about. */
export const VERDICTS = ['ok', 'warning', 'fault'] as const;
export type Verdict = (typeof VERDICTS)[number];
