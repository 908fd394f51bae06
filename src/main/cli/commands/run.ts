import { startHeadless } from '../../headless.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Command } from '../command.ts';
import { commandLogger } from '../data-folder.ts';
import { screensFolder } from '../screens.ts';

/** Where the screens are when nothing else is asked for. */
const DEFAULT_PORT = 8442;

export const runCommand: Command = {
  name: 'run',
  usage: '--data DIR [--port N]',
  summary: 'Runs the engine, the API and the screens without a window until it is told to end. The page asks for the token in tokenFile.',
  flags: { data: 'value', port: 'value' },
  words: { min: 0, max: 0 },
  async run(args, io) {
    const folder = args.required('data');
    const port = args.integer('port', { min: 0, max: 65_535, fallback: DEFAULT_PORT });
    const service = await startHeadless({
      dataFolder: folder,
      port,
      clock: systemClock,
      logger: commandLogger(args.isSet('trace')),
      screensFolder: screensFolder(io),
    });
    io.out({ ready: true, url: service.url, tokenFile: service.tokenFile });
    await aborted(io.signal);
    await service.stop();
    return 0;
  },
};

function aborted(signal: AbortSignal): Promise<void> {
  return signal.aborted ? Promise.resolve() : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
