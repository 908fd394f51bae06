import { describe, expect, it } from 'vitest';
import { ApiEvents } from '../../../src/main/api/events.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import type { Logger } from '../../../src/main/platform/logger.ts';

describe('the events of the API', () => {
  it('reach every listener in the order of emitting, also those that a listener emits', () => {
    const events = new ApiEvents(silentLogger);
    const heard: string[] = [];
    events.subscribe(({ payload }) => {
      if ('pointIds' in payload && payload.pointIds[0] === 1) events.emit('data.changed', { pointIds: [2] });
      heard.push(`first ${JSON.stringify(payload)}`);
    });
    events.subscribe(({ payload }) => heard.push(`second ${JSON.stringify(payload)}`));
    events.emit('data.changed', { pointIds: [1] });
    expect(heard).toEqual(['first {"pointIds":[1]}', 'second {"pointIds":[1]}', 'first {"pointIds":[2]}', 'second {"pointIds":[2]}']);
  });

  it('reach the others when one listener throws, which is logged', () => {
    const errors: unknown[] = [];
    const logger: Logger = { ...silentLogger, error: (fields) => errors.push(fields) };
    const events = new ApiEvents(logger);
    const heard: string[] = [];
    events.subscribe(() => {
      throw new Error('broken listener');
    });
    events.subscribe(({ name }) => heard.push(name));
    events.emit('data.changed', { pointIds: [1] });
    events.emit('data.changed', { pointIds: [2] });
    expect(heard).toEqual(['data.changed', 'data.changed']);
    expect(errors).toMatchObject([{ event: 'data.changed', error: expect.stringContaining('broken listener') as string }, {}]);
  });

  it('stop at unsubscribing, for that subscription alone', () => {
    const events = new ApiEvents(silentLogger);
    let heard = 0;
    const listener = () => {
      heard += 1;
    };
    const stop = events.subscribe(listener);
    events.subscribe(listener);
    stop();
    events.emit('data.changed', { pointIds: [] });
    expect(heard).toBe(1);
  });
});
