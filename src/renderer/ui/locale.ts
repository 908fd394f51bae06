import type { TFunction } from 'i18next';
import { createContext, useContext, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language } from '../../shared/i18n/language.ts';
import { ENGLISH_NUMBERS, type EnergyPrefix, type NumberStyle, RUSSIAN_NUMBERS } from './format.ts';
import { type SiteTime, siteTime } from './time.ts';

/** Everything that a component needs to print words, figures and times. */
export interface Locale {
  readonly t: TFunction;
  readonly language: Language;
  readonly numbers: NumberStyle;
  readonly time: SiteTime;
}

/** IANA zone of the site; the application provides it from the status of the server. */
const SiteZoneContext = createContext('UTC');
export const SiteZoneProvider = SiteZoneContext.Provider;

export function useLocale(): Locale {
  const { t, i18n } = useTranslation();
  const zone = useContext(SiteZoneContext);
  const language: Language = i18n.language === 'en' ? 'en' : 'ru';
  return useMemo(
    () => ({ t, language, numbers: language === 'en' ? ENGLISH_NUMBERS : RUSSIAN_NUMBERS, time: siteTime(zone) }),
    [t, language, zone],
  );
}

/** Unit of a column of energy. */
export function energyUnitText({ t }: Locale, unit: 'Wh' | 'varh', prefix: EnergyPrefix): string {
  return t(`unit.${prefix}${unit}`);
}
