/**
 * Simulated gateways on loopback TCP in a process of their own, as real ones are machines of their own. Arguments: the file that the
 * import file is written to, and how many points on how many lines; without these the training plant. Tells the parent the port of a
 * server that answers any bytes at once: what an exchange costs without anything around it.
 */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { systemClock } from '../../src/main/platform/clock.ts';
import { createPlant } from '../../src/main/simulator/plant.ts';
import { lineOf } from '../support/simulated-engine.ts';

const [importFile = '', points = '0', lines = '0'] = process.argv.slice(2);
const onLine = (at: number) => Math.floor(((at + 1) * Number(points)) / Number(lines)) - Math.floor((at * Number(points)) / Number(lines));
const layout = Array.from({ length: Number(lines) }, (_, at) => lineOf(`TP${at + 1}`, onLine(at)));
const plant = createPlant({ clock: systemClock, historyDays: 3, ...(layout.length === 0 ? {} : { layout }) });
await plant.start();
writeFileSync(importFile, plant.importFile());
/** As long as a reply with instantaneous values. */
const reply = new Uint8Array(98);
const bare = createServer({ noDelay: true }, (socket) => {
  socket.on('data', () => socket.write(reply));
  socket.on('error', () => socket.destroy());
});
bare.listen(0, '127.0.0.1', () => {
  const address = bare.address();
  process.send?.(address !== null && typeof address === 'object' ? address.port : 0);
});
process.on('disconnect', () => process.exit(0));
