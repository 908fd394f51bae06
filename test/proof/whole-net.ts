/** `node:net` with connections inside the process: what `net-in-memory.mjs` gives in its place. */
export { isIP, isIPv4, isIPv6 } from 'node:net';
export { connect, createServer, MemorySocket as Socket } from '../support/memory-net.ts';
