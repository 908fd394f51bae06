/** Makes one package of half-hours by the maker of the product, in a process of its own; its last line says what it cost. Arguments: data folder, out, from, to. */
import { Site } from '../../src/main/api/site.ts';
import { createPackageDesk } from '../../src/main/packages.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { openStore } from '../../src/main/store/store.ts';

const KILOBYTE = 1024;
const [data = '', out = '', from = '', to = ''] = process.argv.slice(2);
const store = openStore({ folder: data, clock: systemClock, logger: silentLogger });
const site = new Site({ store, clock: systemClock, engine: () => null });
const desk = createPackageDesk({ store, site, clock: systemClock, logger: silentLogger, onChanged: () => {} });
const before = process.memoryUsage.rss();
const startedAt = performance.now();
const { state, content } = await desk.make({ kind: 'IV', from, to, format: 'csv', folder: out }, null);
const elapsedMs = performance.now() - startedAt;
const growthBytes = process.resourceUsage().maxRSS * KILOBYTE - before;
store.close();
console.log(
  JSON.stringify({ state, rows: content?.rows ?? 0, files: content?.files.map(({ name }) => name) ?? [], elapsedMs, growthBytes }),
);
