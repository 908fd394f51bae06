import { expect, test } from 'vitest';
import { settlementSource } from '../../../src/main/api/settlement-source.ts';
import { Site } from '../../../src/main/api/site.ts';
import { replacementSettings } from '../../../src/shared/api/replacement-settings.ts';
import { storeWithMeters } from '../store/support.ts';

test('what the rules of the site say of a point tells a register that ran over from one that was reset', () => {
  const { store, clock } = storeWithMeters(2);
  const settings = store.settings.load();
  const points = [{ pointCode: 'P1', registerDigits: 6, maxPowerKw: 250 }];
  store.settings.save({ ...settings, replacement: replacementSettings.parse({ ...settings.replacement, points }) }, 'test');
  const site = new Site({ store, clock, engine: () => null });
  const limits = settlementSource(site).registerLimits;
  const [known, unknown] = site.plant.points;
  expect(known?.code).toBe('P1');
  expect(limits?.(known?.id ?? 0)).toEqual({ digits: 6, maxPowerW: 250_000 });
  expect(limits?.(unknown?.id ?? 0)).toEqual({ digits: null, maxPowerW: null });
});
