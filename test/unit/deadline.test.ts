import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { CHANNELS } from '../../shared/channels/registry.ts';
import { json } from '../../shared/console/api.ts';
import { deadlineOf, inTime, leastTimeoutMs } from '../../shared/runtime/deadline.ts';
import { httpFunction } from '../../shared/runtime/http-function.ts';
import { registerPlatform } from '../../shared/runtime/platform.ts';
import { queueFunction } from '../../shared/runtime/queue-function.ts';
import type { QueueStage } from '../../shared/runtime/queue-run.ts';
import { timerFunction } from '../../shared/runtime/timer-function.ts';
import { DONE } from '../../shared/stages/handled.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { until } from '../support/local-platform.ts';
import { createTestWorld, type TestWorld } from '../support/test-platform.ts';

const schema = z.object({ kind: z.literal('work'), attempt: z.number(), name: z.string() });
type Work = z.infer<typeof schema>;

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
const context = { requestId: 'r', function: { name: 'fenghuo-test-match', timeout: 60 } };
const eventOf = (...names: string[]): Buffer =>
  Buffer.from(JSON.stringify(names.map((name) => ({ kind: 'work', attempt: 3, name }))));

describe('a deadline', () => {
  it('leaves at least a quarter of a short timeout and ten seconds of a long one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 86_400 }), (timeout) => {
        const clock = new FakeClock();
        const deadline = deadlineOf({ function: { timeout } }, { clock, timers: clock });
        const workMs = Math.max(timeout * 750, timeout * 1_000 - 10_000);
        clock.advance(workMs - 1);
        expect(deadline.isOver()).toBe(false);
        clock.advance(1);
        expect(deadline.isOver()).toBe(true);
      }),
    );
  });

  it('never comes where the platform names no timeout', async () => {
    const clock = new FakeClock();
    const deadline = deadlineOf({}, { clock, timers: clock });
    clock.advance(1e12);
    expect(deadline.isOver()).toBe(false);
    expect(await inTime(Promise.resolve(1), deadline)).toBe(1);
  });

  it('lets work that fails fail, and is silent about work that fails too late', async () => {
    const clock = new FakeClock();
    const deadline = deadlineOf(context, { clock, timers: clock });
    await expect(inTime(Promise.reject(new Error('broken')), deadline)).rejects.toThrow('broken');
    let fail: (error: Error) => void = () => undefined;
    const work = deadline.race(new Promise((_, reject) => (fail = reject)));
    clock.advance(60_000);
    expect(await work).toBe('late');
    fail(new Error('too late'));
  });

  it('leaves room for two attempts of any channel in the timeout that its function needs', () => {
    for (const { timeoutMs } of CHANNELS) {
      const clock = new FakeClock();
      const timeout = leastTimeoutMs(timeoutMs) / 1_000;
      const deadline = deadlineOf({ function: { timeout } }, { clock, timers: clock });
      clock.advance(timeoutMs * 2 - 1);
      expect(deadline.isOver()).toBe(false);
    }
  });
});

describe('a function near its end', () => {
  let world: TestWorld;
  beforeEach(() => {
    world = createTestWorld();
    registerPlatform(world.platform);
  });
  afterEach(() => registerPlatform(undefined));

  const functionOf = (stage: QueueStage<Work>) => queueFunction({ queue: 'events', schema, stage: () => stage });

  const comingBack = async () => {
    world.clock.advance(600_000);
    const messages = await world.memory.queue.receive({ queue: 'events', max: 10, visibilityMs: 1_000 });
    return messages.map(({ body }) => JSON.parse(body));
  };

  it('puts its messages back, with an attempt more, before the platform cuts it off', async () => {
    let begun = 0;
    const running = functionOf(() => {
      begun += 1;
      return never();
    })(eventOf('a', 'b'), context);
    await until(() => begun === 1);
    world.clock.advance(49_999);
    world.clock.advance(1);
    expect(await running).toEqual({ done: 0, again: 2, dead: 0 });
    expect(await comingBack()).toEqual([
      { kind: 'work', attempt: 4, name: 'a' },
      { kind: 'work', attempt: 4, name: 'b' },
    ]);
    expect(world.logged[0]).toMatchObject({ fields: { reason: expect.stringMatching(/^out-of-time/) } });
  });

  it('keeps what is done, and counts no attempt of a message that had no turn', async () => {
    const running = functionOf(async (messages) => {
      if (messages.length > 1) throw new Error('poison');
      world.clock.advance(30_000);
      return [DONE];
    })(eventOf('a', 'b', 'c'), context);
    expect(await running).toEqual({ done: 2, again: 1, dead: 0 });
    expect(await comingBack()).toEqual([{ kind: 'work', attempt: 3, name: 'c' }]);
  });

  it('answers a caller that this took too long', async () => {
    let begun = false;
    const event = Buffer.from('{"rawPath":"/","requestContext":{"http":{"method":"GET"}}}');
    const running = httpFunction('console', () => () => {
      begun = true;
      return never();
    })(event, context);
    await until(() => begun);
    world.clock.advance(50_000);
    const { statusCode, body } = await running;
    expect({ statusCode, code: JSON.parse(body).error.code }).toEqual({ statusCode: 503, code: 'out-of-time' });
  });

  it('fails by name when a timer started it', async () => {
    let begun = false;
    const running = timerFunction('sweep', () => () => {
      begun = true;
      return never<object>();
    })(Buffer.from('{}'), context);
    await until(() => begun);
    world.clock.advance(50_000);
    await expect(running).rejects.toMatchObject({ code: 'out-of-time' });
  });

  it('leaves no timer behind when it is done in time', async () => {
    const event = Buffer.from('{"rawPath":"/","requestContext":{"http":{"method":"GET"}}}');
    const answered = await httpFunction('console', () => async () => json(200, {}))(event, context);
    expect(answered.statusCode).toBe(200);
    world.clock.advance(60_000);
    expect(world.logged).toEqual([]);
  });
});
