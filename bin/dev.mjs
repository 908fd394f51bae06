#!/usr/bin/env node
// The demo with screens that reload when their source changes: the service on one port, Vite before it on another.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SERVICE_PORT = '8442';
const root = fileURLToPath(new URL('..', import.meta.url));
const options = { cwd: root, stdio: 'inherit' };
const children = [
  spawn(process.execPath, ['bin/demo.mjs', '--port', SERVICE_PORT], options),
  spawn(process.execPath, ['node_modules/vite/bin/vite.js', '--host', '127.0.0.1'], {
    ...options,
    env: { ...process.env, FEEDER_SERVICE: `http://127.0.0.1:${SERVICE_PORT}` },
  }),
];
console.error('Open the address that Vite prints, with the #token=... of the address that the demo prints.');
const end = () => {
  for (const child of children) child.kill();
};
for (const child of children) child.on('exit', end);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, end);
