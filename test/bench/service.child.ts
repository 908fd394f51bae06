/** The product as a service without a window, polling a folder at the live cadence; answers any message with what it has used so far. */
import { startHeadless } from '../../src/main/headless.ts';
import { CONTINUOUS_PLAN } from '../../src/main/engine/work.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';

const [dataFolder = '', depthDays = '1'] = process.argv.slice(2);
// What is read once a day or once in a meter's life would only make the bench wait for the steady minute.
const plan = { ...CONTINUOUS_PLAN, depthDays: Number(depthDays), journalsPeriodS: null };
const service = await startHeadless({ dataFolder, port: 0, clock: systemClock, logger: silentLogger, screensFolder: null, plan });
process.send?.(service.openUrl);
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss() });
});
process.on('disconnect', () => {
  void service.stop().then(() => process.exit(0));
});
