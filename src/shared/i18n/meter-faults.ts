import type { InBoth, Language } from './language.ts';

/**
 * Faults and flags of a meter's status word (mercury.md 7). The documents say of E-17 to E-39 only that each is the
 * checksum of one setting, and nothing of E-08 and E-41 to E-46: they get the common texts below.
 */
export const STATUS_FAULT_TEXTS: Readonly<Record<string, InBoth<string>>> = {
  'E-01': { ru: 'напряжение батареи ниже 2,2 В', en: 'battery below 2.2 V' },
  'E-02': { ru: 'неисправна память 2 (регистры и настройки)', en: 'memory 2 (registers and settings) has failed' },
  'E-03': { ru: 'неисправен интерфейс UART1', en: 'interface UART1 has failed' },
  'E-04': { ru: 'неисправен измеритель (ADS)', en: 'the measuring circuit (ADS) has failed' },
  'E-05': { ru: 'ошибка обмена с памятью 1', en: 'no exchange with memory 1' },
  'E-06': { ru: 'неисправны часы (RTC)', en: 'the clock (RTC) has failed' },
  'E-07': { ru: 'неисправна память 3 (профиль мощности)', en: 'memory 3 (load profile) has failed' },
  'E-09': { ru: 'не сходится контрольная сумма программы', en: 'wrong checksum of the program' },
  'E-10': { ru: 'не сходится контрольная сумма калибровочных коэффициентов', en: 'wrong checksum of the calibration' },
  'E-11': { ru: 'не сходится контрольная сумма регистров энергии', en: 'wrong checksum of the energy registers' },
  'E-12': { ru: 'не сходится контрольная сумма сетевого адреса', en: 'wrong checksum of the network address' },
  'E-13': { ru: 'не сходится контрольная сумма заводского номера', en: 'wrong checksum of the serial number' },
  'E-14': { ru: 'не сходится контрольная сумма паролей', en: 'wrong checksum of the passwords' },
  'E-15': { ru: 'не сходится контрольная сумма варианта исполнения', en: 'wrong checksum of the execution variant' },
  'E-16': { ru: 'не сходится контрольная сумма байта тарификатора', en: 'wrong checksum of the tariff byte' },
  'E-40': { ru: 'получено широковещательное сообщение (не неисправность)', en: 'a broadcast was received (no fault)' },
  'E-47': { ru: 'идёт коррекция часов (не неисправность)', en: 'the clock is being corrected (no fault)' },
  'E-48': { ru: 'напряжение батареи ниже 2,65 В', en: 'battery below 2.65 V' },
};

const OF_A_SETTING: InBoth<string> = { ru: 'не сходится контрольная сумма одной из настроек', en: 'wrong checksum of one of the settings' };
const UNDESCRIBED: InBoth<string> = { ru: 'неисправность, не описанная в документации', en: 'a fault that the documents do not describe' };

/** `E-06: неисправны часы (RTC)`; any code of the status word has words. */
export function meterFaultText(code: string, language: Language): string {
  const number = Number(code.slice(2));
  const text = STATUS_FAULT_TEXTS[code] ?? (number >= 17 && number <= 39 ? OF_A_SETTING : UNDESCRIBED);
  return `${code}: ${text[language]}`;
}
