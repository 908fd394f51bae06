import { describe, expect, it } from 'vitest';
import { createPinoLogger, type PinoLoggerOptions } from '../../../src/main/platform/logger-pino.ts';
import { AppError } from '../../../src/shared/api/errors.ts';

function capture(level: PinoLoggerOptions['level'] = 'trace') {
  const lines: string[] = [];
  const logger = createPinoLogger({ level, destination: { write: (line) => lines.push(line) } });
  return { logger, lines, last: (): Record<string, unknown> => JSON.parse(lines.at(-1) ?? 'null') };
}

describe('the log', () => {
  it('is one JSON object a line with time, level and message', () => {
    const { logger, lines, last } = capture();
    logger.warn({ line: 'Moxa 1', attempt: 2 }, 'the line did not open');
    expect(lines[0]?.endsWith('}\n')).toBe(true);
    expect(last()).toMatchObject({ level: 'warn', line: 'Moxa 1', attempt: 2, msg: 'the line did not open' });
    expect(new Date(String(last()['time'])).toISOString()).toBe(last()['time']);
  });

  it('adds the fields of a child to its lines', () => {
    const { logger, last } = capture();
    logger.child({ line: 'Moxa 1' }).child({ meter: 7 }).error({ code: 'transport/timeout' }, 'no answer');
    expect(last()).toMatchObject({ line: 'Moxa 1', meter: 7, code: 'transport/timeout' });
  });

  it('hides secrets by name at any depth, in children and in the context of errors', () => {
    const { logger, lines } = capture();
    logger.info({ password: 'gift1', meter: { passwordHex: 'gift2', deeper: [{ api_token: 'gift3', Key: 'gift4' }] } }, 'a');
    logger.child({ clientSecret: 'gift5' }).info({}, 'b');
    const cause = new AppError('bug', 'inner', { context: { authorization: 'gift6' } });
    logger.error({ error: new AppError('session/denied', 'refused', { context: { privateKey: 'gift7' }, cause }) }, 'c');
    logger.error({ err: new AppError('bug', 'x', { context: { token: 'gift8' } }) }, 'd');
    expect(lines.join('')).not.toContain('gift');
    expect(lines.join('').match(/\(not shown\)/g)).toHaveLength(8);
  });

  it('keeps what only sounds like a secret', () => {
    const { logger, last } = capture();
    logger.info({ isSecret: true, hasPassword: false, tokenFile: '/data/token', keyboard: 'ru', password: null }, 'a');
    expect(last()).toMatchObject({ isSecret: true, hasPassword: false, tokenFile: '/data/token', keyboard: 'ru', password: null });
  });

  it('keeps code, context, stack and cause of an error', () => {
    const { logger, last } = capture();
    logger.error({ error: new AppError('line/lost', 'gone', { context: { port: 'COM4' }, cause: new Error('EIO') }) }, 'x');
    expect(last()['error']).toMatchObject({ code: 'line/lost', message: 'gone', context: { port: 'COM4' }, cause: { message: 'EIO' } });
    expect(JSON.stringify(last()['error'])).toContain('logger-pino.test');
  });

  it('writes bytes as hex, big integers as text, and survives a cycle', () => {
    const { logger, last } = capture();
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    logger.info({ frame: Uint8Array.of(0x5e, 0), energy: 2n ** 60n, loop }, 'a');
    expect(last()).toMatchObject({ frame: '5e00', energy: '1152921504606846976' });
  });

  it('builds the fields of a trace only when traces are written', () => {
    let built = 0;
    const fields = () => ({ built: (built += 1) });
    capture('info').logger.trace(fields, 'x');
    expect(built).toBe(0);
    const { logger, last } = capture('trace');
    logger.child({ line: 'A' }).trace(fields, 'x');
    expect(last()).toMatchObject({ level: 'trace', line: 'A', built: 1 });
  });

  it('leaves out lines below its level', () => {
    const { logger, lines } = capture('warn');
    logger.info({}, 'a');
    logger.debug({}, 'b');
    expect(lines).toEqual([]);
  });
});
