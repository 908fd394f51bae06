import {
  FIRST_RECEIVER,
  ONEC_COLUMNS,
  type OnecKind,
  type Receiver,
  receiversOf,
  sharedFolder,
  USUAL_RECEIVER,
} from '../../../shared/api/receivers.ts';
import { type Settings, settings as settingsSchema } from '../../../shared/api/settings.ts';

/** A receiver that is not there yet; its id is free among those that are. */
export function newReceiver(settings: Settings, name: string): Receiver {
  const taken = new Set(receiversOf(settings).map(({ id }) => id));
  let number = taken.size + 1;
  while (taken.has(`receiver-${number}`)) number += 1;
  return { ...USUAL_RECEIVER, id: `receiver-${number}`, name, folder: null, encoding: 'windows-1251' };
}

/** The settings with a receiver as it stands in the form, added when it is new. */
export function withReceiver(settings: Settings, receiver: Receiver): Settings {
  const { id, ...fields } = receiver;
  if (id === FIRST_RECEIVER) return { ...settings, onec: fields };
  const isKnown = settings.receivers.some((one) => one.id === id);
  return {
    ...settings,
    receivers: isKnown ? settings.receivers.map((one) => (one.id === id ? receiver : one)) : [...settings.receivers, receiver],
  };
}

export function withoutReceiver(settings: Settings, id: string): Settings {
  return { ...settings, receivers: settings.receivers.filter((one) => one.id !== id) };
}

export type ReceiverFault = 'name' | 'formats' | 'kinds' | 'csv' | 'folder' | 'withinH' | 'archiveMonths' | 'columns';

/** What the fields of a receiver must hold: nothing when it can be saved. */
export function receiverFaults(settings: Settings, receiver: Receiver): ReceiverFault[] {
  const faults: ReceiverFault[] = [];
  if (receiver.name.trim() === '') faults.push('name');
  if (receiver.formats.length === 0) faults.push('formats');
  if (receiver.kinds.length === 0) faults.push('kinds');
  if (receiver.csv.separator === receiver.csv.decimal) faults.push('csv');
  const next = withReceiver(settings, receiver);
  if (sharedFolder(receiversOf(next)) !== null) faults.push('folder');
  if (!isWithin(receiver.acknowledges.withinH, 1, 744)) faults.push('withinH');
  if (!isWithin(receiver.archiveMonths, 1, 600)) faults.push('archiveMonths');
  if (Object.values(receiver.columns).some((names) => names?.length === 0)) faults.push('columns');
  // What nobody thought of above must not be saved either.
  if (faults.length === 0 && !settingsSchema.safeParse(next).success) faults.push('name');
  return faults;
}

function isWithin(value: number, from: number, to: number): boolean {
  return Number.isInteger(value) && value >= from && value <= to;
}

/** One column of a kind, in the order of the file; those that are left out come last in their usual order. */
export interface ColumnChoice {
  readonly name: string;
  readonly isTaken: boolean;
}

export function columnChoices({ columns }: Receiver, kind: OnecKind): ColumnChoice[] {
  const all: readonly string[] = ONEC_COLUMNS[kind];
  const taken: readonly string[] = columns[kind] ?? all;
  return [
    ...taken.map((name) => ({ name, isTaken: true })),
    ...all.filter((name) => !taken.includes(name)).map((name) => ({ name, isTaken: false })),
  ];
}

/** The receiver with the columns of a kind chosen anew; all of them in their usual order are no choice at all. */
export function withColumns(receiver: Receiver, kind: OnecKind, choices: readonly ColumnChoice[]): Receiver {
  const usual: readonly string[] = ONEC_COLUMNS[kind];
  const names = choices.filter(({ isTaken }) => isTaken).map(({ name }) => name);
  const isUsual = names.length === usual.length && names.every((name, index) => name === usual[index]);
  const { [kind]: _, ...others } = receiver.columns;
  return { ...receiver, columns: isUsual ? others : { ...others, [kind]: names } };
}

/** The choices with one moved up (-1) or down (1) among those that are taken. */
export function moveColumn(choices: readonly ColumnChoice[], name: string, by: -1 | 1): ColumnChoice[] {
  const from = choices.findIndex((one) => one.name === name);
  const to = from + by;
  const [moved, other] = [choices[from], choices[to]];
  if (moved === undefined || other === undefined || !moved.isTaken || !other.isTaken) return [...choices];
  return choices.map((one, index) => (index === from ? other : index === to ? moved : one));
}
