import { readFile, writeFile } from 'node:fs/promises';
import { AppError, asAppError } from '../../../shared/api/errors.ts';
import { systemClock } from '../../platform/clock.ts';
import { parseFaults, type Fault } from '../../simulator/faults.ts';
import { createPlant } from '../../simulator/plant.ts';
import type { Command } from '../command.ts';

const LINES = 4;

/** The training plant on loopback TCP until Ctrl+C; one line tells that it is ready. */
export const plantCommand: Command = {
  name: 'plant',
  usage: '--port-base N [--seed S] [--history DAYS] [--wire on|off] [--faults FILE] [--list FILE.csv]',
  summary: 'Runs the training plant: 70 simulated meters on 4 loopback TCP ports from N on. --list writes the import file for it.',
  flags: { 'port-base': 'value', seed: 'value', history: 'value', wire: 'value', faults: 'value', list: 'value' },
  words: { min: 0, max: 0 },
  async run(args, io) {
    args.required('port-base');
    const plant = createPlant({
      clock: systemClock,
      portBase: args.integer('port-base', { min: 1, max: 65536 - LINES, fallback: 1 }),
      seed: args.integer('seed', { min: 0, max: 0xffffffff, fallback: 1 }),
      historyDays: args.integer('history', { min: 0, max: 3650, fallback: 60 }),
      hasWireTime: isOn(args.value('wire')),
      faults: await loadFaults(args.value('faults')),
    });
    await plant.start();
    try {
      const list = args.value('list');
      if (list !== undefined) await save(list, plant.importFile());
      io.out({ ready: true, lines: plant.lines.map(({ name, port, meters }) => ({ name, port, meters })) });
      if (!io.signal.aborted) await new Promise<void>((resolve) => io.signal.addEventListener('abort', () => resolve(), { once: true }));
    } finally {
      await plant.stop();
    }
    return 0;
  },
};

function isOn(text: string | undefined): boolean {
  if (text === undefined || text === 'on') return true;
  if (text === 'off') return false;
  throw new AppError('api/invalid-argument', '--wire must be on or off', { context: { flag: '--wire', value: text } });
}

async function save(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw new AppError('api/invalid-argument', `The list cannot be written: ${asAppError(cause).message}`, { context: { file }, cause });
  }
}

async function loadFaults(file: string | undefined): Promise<Fault[]> {
  if (file === undefined) return [];
  try {
    return parseFaults(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    const error = asAppError(cause);
    if (error.code === 'api/invalid-argument') throw error;
    throw new AppError('api/invalid-argument', `The faults file cannot be read: ${error.message}`, { context: { file }, cause });
  }
}
