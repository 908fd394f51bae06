import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from '../../shared/i18n/en.ts';
import type { Language } from '../../shared/i18n/language.ts';
import { ru } from '../../shared/i18n/ru.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof ru };
  }
}

/** The texts of the screens; a key that does not exist is a type error. */
export async function createTexts(language: Language): Promise<i18n> {
  const texts = createInstance();
  await texts.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { ru: { translation: ru }, en: { translation: en } },
    // React escapes by itself.
    interpolation: { escapeValue: false },
  });
  return texts;
}
