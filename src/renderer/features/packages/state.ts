import type { TFunction } from 'i18next';
import type { PackageSummary } from '../../../shared/api/methods.ts';
import { isErrorCode } from '../../../shared/i18n/errors.ts';
import type { ErrorCode } from '../../../shared/api/errors.ts';
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
export function packageStateMark(
  pack: Pick<PackageSummary, 'state' | 'missingRows'>,
  t: TFunction,
): { readonly state: State; readonly label: string } {
  const isShort = pack.missingRows > 0 && STATES[pack.state] === 'ok';
  return {
    state: isShort ? 'attention' : STATES[pack.state],
    label: !isShort
      ? t(`packageState.${pack.state}`)
      : t(pack.state === 'accepted' ? 'packages.acceptedWithMissing' : 'packages.withMissing'),
  };
}

/** The code that the words of a package's error begin with: `export/folder-unavailable: ...`; null when it has none. */
export function packageErrorCode(error: string | null): ErrorCode | null {
  const code = error?.split(': ', 1)[0] ?? '';
  return isErrorCode(code) ? code : null;
}
