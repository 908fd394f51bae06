import { receiversOf } from '../../../shared/api/receivers.ts';
import type { Settings } from '../../../shared/api/settings.ts';

/** Receivers of packages by id and name, in the order of the settings. */
export function receiverChoices(settings: Settings): { readonly value: string; readonly label: string }[] {
  return receiversOf(settings).map(({ id, name }) => ({ value: id, label: name }));
}

/** Numbers are counted for an id; people know the receiver by its name. One that is no more keeps its id. */
export function receiverNames(settings: Settings | null): (receiver: string) => string {
  const names = new Map(settings === null ? [] : receiversOf(settings).map(({ id, name }) => [id, name]));
  return (receiver) => names.get(receiver) ?? receiver;
}
