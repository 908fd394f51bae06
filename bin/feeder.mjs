#!/usr/bin/env node
// The command line. Plain JavaScript, so that a Node that cannot read TypeScript still says what is wrong.
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
