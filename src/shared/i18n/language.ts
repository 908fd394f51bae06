import type { Settings } from '../api/settings.ts';

/** Languages of the product; Russian is the first and the default. */
export type Language = Settings['language'];

/** A text in every language. */
export type InBoth<T> = Readonly<Record<Language, T>>;

/** What a message to a person says, in this order: what happened, what it means, what to do. */
export interface Advice {
  readonly what: string;
  readonly means: string;
  readonly todo: string;
}

/** Puts values in the place of `{name}`; a name without a value leaves nothing behind. */
export function fillText(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '').replace(/ {2,}/g, ' ');
}
