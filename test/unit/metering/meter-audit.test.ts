import { describe, expect, test } from 'vitest';
import { type AuditContext, auditMeter, zoneHours } from '../../../src/main/metering/meter-audit.ts';
import type { MeterConfiguration } from '../../../src/shared/domain/meter-configuration.ts';

/** A new three-phase meter as it should be set up. */
const SOUND: MeterConfiguration = {
  firmware: '9.0.0',
  constantImpPerKwh: 5000,
  hasProfile: true,
  profilePeriodMin: 30,
  ringSlots: 8192,
  readsBatches: true,
  switchesSeason: false,
  sumsByModulus: false,
  ratioVt: 1,
  ratioCt: 1,
  repeatsCode: false,
  faults: [],
  hasDefaultPassword: false,
  networkAddress: 94,
};
const INSTALLED: AuditContext = {
  installation: { ct: { primary: 600, secondary: 5 }, vt: { primary: 6000, secondary: 100 }, valuesArePrimary: false },
  address: 94,
  deviationMs: 4000,
  isMarkedSummer: false,
  countsSeasonMark: false,
};
const audit = (changes: Partial<MeterConfiguration>, context: Partial<AuditContext> = {}) =>
  auditMeter({ ...SOUND, ...changes }, { ...INSTALLED, ...context });
const codes = (...parameters: Parameters<typeof audit>) => audit(...parameters).map(({ code }) => code);

describe('the settings audit', () => {
  test('finds nothing in a meter that is set up as it should be, and nothing in what a meter does not say', () => {
    expect(codes({})).toEqual([]);
    const silent = Object.fromEntries(Object.keys(SOUND).map((key) => [key, null])) as unknown as MeterConfiguration;
    expect(auditMeter(silent, { ...INSTALLED, deviationMs: null })).toEqual([]);
  });

  test('tells a profile that is off and one of another period than 30 minutes', () => {
    expect(codes({ hasProfile: false, profilePeriodMin: null, ringSlots: null })).toEqual(['profile-off']);
    expect(audit({ profilePeriodMin: 60 })).toEqual([{ code: 'profile-period', weight: 'attention', params: { minutes: 60 } }]);
  });

  test('tells a ring of less than 90 days with its days, for information', () => {
    expect(audit({ ringSlots: 4096 })).toEqual([{ code: 'ring-short', weight: 'info', params: { days: 85 } }]);
    expect(codes({ ringSlots: 90 * 48 })).toEqual([]);
    expect(codes({ ringSlots: 90 * 48 - 1 })).toEqual(['ring-short']);
  });

  test('tells switching of seasons, and a season mark that is decoration', () => {
    expect(codes({ switchesSeason: true })).toEqual(['season-switching']);
    expect(audit({}, { isMarkedSummer: true })).toEqual([{ code: 'season-bit-stale', weight: 'info', params: {} }]);
    expect(codes({ switchesSeason: true }, { isMarkedSummer: true })).toEqual(['season-switching']);
    expect(codes({ switchesSeason: null }, { isMarkedSummer: true })).toEqual([]);
  });

  test('tells a season mark that shifts the time by its hour from another zone', () => {
    const shifted = { countsSeasonMark: true, deviationMs: -3_598_000 };
    expect(audit({}, { ...shifted, isMarkedSummer: true })).toEqual([{ code: 'season-bit-stale', weight: 'attention', params: {} }]);
    expect(codes({}, { ...shifted, isMarkedSummer: false })).toEqual(['clock-zone']);
    expect(codes({}, { ...shifted, isMarkedSummer: true, countsSeasonMark: false })).toEqual(['season-bit-stale', 'clock-zone']);
  });

  test('knows another zone from a drift by whole hours within five minutes', () => {
    expect(audit({}, { deviationMs: -7_200_000 + 300_000 })).toEqual([{ code: 'clock-zone', weight: 'attention', params: { hours: -2 } }]);
    expect(codes({}, { deviationMs: 3_600_000 + 300_001 })).toEqual([]);
    expect(zoneHours(299_000)).toBe(0);
    expect(zoneHours(1_800_000)).toBe(0);
  });

  test('holds the ratio programmed inside against the plates, whole numbers against quotients', () => {
    expect(audit({ ratioVt: 60, ratioCt: 120 })).toEqual([{ code: 'ratio-inside', weight: 'info', params: { vt: 60, ct: 120 } }]);
    expect(audit({ ratioVt: 60, ratioCt: 80 })).toEqual([
      { code: 'ratio-differs', weight: 'attention', params: { inside: 4800, installed: 7200 } },
    ]);
    const odd = { ct: { primary: 200, secondary: 5 }, vt: { primary: 15_750, secondary: 100 }, valuesArePrimary: false };
    expect(codes({ ratioVt: 157, ratioCt: 40 }, { installation: odd })).toEqual(['ratio-inside']);
    expect(codes({ ratioVt: 158, ratioCt: 40 }, { installation: odd })).toEqual(['ratio-inside']);
    expect(codes({ ratioVt: 159, ratioCt: 40 }, { installation: odd })).toEqual(['ratio-differs']);
  });

  test('compares no ratio where the meter itself counts primary energy, or where nobody knows the plates', () => {
    expect(codes({ ratioVt: 60, ratioCt: 80 }, { installation: { ...INSTALLED.installation, valuesArePrimary: true } as never })).toEqual([
      'ratio-inside',
    ]);
    expect(codes({ ratioVt: 60, ratioCt: 80 }, { installation: null })).toEqual(['ratio-inside']);
  });

  test('parts a low battery from the faults of the meter', () => {
    expect(audit({ faults: ['E-01', 'E-06', 'E-22', 'E-48'] })).toEqual([
      { code: 'battery-low', weight: 'attention', params: { faults: 'E-01 E-48' } },
      { code: 'meter-fault', weight: 'fault', params: { faults: 'E-06 E-22' } },
    ]);
  });

  test('tells summing by modulus, repeated codes, factory passwords, old firmware and another address', () => {
    expect(codes({ sumsByModulus: true, repeatsCode: true, hasDefaultPassword: true, readsBatches: false, firmware: '2.1.0' })).toEqual([
      'sums-by-modulus',
      'repeat-code',
      'default-password',
      'firmware-old',
    ]);
    expect(audit({ networkAddress: 17 })).toEqual([{ code: 'address-differs', weight: 'attention', params: { inside: 17, asked: 94 } }]);
  });
});
