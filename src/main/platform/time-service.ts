/** Whether the operating system says that its clock is kept by a time service. */
import { execFile } from 'node:child_process';

const ANSWER_WITHIN_MS = 5000;

/** `null` = the system does not say, which is no reason to believe its clock. */
export function isTimeServiceInStep(platform: NodeJS.Platform = process.platform): Promise<boolean | null> {
  // Names of sources are not translated: a clock that nobody keeps calls itself a CMOS or a free-running one.
  if (platform === 'win32') return ask('w32tm', ['/query', '/source'], (text) => !/cmos|free-running/i.test(text));
  if (platform === 'linux') return ask('timedatectl', ['show', '--property=NTPSynchronized', '--value'], (text) => text.trim() === 'yes');
  return Promise.resolve(null);
}

function ask(command: string, args: readonly string[], judge: (answer: string) => boolean): Promise<boolean | null> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: ANSWER_WITHIN_MS, windowsHide: true }, (error, answer) =>
      resolve(error === null ? judge(answer) : null),
    );
  });
}
