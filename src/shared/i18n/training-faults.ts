/** Faults of the training plant in words. Their list is data of the plant: an unknown one keeps its own name. */
import type { InBoth, Language } from './language.ts';

const KINDS: Readonly<Record<string, InBoth<string>>> = {
  'dead-meter': { ru: 'Счётчик молчит', en: 'Dead meter' },
  flapping: { ru: 'Счётчик то отвечает, то нет', en: 'Flapping meter' },
  'duplicate-address': { ru: 'Два счётчика на одном адресе', en: 'Two meters at one address' },
  'zero-only': { ru: 'Отвечает только на адрес 0', en: 'Answers to address 0 only' },
  'lost-phase': { ru: 'Пропала фаза', en: 'Lost phase' },
  'reversed-phase': { ru: 'Обратная фаза', en: 'Reversed phase' },
  'crossed-phases': { ru: 'Перекрещенные фазы', en: 'Crossed phases' },
  'wrong-ct': { ru: 'В документах не тот Ктт', en: 'Wrong CT ratio in the papers' },
  'power-off': { ru: 'Счётчик без питания', en: 'Meter without supply' },
  'clock-set': { ru: 'Часы переведены', en: 'Clock set' },
  'clock-drift': { ru: 'Уход часов', en: 'Clock drift' },
  'replaced-meter': { ru: 'Счётчик заменён', en: 'Replaced meter' },
  'drop-line': { ru: 'Линия оборвана', en: 'Dropped line' },
  'silent-line': { ru: 'Линия молчит', en: 'Silent line' },
  loss: { ru: 'Потеря ответов', en: 'Loss' },
  corrupt: { ru: 'Искажение ответов', en: 'Damaged replies' },
  truncate: { ru: 'Ответы обрываются', en: 'Replies cut short' },
  echo: { ru: 'Эхо', en: 'Echo' },
  noise: { ru: 'Помехи', en: 'Noise' },
  'late-reply': { ru: 'Запоздалые ответы', en: 'Late replies' },
  'slow-gateway': { ru: 'Медленный шлюз', en: 'Slow gateway' },
  segments: { ru: 'Ответы по частям', en: 'Replies in pieces' },
  'one-client': { ru: 'Шлюз на одного клиента', en: 'Gateway for one client' },
  'frozen-gateway': { ru: 'Шлюз завис', en: 'Frozen gateway' },
  'modbus-gateway': { ru: 'Шлюз ждёт Modbus TCP', en: 'Gateway expects Modbus TCP' },
  'wrong-parity': { ru: 'Не та скорость или чётность шлюза', en: 'Wrong speed or parity of the gateway' },
  'foreign-master': { ru: 'Чужой опрос на линии', en: 'Foreign master' },
};

const FIELDS: Readonly<Record<string, InBoth<string>>> = {
  after_s: { ru: 'Начать через, с', en: 'Begin after, s' },
  for_s: { ru: 'Длится, с', en: 'Lasts, s' },
  rate: { ru: 'Доля, 0–1', en: 'Share, 0-1' },
  of: { ru: 'Чего: replies или requests', en: 'Of what: replies or requests' },
  bytes: { ru: 'Байт', en: 'Bytes' },
  place: { ru: 'Где: before, after, between', en: 'Where: before, after, between' },
  phases: { ru: 'Фазы', en: 'Phases' },
  on_s: { ru: 'Отвечает, с', en: 'Answers, s' },
  off_s: { ru: 'Молчит, с', en: 'Silent, s' },
  delay_ms: { ru: 'Задержка, мс', en: 'Delay, ms' },
  latency_ms: { ru: 'Задержка, мс', en: 'Latency, ms' },
  jitter_ms: { ru: 'Разброс, мс', en: 'Jitter, ms' },
  second: { ru: 'Второй клиент: refused, drops-first', en: 'Second client: refused, drops-first' },
  stale_s: { ru: 'Держит место ещё, с', en: 'Holds the place for, s' },
  answer: { ru: 'Ответ: silence, exception', en: 'Answer: silence, exception' },
  baud_rate: { ru: 'Скорость, бит/с', en: 'Speed, bit/s' },
  format: { ru: 'Формат: 8E1', en: 'Format: 8E1' },
  period_ms: { ru: 'Период, мс', en: 'Period, ms' },
  twin: { ru: 'Второй счётчик', en: 'Second meter' },
  by_s: { ru: 'На сколько, с', en: 'By how much, s' },
  s_per_day: { ru: 'Уход, с/сут', en: 'Drift, s/day' },
  papers: { ru: 'Ктт в документах, 200/5', en: 'CT ratio in the papers, 200/5' },
  serial: { ru: 'Зав. №', en: 'Serial' },
};

export function faultKindText(kind: string, language: Language): string {
  return KINDS[kind]?.[language] ?? kind;
}

export function faultFieldText(field: string, language: Language): string {
  return FIELDS[field]?.[language] ?? field;
}
