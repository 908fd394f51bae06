import { fillText, type InBoth, type Language } from './language.ts';

/** What a cell of the import file must hold, by the column's name in the header. */
const COLUMN_RULES: Readonly<Record<string, InBoth<string>>> = {
  substation: { ru: 'название подстанции, до 100 знаков', en: 'name of the substation, up to 100 characters' },
  point_code: { ru: 'код точки учёта, до 32 знаков, без повторов', en: 'code of the point, up to 32 characters, each once' },
  point_name: { ru: 'название точки учёта, до 100 знаков', en: 'name of the point, up to 100 characters' },
  line: { ru: 'канал связи: tcp:адрес:порт:9600-8N1 или serial:COM4:9600-8N1', en: 'tcp:HOST:PORT:9600-8N1 or serial:COM4:9600-8N1' },
  driver: {
    ru: 'mercury-23x, mercury-200 или manual – счётчик без связи, показания вручную',
    en: 'mercury-23x, mercury-200, or manual: no link, people read the meter',
  },
  address: {
    ru: 'сетевой адрес счётчика: 1–240 для mercury-23x, номер для mercury-200',
    en: 'address of the meter: 1-240 for mercury-23x, the number for mercury-200',
  },
  serial: { ru: 'заводской номер счётчика цифрами, без повторов', en: 'serial number in digits, each once' },
  password: { ru: 'пусто, bin:010203040506 или ascii:111111', en: 'empty, bin:010203040506 or ascii:111111' },
  access_level: { ru: 'уровень доступа 1 или 2', en: 'access level 1 or 2' },
  ct_ratio: { ru: 'Ктт: 120, 600/5 или 157.5; пусто нельзя', en: 'CT ratio: 120, 600/5 or 157.5; not empty' },
  vt_ratio: { ru: 'Ктн: 1, 6000/100; пусто нельзя', en: 'VT ratio: 1, 6000/100; not empty' },
  role: { ru: 'settlement, control или technical', en: 'settlement, control or technical' },
  scheme: { ru: 'direct, 3CT, 3CT+3VT или 2CT+2VT', en: 'direct, 3CT, 3CT+3VT or 2CT+2VT' },
  dept_code: { ru: 'код подразделения, до 20 знаков', en: 'department code, up to 20 characters' },
  cost_item: { ru: 'статья затрат, до 20 знаков', en: 'cost item, up to 20 characters' },
  tenant_inn: { ru: 'ИНН субабонента: 10 или 12 цифр', en: 'INN of the tenant: 10 or 12 digits' },
  code_80020: { ru: 'код точки для макета 80020', en: 'point code for form 80020' },
  clock_zone: { ru: 'часовой пояс часов счётчика', en: 'zone of the clock of the meter' },
};

const WITHOUT_A_LINK: InBoth<string> = {
  ru: 'у счётчика без связи (manual) пусто: его никто не опрашивает',
  en: 'empty for a meter without a link (manual): nobody asks it',
};
const DUPLICATE: InBoth<string> = { ru: 'повтор строки {line}', en: 'repeats line {line}' };
const WHOLE_ROW: InBoth<string> = {
  ru: 'число столбцов или кодировка строки не те, что у заголовка',
  en: 'columns or encoding of the row do not match the header',
};
const HEADER: InBoth<string> = {
  ru: 'заголовок не тот: столбцы и их порядок – как в образце',
  en: 'the header differs from the sample: columns and their order',
};

const UNIVERSAL_ADDRESS: InBoth<string> = {
  ru: 'запросы к счётчику 200-й серии с таким номером начинаются с 00, а на адрес 0 отвечают все счётчики 23x этой линии: ответы могут сталкиваться, разведите серии по разным линиям',
  en: 'requests to a mercury-200 meter with such a number begin with 00, and all mercury-23x meters of this line answer to address 0: replies may collide, put the families on lines of their own',
};

/** A fault or a warning of the import in the reader's language: what the cell must hold, or which line it repeats. */
export function importFaultText(
  fault: { readonly line: number; readonly column: string; readonly message: string },
  language: Language,
): string {
  const earlier = /already stands in line (\d+)/.exec(fault.message)?.[1];
  if (earlier !== undefined) return fillText(DUPLICATE[language], { line: earlier });
  if (fault.message.startsWith('must be empty')) return WITHOUT_A_LINK[language];
  if (fault.message.includes('begin with 00')) return UNIVERSAL_ADDRESS[language];
  if (fault.line === 1) return HEADER[language];
  return (COLUMN_RULES[fault.column] ?? WHOLE_ROW)[language];
}
