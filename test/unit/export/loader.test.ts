/** The loader for 1C cannot be run here: what can be said of its text without 1C is checked, and that its names are the product's. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const FOLDER = path.join(import.meta.dirname, '../../../resources/1c');
const MODULE = readFileSync(path.join(FOLDER, 'loader.bsl'), 'utf8');
const INSTRUCTION = readFileSync(path.join(FOLDER, 'instruction.md'), 'utf8');
const SCHEMA = readFileSync(path.join(FOLDER, 'energy-1c-1.0.xsd'), 'utf8');

/** Code alone: comments gone, each text an empty pair of quotes. Texts may go over several lines, each begun by a bar. */
const CODE = MODULE.split('\n')
  .map((line) => line.replaceAll(/"[^"]*"/g, '""').replace(/\/\/.*$/, ''))
  .join('\n')
  .replaceAll(/"[^"]*"/g, '""');

const OPENERS: Readonly<Record<string, string>> = {
  Процедура: 'КонецПроцедуры',
  Функция: 'КонецФункции',
  Если: 'КонецЕсли',
  Для: 'КонецЦикла',
  Пока: 'КонецЦикла',
  Попытка: 'КонецПопытки',
};

/** Names of elements in the order of the schema, by its types and groups; groups are put in where they are named. */
function schemaNames(name: string): string[] {
  const body = new RegExp(`<xs:(?:complexType|group) name="${name}">([\\s\\S]*?)</xs:(?:complexType|group)>`).exec(SCHEMA)?.[1] ?? '';
  return [...body.matchAll(/<xs:element name="(\w+)"|<xs:group ref="(\w+)"/g)].flatMap(([, element, group]) =>
    group === undefined ? (element ?? []) : schemaNames(group),
  );
}

const ROW_TYPES = { RF: 'ReferenceRow', RD: 'ReadingRow', IV: 'IntervalRow', DY: 'DayRow', MN: 'MonthRow' } as const;
const KINDS = ['RF', 'RD', 'IV', 'DY', 'MN'] as const;

test('every block of the module is closed by its own end', () => {
  const open: string[] = [];
  for (const [word] of CODE.matchAll(/[А-ЯЁа-яё]+/g)) {
    const end = OPENERS[word];
    if (end !== undefined) open.push(end);
    else if (/^Конец(Процедуры|Функции|Если|Цикла|Попытки)$/.test(word)) expect(word).toBe(open.pop());
  }
  expect(open).toEqual([]);
});

test('every procedure of the module that is called exists and gets as many arguments as it takes', () => {
  const defined = new Map(
    [...CODE.matchAll(/^(?:Процедура|Функция) ([А-Яа-яA-Za-z]+)\(([^)]*)\)/gm)].map(([, name = '', list = '']) => {
      const parameters = list.split(',').filter((parameter) => parameter.trim() !== '');
      return [name, { most: parameters.length, least: parameters.filter((parameter) => !parameter.includes('=')).length }] as const;
    }),
  );
  expect(defined.size).toBeGreaterThan(30);
  const called = new Set<string>();
  for (const match of CODE.matchAll(/(?<![.А-Яа-яA-Za-z])(?<!Процедура )(?<!Функция )([А-Яа-яA-Za-z]+)\(/g)) {
    const name = match[1] ?? '';
    const known = defined.get(name);
    if (known === undefined) continue;
    called.add(name);
    const count = argumentCount(CODE, match.index + match[0].length);
    expect(count, name).toBeLessThanOrEqual(known.most);
    expect(count, name).toBeGreaterThanOrEqual(known.least);
  }
  expect([...defined.keys()].filter((name) => !called.has(name))).toEqual(['ЗагрузитьПакеты']);
});

/** Arguments from after an opening bracket to its closing one. */
function argumentCount(code: string, from: number): number {
  let [depth, count, at] = [0, 1, from];
  for (; depth >= 0; at += 1) {
    const sign = code[at];
    if (sign === undefined) throw new Error('a bracket that is not closed');
    if ('([{'.includes(sign)) depth += 1;
    if (')]}'.includes(sign)) depth -= 1;
    if (sign === ',' && depth === 0) count += 1;
  }
  return code.slice(from, at - 1).trim() === '' ? 0 : count;
}

test('what the module calls of the platform is in a closed list, so that a mistyped name shows', () => {
  const ours = new Set([...CODE.matchAll(/^(?:Процедура|Функция) ([А-Яа-яA-Za-z]+)\(/gm)].map(([, name]) => name));
  const platform = [...CODE.matchAll(/(?<![.А-Яа-яA-Za-z])([А-Яа-яA-Za-z]+)\(/g)]
    .map(([, name = '']) => name)
    .filter((name) => !ours.has(name));
  const known =
    'Дата ЗначениеЗаполнено ЗафиксироватьТранзакцию ЗаписьЖурналаРегистрации ИнформацияОбОшибке КраткоеПредставлениеОшибки Лев Макс Мин ' +
    'НРег НайтиФайлы НачатьТранзакцию ОписаниеТипов ОтменитьТранзакцию ПереместитьФайл ПодробноеПредставлениеОшибки ПолучитьРазделительПути ' +
    'Прав ПустаяСтрока Символ СоздатьКаталог СокрП Сред СтрДлина СтрЗаменить СтрНайти СтрРазделить СтрСоединить Строка ТекущаяДатаСеанса Тип ТипЗнч ' +
    'УдалитьФайлы Файл Формат ХешированиеДанных Число ЗаписьТекста ЧтениеТекста Структура Запрос';
  expect([...new Set(platform)].filter((name) => !known.split(' ').includes(name))).toEqual([]);
});

test.each(KINDS)('the columns that the module reads of %s are in the schema of that kind', (kind) => {
  const names = schemaNames(ROW_TYPES[kind]);
  expect(names.length).toBeGreaterThan(9);
  const description = MODULE.slice(MODULE.indexOf('Функция ОписаниеВида'), MODULE.indexOf('Процедура ДобавитьПоле'));
  const ofKind =
    kind === 'RF'
      ? description.slice(0, description.indexOf('Возврат Описание'))
      : description.slice(description.indexOf('Возврат Описание'));
  const read = [...ofKind.matchAll(/ДобавитьПоле\(Поля, "(\w+)"/g)].map(([, name]) => name ?? '');
  const everywhere = new Set(KINDS.flatMap((other) => schemaNames(ROW_TYPES[other])));
  expect(read.filter((name) => !everywhere.has(name))).toEqual([]);
  // Every column of the kind but names of points and models, which 1C has of its own, and the meanings of the tariffs.
  const skipped = /^(point_name|meter_model|zone_\d|dept_code|cost_item|tenant_\w+|meter_serial)$/;
  expect(names.filter((name) => !read.includes(name) && !skipped.test(name))).toEqual([]);
});

test('the header fields that the module asks for are in the schema, or are those of the flag file alone', () => {
  const header = schemaNames('Header');
  const asked = new Set([
    ...[...MODULE.matchAll(/Паспорт\["(\w+)"\]/g)].map(([, name]) => name ?? ''),
    ...(/СтрРазделить\("(format,[^"]+)"/.exec(MODULE)?.[1] ?? '').split(','),
  ]);
  expect(asked.size).toBeGreaterThan(10);
  expect([...asked].filter((name) => !header.includes(name))).toEqual(['encoding']);
  const listed = [...INSTRUCTION.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? '');
  expect(header.filter((name) => !listed.includes(name))).toEqual([]);
});

test('the registers and fields that the module writes are in the instruction', () => {
  const fields = [...MODULE.matchAll(/ДобавитьПоле\(Поля, "\w+", "([А-Яа-я]+)"/g), ...CODE.matchAll(/Запись\.([А-Яа-я]+)(?= =)/g)].map(
    ([, name]) => name ?? '',
  );
  const registers = [...MODULE.matchAll(/Описание\.Регистр = "([А-Яа-я]+)"/g)].map(([, name]) => name ?? '');
  expect(registers).toHaveLength(4);
  expect([...fields, ...registers].filter((name) => !INSTRUCTION.includes(name))).toEqual([]);
});
