/** Names of what a person may read of a meter. */
import type { InBoth, Language } from './language.ts';

/** Groups of the inventory, in the order in which they are shown. */
const INVENTORY_GROUP_TEXTS: Readonly<Record<string, InBoth<string>>> = {
  identity: { ru: 'Паспортные данные', en: 'Identity' },
  settings: { ru: 'Настройки', en: 'Settings' },
  state: { ru: 'Состояние', en: 'State' },
  energy: { ru: 'Энергия', en: 'Energy' },
  archive: { ru: 'Архив по датам', en: 'Archive by date' },
  maxima: { ru: 'Максимумы мощности', en: 'Power maxima' },
  profile: { ru: 'Профиль мощности', en: 'Load profile' },
  'second-profile': { ru: 'Второй профиль', en: 'Second profile' },
};
export const INVENTORY_GROUP_ORDER: readonly string[] = Object.keys(INVENTORY_GROUP_TEXTS);

/** A group of the inventory in words; one of a newer server reads as "other". */
export function inventoryGroupText(group: string, language: Language): string {
  return INVENTORY_GROUP_TEXTS[group]?.[language] ?? (language === 'ru' ? 'Прочее' : 'Other');
}

/** Names of instantaneous values without their phase, which stands beside them. */
const QUANTITIES: readonly (readonly [RegExp, InBoth<string>])[] = [
  [/^P\d?$/, { ru: 'Активная мощность', en: 'Active power' }],
  [/^Q\d?$/, { ru: 'Реактивная мощность', en: 'Reactive power' }],
  [/^S\d?$/, { ru: 'Полная мощность', en: 'Apparent power' }],
  [/^U\d$/, { ru: 'Напряжение фазы', en: 'Phase voltage' }],
  [/^U\d\d$/, { ru: 'Линейное напряжение', en: 'Line voltage' }],
  [/^I\d$/, { ru: 'Ток', en: 'Current' }],
  [/^cos\d?$/, { ru: 'Коэффициент мощности', en: 'Power factor' }],
  [/^F$/, { ru: 'Частота', en: 'Frequency' }],
  [/^angle\d\d$/, { ru: 'Угол между напряжениями', en: 'Angle between voltages' }],
  [/^KU\d$/, { ru: 'Искажение кривой напряжения', en: 'Distortion of the voltage' }],
  [/^T$/, { ru: 'Температура внутри счётчика', en: 'Temperature inside the meter' }],
];
const LETTERS: Readonly<Record<string, string>> = { '1': 'A', '2': 'B', '3': 'C' };

/** `Напряжение фазы A`, `Угол между напряжениями A–B`, `Частота`. */
export function quantityName(key: string, language: Language): string {
  const phases = [...key.matchAll(/\d/g)].map(([digit]) => LETTERS[digit] ?? digit).join('–');
  const name = QUANTITIES.find(([form]) => form.test(key))?.[1][language] ?? key;
  return phases === '' ? name : `${name} ${phases}`;
}
