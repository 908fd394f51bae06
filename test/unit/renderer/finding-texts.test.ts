import { describe, expect, test } from 'vitest';
import { INVENTORY_GROUPS } from '../../../src/main/drivers/driver.ts';
import { WRITE_OBSTACLES } from '../../../src/shared/api/meters.ts';
import { FINDING_CODES } from '../../../src/shared/domain/finding.ts';
import { METER_EVENTS } from '../../../src/shared/domain/meter-event.ts';
import { METER_WRITE_KINDS, WRITE_OUTCOMES } from '../../../src/shared/domain/meter-write.ts';
import { INSTANTANEOUS_KEYS } from '../../../src/shared/domain/quantity.ts';
import { FINDING_TEXTS, findingAdvice, findingDetail } from '../../../src/shared/i18n/findings.ts';
import { EVENT_TEXTS } from '../../../src/shared/i18n/meter-events.ts';
import { meterFaultText } from '../../../src/shared/i18n/meter-faults.ts';
import { INVENTORY_GROUP_ORDER, inventoryGroupText, quantityName } from '../../../src/shared/i18n/meter-items.ts';
import { WRITE_OBSTACLE_TEXTS, WRITE_OUTCOME_TEXTS, WRITE_TEXTS } from '../../../src/shared/i18n/meter-writes.ts';

const RUSSIAN = /[а-яё]{3}/i;
const ENGLISH = /^[^а-яё]{2,}$/i;

describe('findings in words', () => {
  test('say what happened, what it means and what to do, without a hole where a figure is unknown', () => {
    for (const code of FINDING_CODES) {
      for (const language of ['ru', 'en'] as const) {
        const { what, means, todo } = findingAdvice({ code, params: {} }, language);
        for (const part of [what, means, todo]) {
          expect([code, part]).toEqual([code, expect.stringMatching(language === 'ru' ? RUSSIAN : ENGLISH)]);
          expect([code, part]).not.toEqual([code, expect.stringMatching(/[[\]{}!]|: ?$|undefined|null/)]);
        }
      }
    }
  });

  test('take the same figures in both languages', () => {
    const slots = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort();
    for (const code of FINDING_CODES) {
      const { ru, en } = FINDING_TEXTS[code];
      expect([code, slots(ru.what + ru.means + ru.todo)]).toEqual([code, slots(en.what + en.means + en.todo)]);
    }
  });

  test('name phases by letter, numbers by the language, and leave out the part whose figure is missing', () => {
    const finding = { code: 'current-without-voltage', params: { phase: 2, voltage: 0.3, current: null } } as const;
    expect(findingAdvice(finding, 'ru').what).toBe('Ток без напряжения: фаза B');
    const measured = { code: 'current-without-voltage', params: { phase: 2, voltage: 0.3, current: 2.15 } } as const;
    expect(findingAdvice(measured, 'ru').what).toBe('Ток без напряжения: фаза B, 0,3 В при 2,15 А');
    expect(findingDetail(measured, 'en')).toBe('phase B, 0.3 V at 2.15 A');
    expect(findingDetail({ code: 'gateway-framing', params: {} }, 'ru')).toBeNull();
  });

  test('name the faults of a status word, also those that the documents leave unnamed', () => {
    expect(findingAdvice({ code: 'meter-fault', params: { faults: 'E-06 E-22' } }, 'ru').what).toContain(
      'E-06: неисправны часы (RTC); E-22: не сходится контрольная сумма одной из настроек',
    );
    for (let number = 1; number <= 48; number += 1) {
      const code = `E-${String(number).padStart(2, '0')}`;
      expect(meterFaultText(code, 'ru')).toMatch(RUSSIAN);
      expect(meterFaultText(code, 'en')).toMatch(ENGLISH);
    }
  });
});

test('what a meter holds, tells and lets be written has a name in both languages', () => {
  const names = [
    ...METER_EVENTS.map((kind) => EVENT_TEXTS[kind]),
    ...METER_WRITE_KINDS.flatMap((kind) => {
      const { ru, en } = WRITE_TEXTS[kind];
      return [
        { ru: ru.name, en: en.name },
        { ru: ru.consequence, en: en.consequence },
      ];
    }),
    ...WRITE_OUTCOMES.map((outcome) => WRITE_OUTCOME_TEXTS[outcome]),
    ...WRITE_OBSTACLES.map((obstacle) => WRITE_OBSTACLE_TEXTS[obstacle]),
    ...INVENTORY_GROUPS.map((group) => ({ ru: inventoryGroupText(group, 'ru'), en: inventoryGroupText(group, 'en') })),
    ...INSTANTANEOUS_KEYS.map((key) => ({ ru: quantityName(key, 'ru'), en: quantityName(key, 'en') })),
  ];
  for (const { ru, en } of names) {
    expect(ru).toMatch(RUSSIAN);
    expect(en).toMatch(ENGLISH);
  }
  expect([...INVENTORY_GROUP_ORDER].sort()).toEqual([...INVENTORY_GROUPS].sort());
  expect(quantityName('angle13', 'ru')).toBe('Угол между напряжениями A–C');
  expect(quantityName('P', 'en')).toBe('Active power');
});
