/** What of a reading is judged: fields whose nulls need a reason in `absences`, and lists that may be left out. */
export interface Explained {
  readonly absences: readonly { readonly field: string; readonly reason: string }[];
  readonly [name: string]: unknown;
}

/** Lists of a reading that are left out when they were not part of the read. */
export const LISTS = ['registers', 'intervals', 'instantaneous', 'events'] as const;

/** Objects of a reading whose nulls are absences; in `session` null is the good case. */
const PARTS = ['meter', 'clock'] as const;

/** JSON pointers of the nulls of a reading outside its lists, in the order of the fields. */
export function nullFields(record: Readonly<Record<string, unknown>>): string[] {
  const found: string[] = [];
  for (const [name, value] of Object.entries(record)) {
    if (value === null) found.push(`/${name}`);
    else if (PARTS.some((part) => part === name) && typeof value === 'object') {
      for (const [inner, figure] of Object.entries(value)) if (figure === null) found.push(`/${name}/${inner}`);
    }
  }
  return found;
}

/** What is wrong with the reasons of a reading: a null without one, or a reason without an absence. Empty = every absence is explained once. */
export function unexplained(record: Explained): string[] {
  const nulls = nullFields(record);
  const absent = [...nulls, ...LISTS.filter((list) => record[list] === undefined).map((list) => `/${list}`)];
  const given = record.absences.map(({ field }) => field);
  return [
    ...nulls.filter((field) => !given.includes(field)).map((field) => `${field} is null without a reason`),
    ...given.filter((field) => !absent.includes(field)).map((field) => `${field} is not absent`),
    ...given.filter((field, index) => given.indexOf(field) !== index).map((field) => `${field} has two reasons`),
  ];
}
