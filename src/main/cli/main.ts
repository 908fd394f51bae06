/** The `feeder` command (CLI.md is its contract). */
import { AppError, errorShape } from '../../shared/api/errors.ts';
import { parseArguments } from './args.ts';
import type { Command } from './command.ts';
import { backupCommand, restoreCommand } from './commands/backup.ts';
import { check80020Command } from './commands/check-80020.ts';
import { decodeCommand } from './commands/decode.ts';
import { exportOnecCommand } from './commands/export-1c.ts';
import { exportMarketCommand } from './commands/export-80020.ts';
import { importCommand } from './commands/import.ts';
import { import80020Command } from './commands/import-80020.ts';
import { lineTestCommand } from './commands/line-test.ts';
import {
  checksCommand,
  findingsCommand,
  gapsCommand,
  intervalsCommand,
  jobsCommand,
  liveCommand,
  registersCommand,
  whyCommand,
} from './commands/lists.ts';
import { plantCommand } from './commands/plant.ts';
import { changeRatioCommand, pointOffCommand, pointOnCommand, replaceMeterCommand } from './commands/plant-changes.ts';
import { pollCommand } from './commands/poll.ts';
import { probeCommand } from './commands/probe.ts';
import { readingCommand } from './commands/reading.ts';
import { monthCommand, replaceMissingCommand } from './commands/replace-missing.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { scanCommand } from './commands/scan.ts';
import { settingsCommand } from './commands/settings.ts';
import { PRODUCT_VERSION } from '../platform/version.ts';
import { strangersCommand } from './commands/strangers.ts';
import { processIo } from './io.ts';

const COMMANDS: readonly Command[] = [
  plantCommand,
  settingsCommand,
  importCommand,
  pollCommand,
  runCommand,
  intervalsCommand,
  registersCommand,
  liveCommand,
  gapsCommand,
  checksCommand,
  findingsCommand,
  jobsCommand,
  whyCommand,
  probeCommand,
  scanCommand,
  lineTestCommand,
  decodeCommand,
  replaceMeterCommand,
  changeRatioCommand,
  pointOffCommand,
  pointOnCommand,
  strangersCommand,
  replaceMissingCommand,
  monthCommand,
  readingCommand,
  backupCommand,
  restoreCommand,
  exportOnecCommand,
  import80020Command,
  check80020Command,
  exportMarketCommand,
  reportCommand,
];

/** Runs one command; resolves with the exit code. Errors are one line on stdout. */
export async function main(argv: readonly string[]): Promise<number> {
  const stop = new AbortController();
  const io = processIo(stop.signal);
  const onSignal = () => stop.abort();
  // A reader that has seen enough (`| head`) ends the command as Ctrl+C does.
  const onOutputFault = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.stdout.on('error', onOutputFault);
  try {
    const [name, ...rest] = argv;
    if (name === '--version' || name === '-v') {
      io.log(PRODUCT_VERSION);
      io.out({ version: PRODUCT_VERSION });
      return 0;
    }
    if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
      io.log(overview());
      return name === undefined ? 1 : 0;
    }
    const command = COMMANDS.find((candidate) => candidate.name === name);
    if (command === undefined) {
      throw new AppError('api/invalid-argument', `There is no command "${name}"`, {
        hint: `Commands: ${COMMANDS.map((known) => known.name).join(', ')}`,
      });
    }
    if (rest.includes('--help') || rest.includes('-h')) {
      io.log(`feeder ${command.name} ${command.usage}\n\n${command.summary}`);
      return 0;
    }
    return await command.run(parseArguments(rest, { ...command.flags, trace: 'switch' }, command.words), io);
  } catch (error) {
    io.out({ error: errorShape(error) });
    return 1;
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `feeder <command> [flags]\n\n${lines.join('\n')}\n\nResults are JSON lines on stdout, progress and logs on stderr. feeder <command> --help tells more.`;
}
