import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FEEDER_FLAGS } from '../support/feeder-process.ts';

test('the command is started with the same flags of V8 from a checkout as from its first line', () => {
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    scripts: Record<string, string>;
  };
  expect(FEEDER_FLAGS.length).toBeGreaterThan(0);
  expect(scripts['feeder']).toBe(`node ${FEEDER_FLAGS.join(' ')} bin/feeder.mjs`);
});
