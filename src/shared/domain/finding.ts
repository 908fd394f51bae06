/** Names of what is wrong with a line, a meter or its wiring. The texts are made from code and parameters (src/shared/i18n/findings.ts). */

/** Of a line as a whole. */
export const LINE_FINDINGS = [
  'echo',
  'noise',
  'loss',
  'corruption',
  'truncation',
  'late-replies',
  'foreign-master',
  'gateway-framing',
  'gateway-slow',
  'gateway-splits',
  'gateway-busy',
  'gateway-frozen',
  'wrong-parity',
  'line-silent',
] as const;

/** Of one meter on its line. */
export const METER_FINDINGS = ['duplicate-address', 'zero-only', 'meter-flapping', 'repeat-code'] as const;

/** Of what the instantaneous values say against the wiring. */
export const WIRING_FINDINGS = ['current-without-voltage', 'phase-reversed', 'phases-crossed'] as const;

/** Of the settings audit. */
export const AUDIT_FINDINGS = [
  'profile-off',
  'profile-period',
  'ring-short',
  'season-switching',
  'season-bit-stale',
  'clock-zone',
  'sums-by-modulus',
  'ratio-inside',
  'ratio-differs',
  'battery-low',
  'meter-fault',
  'default-password',
  'firmware-old',
  'address-differs',
] as const;

export const FINDING_CODES = [...LINE_FINDINGS, ...METER_FINDINGS, ...WIRING_FINDINGS, ...AUDIT_FINDINGS] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

export function isFindingCode(code: string): code is FindingCode {
  return FINDING_CODES.some((known) => known === code);
}

/** How much it matters: `fault` costs data or money now, `attention` will, `info` explains. */
export type FindingWeight = 'fault' | 'attention' | 'info';

/** One thing that was noticed, with the figures that show it. */
export interface Finding {
  readonly code: FindingCode;
  readonly weight: FindingWeight;
  /** Figures and names for the text: `address`, `serials`, `rate`, `phase`, `minutes` ... Plain JSON. */
  readonly params: Readonly<Record<string, string | number | null>>;
}
