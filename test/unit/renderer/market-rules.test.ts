import { describe, expect, it } from 'vitest';
import { CHECK_RULES } from '../../../src/shared/domain/market-check.ts';
import { MARKET_RULE_TEXTS, marketPlaceText } from '../../../src/shared/i18n/market-rules.ts';

describe('the rules of a file 80020 in words', () => {
  it('are there for each rule in both languages, and no English word stands in for a Russian one', () => {
    for (const rule of CHECK_RULES) {
      expect(MARKET_RULE_TEXTS[rule].ru).toMatch(/[а-яё]{3}/i);
      expect(MARKET_RULE_TEXTS[rule].ru.replace('windows-1251', '')).not.toMatch(/[A-Za-z]/);
      expect(MARKET_RULE_TEXTS[rule].en).toMatch(/^[^а-яё]{8,}$/i);
    }
  });

  it('name a place as a person does', () => {
    const path = 'message/area 5600010901/measuringpoint 562080073213101/measuringchannel 01/period 0030';
    expect(marketPlaceText(path, 'ru')).toBe('участок 5600010901, точка 562080073213101, канал 01, получас 00:30');
    expect(marketPlaceText(path, 'en')).toBe('area 5600010901, point 562080073213101, channel 01, half-hour 00:30');
    expect(marketPlaceText('message', 'ru')).toBe('');
    expect(marketPlaceText('message/datetime', 'ru')).toBe('заголовок');
    expect(marketPlaceText('80020_1.xml', 'ru')).toBe('80020_1.xml');
  });
});
