#!/usr/bin/env -S node --max-semi-space-size=8 --heap-growing-percent=30
// The command line. Plain JavaScript, so that a Node that cannot read TypeScript still says what is wrong.
// The service lives for years on a PC that has other work too: V8 is told to collect early instead of taking what memory there is
// (docs/performance.md). The flags above stand in package.json as well.
const [major] = process.versions.node.split('.').map(Number);

if (major < 24) {
  const message = `Feeder needs Node 24 or newer and this is Node ${process.versions.node}`;
  const hint = 'Run "npm ci --ignore-scripts", which brings Node 24 along, then "npm run -s feeder -- <command>"';
  console.log(JSON.stringify({ error: { code: 'platform/old-node', message, hint } }));
  process.exitCode = 1;
} else {
  const { main } = await import('../src/main/cli/main.ts');
  process.exitCode = await main(process.argv.slice(2));
}
