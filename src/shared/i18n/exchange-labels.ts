import { fillText, type InBoth, type Language } from './language.ts';

/** What was asked of a meter, by the form of the exchange's label (protocol/mercury, protocol/mercury-200). */
const LABELS: readonly (readonly [RegExp, InBoth<string>])[] = [
  [/^profile records (?<from>\d+) to (?<to>\d+)$/, { ru: 'записи профиля {from}–{to}', en: 'profile records {from} to {to}' }],
  [/^profile record (?<at>\d+)$/, { ru: 'запись профиля {at}', en: 'profile record {at}' }],
  [/^profile head$/, { ru: 'последняя запись профиля', en: 'newest profile record' }],
  [/^energy by phases tariff (?<tariff>\d)$/, { ru: 'энергия по фазам, тариф {tariff}', en: 'energy by phases, tariff {tariff}' }],
  [
    /^energy array (?<array>\w+)(?: month (?<month>\d+))? all tariffs$/,
    { ru: 'показания по тарифам, массив {array}', en: 'registers by tariff, array {array}' },
  ],
  [/^frozen time$/, { ru: 'время замороженных показаний', en: 'time of the frozen registers' }],
  [/^half-hours (?<date>[\d-]+) block (?<block>\d)$/, { ru: 'получасы {date}, блок {block}', en: 'half-hours of {date}, block {block}' }],
  [/^day slice (?<date>[\d-]+)$/, { ru: 'срез суток {date}', en: 'day slice {date}' }],
  [/^month slice (?<date>\d{4}-[\d-]+)$/, { ru: 'срез месяца {date}', en: 'month slice {date}' }],
  [/^active energy$/, { ru: 'активная энергия по тарифам', en: 'active energy by tariff' }],
  [/^reactive energy$/, { ru: 'реактивная энергия по тарифам', en: 'reactive energy by tariff' }],
];

/** The label of an exchange in words; one of an unknown form stays as the protocol wrote it. */
export function exchangeLabelText(label: string, language: Language): string {
  for (const [form, text] of LABELS) {
    const match = form.exec(label);
    if (match !== null) return fillText(text[language], match.groups ?? {});
  }
  return label;
}
