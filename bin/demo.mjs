#!/usr/bin/env node
// The training plant with everything around it. Plain JavaScript for the same reason as bin/feeder.mjs.
const [major] = process.versions.node.split('.').map(Number);

if (major < 24) {
  console.error(
    `Feeder needs Node 24 or newer and this is Node ${process.versions.node}. Run "npm ci --ignore-scripts", which brings it along.`,
  );
  process.exitCode = 1;
} else {
  const { demo } = await import('../src/main/demo/demo.ts');
  process.exitCode = await demo(process.argv.slice(2));
}
