import { expect, test } from 'vitest';
import { openStoreReader } from '../../../src/main/store/store.ts';
import type { Finding } from '../../../src/shared/domain/finding.ts';
import type { MeterConfiguration } from '../../../src/shared/domain/meter-configuration.ts';
import { HALF_HOUR, MIDNIGHT, storeWithMeters } from './support.ts';

const LOSS: Finding = { code: 'loss', weight: 'info', params: { rate: 2.4 } };
const LOW: Finding = { code: 'battery-low', weight: 'attention', params: { faults: 'E-01' } };

test('a finding lasts from when it was first noticed, with the figures as last seen', () => {
  const { store } = storeWithMeters();
  store.findings.note({ lineId: 1 }, LOSS, MIDNIGHT);
  store.findings.note({ meterId: 2 }, LOW, MIDNIGHT - 60);
  store.findings.note({ lineId: 1 }, { ...LOSS, weight: 'attention', params: { rate: 7 } }, MIDNIGHT + 60);
  expect(store.findings.lasting()).toEqual([
    { subject: { lineId: 1 }, code: 'loss', weight: 'attention', params: { rate: 7 }, sinceUtc: MIDNIGHT, untilUtc: null },
    { subject: { meterId: 2 }, ...LOW, sinceUtc: MIDNIGHT - 60, untilUtc: null },
  ]);
});

test('a finding that has ended lasts no more, and the next one of the same name begins anew', () => {
  const { store } = storeWithMeters();
  store.findings.note({ meterId: 1 }, LOW, MIDNIGHT);
  store.findings.close({ meterId: 1 }, 'battery-low', MIDNIGHT + HALF_HOUR);
  store.findings.close({ meterId: 1 }, 'battery-low', MIDNIGHT + 2 * HALF_HOUR);
  store.findings.close({ meterId: 2 }, 'battery-low', MIDNIGHT);
  expect(store.findings.lasting()).toEqual([]);
  store.findings.note({ meterId: 1 }, LOW, MIDNIGHT + 3 * HALF_HOUR);
  expect(store.findings.lasting()).toMatchObject([{ code: 'battery-low', sinceUtc: MIDNIGHT + 3 * HALF_HOUR, untilUtc: null }]);
});

test('what lasts outlives the process, and a reader beside the writer sees it', () => {
  const { store, folder } = storeWithMeters();
  store.findings.note({ lineId: 1 }, LOSS, MIDNIGHT);
  const reader = openStoreReader({ folder });
  expect(reader.findings.lasting().map(({ code }) => code)).toEqual(['loss']);
  reader.close();
});

test('of the settings of a meter the last reading is kept', () => {
  const { store } = storeWithMeters();
  const configuration = { firmware: '9.0.0', hasProfile: true, faults: ['E-01'] } as unknown as MeterConfiguration;
  expect(store.configurations.last(1)).toBeNull();
  store.configurations.save(1, { atUtc: MIDNIGHT, configuration: { ...configuration, firmware: null } });
  store.configurations.save(1, { atUtc: MIDNIGHT + 60, configuration });
  expect(store.configurations.last(1)).toEqual({ atUtc: MIDNIGHT + 60, configuration });
});
