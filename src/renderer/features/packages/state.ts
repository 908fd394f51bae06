import type { TFunction } from 'i18next';
import type { PackageSummary } from '../../../shared/api/methods.ts';
import type { State } from '../../../shared/api/values.ts';

const STATES: Readonly<Record<PackageSummary['state'], State>> = {
  made: 'unchecked',
  delivered: 'ok',
  accepted: 'ok',
  partial: 'attention',
  rejected: 'fault',
  failed: 'fault',
};

/** A package's state as a mark and a word. A delivered package that lacks rows is no reason to be green. */
export function packageStateMark(pack: PackageSummary, t: TFunction): { readonly state: State; readonly label: string } {
  const isShort = pack.missingRows > 0 && STATES[pack.state] === 'ok';
  return {
    state: isShort ? 'attention' : STATES[pack.state],
    label: isShort ? t('packages.withMissing') : t(`packageState.${pack.state}`),
  };
}
