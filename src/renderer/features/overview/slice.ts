import type { Attention, State } from '../../../shared/api/values.ts';
import { createResource } from '../../client/resource.ts';
import type { Services } from '../../client/services.ts';

export const createOverviewSlice = (services: Services) => createResource(services, 'overview.get');

/** Findings of one cause. */
export interface AttentionGroup {
  readonly code: Attention['code'];
  /** The worst of its items. */
  readonly state: State;
  readonly items: readonly Attention[];
}

const WORST_FIRST: readonly State[] = ['fault', 'attention', 'no-data', 'unchecked', 'ok'];

/** By cause, the worst and then the largest group first. */
export function groupAttention(items: readonly Attention[]): AttentionGroup[] {
  const groups = new Map<Attention['code'], Attention[]>();
  for (const item of items) groups.set(item.code, [...(groups.get(item.code) ?? []), item]);
  const rank = (state: State) => WORST_FIRST.indexOf(state);
  return [...groups]
    .map(([code, members]) => ({
      code,
      items: members,
      state: members.reduce<State>((worst, { state }) => (rank(state) < rank(worst) ? state : worst), 'ok'),
    }))
    .sort((a, b) => rank(a.state) - rank(b.state) || b.items.length - a.items.length);
}

/** Findings of one cause by what they are about: two lost phases of a meter are one name. */
export function subjectsOf(items: readonly Attention[]): (readonly [Attention, ...Attention[]])[] {
  const subjects = new Map<string, [Attention, ...Attention[]]>();
  for (const item of items) {
    const key = `${item.subject.kind} ${item.subject.id ?? item.subject.name}`;
    const same = subjects.get(key);
    if (same === undefined) subjects.set(key, [item]);
    else same.push(item);
  }
  return [...subjects.values()];
}
