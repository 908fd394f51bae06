import type { State } from '../../shared/api/values.ts';

export interface PaletteEntry {
  readonly label: string;
  readonly detail: string;
  readonly href: string;
  /** Null for a screen. */
  readonly state: State | null;
}

const SHOWN = 12;

/** Entries that hold every typed word; those whose label begins with the text come first. */
export function findEntries(entries: readonly PaletteEntry[], text: string): PaletteEntry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = entries.filter(({ label, detail }) => {
    const hay = `${label} ${detail}`.toLowerCase();
    return words.every((word) => hay.includes(word));
  });
  const isFirst = ({ label }: PaletteEntry) => (label.toLowerCase().startsWith(words.join(' ')) ? 0 : 1);
  return matching.sort((a, b) => isFirst(a) - isFirst(b)).slice(0, SHOWN);
}
