import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS, settings } from '../../../src/shared/api/settings.ts';
import { DEFAULT_XML80020 } from '../../../src/shared/api/settings-80020.ts';

const parsed = (xml80020: unknown) => settings.safeParse({ ...DEFAULT_SETTINGS, xml80020 });

test('what an earlier version has stored is taken as it is, the rest by default', () => {
  const stored = { sender: { inn: '7701234567', name: 'АО «Завод»' }, area: { inn: '5600010901', name: 'Площадка' } };
  expect(parsed(stored).data?.xml80020).toEqual({ ...DEFAULT_XML80020, ...stored });
  const { xml80020: _, ...before } = DEFAULT_SETTINGS;
  expect(settings.parse(before).xml80020).toEqual(DEFAULT_XML80020);
});

test('a delivery that says only one thing has the others by default', () => {
  const delivery = { folder: 'C:\\out' };
  expect(parsed({ ...DEFAULT_XML80020, delivery }).data?.xml80020.delivery).toEqual({ folder: 'C:\\out', mail: null, repliesFolder: null });
});

test.each([
  ['a password', { delivery: { mail: { host: 'h', from: 'a@b', to: ['c@d'], password: 'x' } } }],
  ['no recipient', { delivery: { mail: { host: 'h', from: 'a@b', to: [] } } }],
  ['a second header in an address', { delivery: { mail: { host: 'h', from: 'a@b', to: ['c@d\r\nBcc: e@f'] } } }],
  ['a channel that there is not', { channels: ['05'] }],
  ['no channel', { channels: [] }],
  ['a command line in one piece', { signCommand: 'sign {file}' }],
  ['a deadline that is no time', { deadline: '25:00' }],
  ['four decimals', { decimals: 4 }],
])('%s is refused', (_title, over) => {
  expect(parsed({ ...DEFAULT_XML80020, ...over }).success).toBe(false);
});
