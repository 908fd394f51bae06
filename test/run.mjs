// `npm test`: what the tests stand on, the checks of the source, the bundles, every test; the last line is the total.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
process.env.PATH = `${root}node_modules/.bin${delimiter}${process.env.PATH}`;

/** Debian package -> files that show it is there. */
const SYSTEM = {
  socat: ['/usr/bin/socat'],
  chromium: ['/usr/bin/chromium'],
  'libxml2-utils': ['/usr/bin/xmllint'],
  dbview: ['/usr/bin/dbview'],
  'poppler-utils': ['/usr/bin/pdftotext'],
  'fonts-liberation2': ['/usr/share/fonts/truetype/liberation2', '/usr/share/fonts/truetype/liberation'],
};

function missingPackages() {
  return Object.keys(SYSTEM).filter((name) => !SYSTEM[name].some((path) => existsSync(path)));
}

function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } });
  if (error) console.error(error.message);
  return status === 0;
}

function bringPackages() {
  const missing = missingPackages();
  if (missing.length === 0) return true;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
    run('apt-get', ['update', '-q'], quiet);
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing], quiet);
  }
  const absent = missingPackages();
  if (absent.length === 0) return true;
  console.error(`The tests need these Debian packages: apt-get install -y --no-install-recommends ${absent.join(' ')}`);
  return false;
}

/** Counts what vitest ran. A file that did not load and an error outside of any test count as failed. */
async function runTests() {
  const { startVitest } = await import('vitest/node');
  const vitest = await startVitest('test', process.argv.slice(2), { run: true, watch: false });
  const totals = { passed: 0, failed: 0 };
  for (const module of vitest.state.getTestModules()) {
    if (module.errors().length > 0) totals.failed += 1;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') totals.passed += 1;
      else if (state !== 'skipped') totals.failed += 1;
    }
  }
  totals.failed += vitest.state.getUnhandledErrors().length;
  await vitest.close();
  return totals;
}

/** `false` with a sentence on stderr when there is nothing to run the tests on. */
function canRun() {
  if (Number.parseInt(process.versions.node, 10) >= 24) return bringPackages();
  console.error(
    `The tests need Node 24 and this is Node ${process.versions.node}: run "npm ci --ignore-scripts", which brings it along, then "npm test".`,
  );
  return false;
}

function build() {
  if (run('electron-vite', ['build', '--logLevel', 'warn']) && existsSync('out/main/index.js')) return true;
  console.error('The bundles were not built: the end-to-end tests cannot run against the present source.');
  return false;
}

const totals = { passed: 0, failed: 0 };
try {
  if (!canRun()) totals.failed += 1;
  else {
    if (!run(process.execPath, ['test/check.mjs'])) totals.failed += 1;
    if (!build()) totals.failed += 1;
    const tests = await runTests();
    totals.passed += tests.passed;
    totals.failed += tests.failed;
    if (tests.passed + tests.failed === 0) {
      console.error('No test ran.');
      totals.failed += 1;
    }
  }
} catch (error) {
  console.error(error);
  totals.failed += 1;
}
// What scripts read; nothing may be printed after it.
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed === 0 ? 0 : 1);
