import type { MeterSettings } from '../../../../src/main/drivers/driver.ts';
import { mercury23x } from '../../../../src/main/drivers/mercury-23x/driver.ts';
import { data, meterSettings, type Scripted, ScriptedLink } from '../scripted-link.ts';

export const SERIAL = '0C 22 38 12 16 06 14';
export type Answers = Readonly<Record<string, Scripted | ((times: number) => Scripted)>>;

/** Reply to 08 01 00: firmware and variant as hex, variant byte 7 last. */
export function passport(firmware = '09 00 00', variant = 'B4 64 C2 94 DF 58', byte7 = '40'): number[] {
  return data(`${SERIAL} ${firmware} ${variant} 7E F5 32 3A ${byte7} 00 00 00`);
}

/** A meter whose replies a test writes by the body of the request; what is not written it does not support. */
export function connectTo(answers: Answers, changes: Partial<MeterSettings> = {}) {
  const all: Answers = { '080100': passport(), '0800': data(SERIAL), ...answers };
  const link = new ScriptedLink(18, (body, times) => {
    const answer = all[body];
    if (answer === undefined) return [1];
    return typeof answer === 'function' ? answer(times) : answer;
  });
  return { link, session: mercury23x.connect(link, meterSettings(changes), () => link.nowMs) };
}
