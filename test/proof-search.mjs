// `npm run proof:search [BUSES]`: the property of thorough searches on more buses than the gate has time for.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/unit/search/random-buses.test.ts'], {
  stdio: 'inherit',
  env: { ...process.env, FEEDER_BUSES: process.argv[2] ?? '3000' },
});
process.exit(status ?? 1);
