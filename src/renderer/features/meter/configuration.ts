import type { MeterConfiguration } from '../../../shared/domain/meter-configuration.ts';
import { meterFaultText } from '../../../shared/i18n/meter-faults.ts';
import type { Locale } from '../../ui/locale.ts';

type Name = keyof MeterConfiguration;

/** In the order in which an engineer reads them. */
const NAMES: readonly Name[] = [
  'firmware',
  'networkAddress',
  'constantImpPerKwh',
  'hasProfile',
  'profilePeriodMin',
  'ringSlots',
  'readsBatches',
  'switchesSeason',
  'sumsByModulus',
  'ratioVt',
  'ratioCt',
  'repeatsCode',
  'hasDefaultPassword',
  'faults',
];

const UNITS: Readonly<Partial<Record<Name, 'imp' | 'min'>>> = { constantImpPerKwh: 'imp', profilePeriodMin: 'min' };

export interface ConfigurationRow {
  readonly name: string;
  /** Null when the meter does not say. */
  readonly value: string | null;
}

/** The settings of a meter in words; what a newer server adds stands at the end under its own name. */
export function configurationRows(configuration: Readonly<Record<string, unknown>>, { t, language }: Locale): ConfigurationRow[] {
  const print = (name: Name, value: unknown): string | null => {
    if (value === null || value === undefined) return null;
    if (typeof value === 'boolean') return t(value ? 'meter.yes' : 'meter.no');
    if (name === 'faults' && Array.isArray(value)) {
      return value.length === 0 ? t('meter.noFaults') : value.map((code) => meterFaultText(String(code), language)).join('; ');
    }
    const unit = UNITS[name];
    return unit === undefined ? textOf(value) : `${textOf(value)} ${t(`unit.${unit}`)}`;
  };
  const known: ReadonlySet<string> = new Set(NAMES);
  return [
    ...NAMES.filter((name) => name in configuration).map((name) => ({
      name: t(`meter.setting.${name}`),
      value: print(name, configuration[name]),
    })),
    ...Object.entries(configuration)
      .filter(([name]) => !known.has(name))
      .map(([name, value]) => ({ name, value: value === null ? null : textOf(value) })),
  ];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
