import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

describe('docs/api.md', () => {
  it('says what the schemas say', () => {
    const { status, stderr } = spawnSync(process.execPath, ['bin/docs.mjs', '--check'], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});
