import axe from 'axe-core';
import type { Page } from 'playwright';

/** Violations, and contrast that could not be judged, by rule and place. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<Record<string, { id: string; nodes: { target: string[]; any: { message: string }[] }[] }[]>> };
    };
    const { violations = [], incomplete = [] } = await axe.run();
    return [...violations, ...incomplete.filter(({ id }) => id === 'color-contrast')].flatMap(({ id, nodes }) =>
      nodes
        // A mark that is drawn by a glyph has no text to judge; its name for a reader stands beside it.
        .filter(({ any }) => any[0]?.message.includes('only non-text') !== true)
        .map(({ target, any }) => `${id}: ${target.join(' ')} ${any[0]?.message ?? ''}`),
    );
  });
}
