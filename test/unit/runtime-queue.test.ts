import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { SecretsUnreadableError } from '../../shared/ports/secrets.ts';
import { StoreUnavailableError } from '../../shared/ports/table-store.ts';
import { backoffMs, MAX_ATTEMPTS, MAX_BACKOFF_MS } from '../../shared/runtime/message-fate.ts';
import { platformFor, registerPlatform } from '../../shared/runtime/platform.ts';
import { readQueueEvent } from '../../shared/runtime/queue-envelope.ts';
import { queueFunction } from '../../shared/runtime/queue-function.ts';
import type { QueueStage } from '../../shared/runtime/queue-run.ts';
import { timerFunction } from '../../shared/runtime/timer-function.ts';
import { again, DONE } from '../../shared/stages/handled.ts';
import { createTestWorld, type TestWorld } from '../support/test-platform.ts';

const messageSchema = z.object({ kind: z.literal('work'), attempt: z.number(), name: z.string() });
type Work = z.infer<typeof messageSchema>;

const work = (name: string, attempt = 0): Work => ({ kind: 'work', attempt, name });
const eventOf = (...bodies: unknown[]): Buffer => Buffer.from(JSON.stringify(bodies));
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

const functionOf = (stage: QueueStage<Work>) =>
  queueFunction({ queue: 'events', schema: messageSchema, stage: () => stage });

const start = (): TestWorld => {
  const world = createTestWorld();
  registerPlatform(world.platform);
  return world;
};

const comingBack = (world: TestWorld) => {
  world.clock.advance(MAX_BACKOFF_MS);
  return world.memory.queue.receive({ queue: 'events', max: 100, visibilityMs: 1_000 });
};

const deadLetters = async (world: TestWorld) => {
  const rows = await world.memory.store.range({ table: 'deadletters', pk: 'events', limit: 100 });
  return rows.map((row) => JSON.parse(row.body));
};

afterEach(() => registerPlatform(undefined));

describe('the queue envelope', () => {
  const value = { kind: 'work', attempt: 0, name: '云' };
  const cases: [string, unknown][] = [
    ['an object', value],
    ['a JSON text', JSON.stringify(value)],
    ['Base64 of JSON', base64(value)],
    ['messageBody as text', { messageBody: JSON.stringify(value) }],
    ['messageBody in Base64', { messageBody: base64(value) }],
    ['data.messageBody', { specversion: '1.0', data: { messageBody: base64(value) } }],
    ['data.messageBody as an object', { data: { messageBody: value } }],
    ['the envelope as a JSON text', JSON.stringify({ data: { messageBody: base64(value) } })],
  ];

  it.each(cases)('reads %s inside of a batch', (_name, item) => {
    expect(readQueueEvent(eventOf(item))).toEqual([{ kind: 'readable', value }]);
  });

  it('reads a single item that is no array, from a Buffer, bytes, a text or a value', () => {
    const text = JSON.stringify({ data: { messageBody: base64(value) } });
    for (const event of [Buffer.from(text), new Uint8Array(Buffer.from(text)), text, JSON.parse(text)])
      expect(readQueueEvent(event)).toEqual([{ kind: 'readable', value }]);
  });

  it('keeps the text of what it cannot read', () => {
    const items = readQueueEvent(eventOf('not json', 7, null, '{"broken'));
    expect(items.map(({ kind }) => kind)).toEqual(['unreadable', 'unreadable', 'unreadable', 'unreadable']);
    expect(items[0]).toMatchObject({ text: 'not json' });
  });

  it('gives back any object whatever it was wrapped in', () => {
    const wraps = [
      (body: unknown) => body,
      (body: unknown) => JSON.stringify(body),
      (body: unknown) => ({ data: { messageBody: base64(body) } }),
      (body: unknown) => JSON.stringify({ data: { messageBody: JSON.stringify(body) } }),
    ];
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(3), (body, wrap) => {
        fc.pre(!('data' in body) && !('messageBody' in body) && !('__proto__' in body));
        const sent = JSON.parse(JSON.stringify(body));
        expect(readQueueEvent(eventOf(wraps[wrap]!(sent)))).toEqual([{ kind: 'readable', value: sent }]);
      }),
    );
  });
});

describe('a queue function', () => {
  it('runs the stage once on all messages of a batch', async () => {
    start();
    const batches: string[][] = [];
    const handler = functionOf(async (messages) => {
      batches.push(messages.map(({ name }) => name));
      return messages.map(() => DONE);
    });
    expect(await handler(eventOf(work('a'), base64(work('b'))), {})).toEqual({ done: 2, again: 0, dead: 0 });
    expect(batches).toEqual([['a', 'b']]);
  });

  it('sends what must come again once more, with one more attempt and the delay of the stage', async () => {
    const world = start();
    const handler = functionOf(async (messages) =>
      messages.map(({ name }) => (name === 'b' ? again(2_500, 'a lease is held') : DONE)),
    );
    await handler(eventOf(work('a'), work('b')), {});
    expect(await world.memory.queue.receive({ queue: 'events', max: 9, visibilityMs: 1 })).toEqual([]);
    world.clock.advance(2_500);
    const [back, ...others] = await world.memory.queue.receive({ queue: 'events', max: 9, visibilityMs: 1 });
    expect(JSON.parse(back!.body)).toEqual(work('b', 1));
    expect(others).toEqual([]);
  });

  it('lets poison harm nobody else in its batch', async () => {
    const world = start();
    const told: string[] = [];
    const handler = functionOf(async (messages) => {
      if (messages.some(({ name }) => name === 'poison')) throw new TypeError('cannot read secret=abcdef');
      told.push(...messages.map(({ name }) => name));
      return messages.map(() => DONE);
    });
    expect(await handler(eventOf(work('a'), work('poison'), work('c')), {})).toEqual({ done: 2, again: 1, dead: 0 });
    expect(told).toEqual(['a', 'c']);
    expect((await comingBack(world)).map(({ body }) => JSON.parse(body))).toEqual([work('poison', 1)]);
    expect(JSON.stringify(world.logged)).not.toContain('abcdef');
  });

  it('gives a message up after its last attempt, with the reason', async () => {
    const world = start();
    const handler = functionOf(async () => Promise.reject(new RangeError('never works')));
    expect(await handler(eventOf(work('x', MAX_ATTEMPTS - 2)), {})).toMatchObject({ again: 1 });
    expect(await handler(eventOf(work('x', MAX_ATTEMPTS - 1)), {})).toMatchObject({ dead: 1 });
    const [letter] = await deadLetters(world);
    expect(letter).toMatchObject({ queue: 'events', reason: '12 attempts: RangeError: never works' });
    expect(JSON.parse(letter.body)).toEqual(work('x', MAX_ATTEMPTS - 1));
  });

  it('gives up a message that would become too long for its queue, and holds up nobody', async () => {
    const world = start();
    const handler = functionOf(async (messages) =>
      messages.map(({ name }) => (name === 'a' ? DONE : again(1, 'not yet'))),
    );
    const long = work('x'.repeat(47_000 - JSON.stringify(work('', 9)).length), 9);
    expect(await handler(eventOf(work('a'), long), {})).toEqual({ done: 1, again: 0, dead: 1 });
    expect((await deadLetters(world))[0].reason).toBe('too long to come again: not yet');
  });

  it('puts what it cannot read into the dead letters and runs the rest', async () => {
    const world = start();
    const handler = functionOf(async (messages) => messages.map(() => DONE));
    const summary = await handler(eventOf('garbage', { kind: 'other' }, work('a')), {});
    expect(summary).toEqual({ done: 1, again: 0, dead: 2 });
    const letters = await deadLetters(world);
    expect(letters.map(({ body }) => body).sort()).toEqual(['garbage', '{"kind":"other"}']);
    expect(letters.every(({ reason }) => /^(?:not-json|invalid): /.test(reason))).toBe(true);
  });

  it('writes the same dead letter once when the batch comes twice', async () => {
    const world = start();
    const handler = functionOf(async (messages) => messages.map(() => DONE));
    await handler(eventOf('garbage'), {});
    await handler(eventOf('garbage'), {});
    expect(await deadLetters(world)).toHaveLength(1);
  });

  it('acknowledges nothing while the store is away', async () => {
    const world = start();
    const handler = functionOf(async (messages) => {
      if (messages.length > 1) throw new TypeError('one of them is bad');
      throw new StoreUnavailableError('disk full');
    });
    await expect(handler(eventOf(work('a'), work('b')), {})).rejects.toMatchObject({ code: 'store-unavailable' });
    world.memory.outage = true;
    const poison = functionOf(async () => Promise.reject(new Error('bad')));
    await expect(poison(eventOf(work('a')), {})).rejects.toMatchObject({ code: 'store-unavailable' });
  });

  it('acknowledges nothing and uses up no attempt while the secrets of the settings cannot be opened', async () => {
    const world = start();
    const handler = functionOf(async () => Promise.reject(SecretsUnreadableError.unknownKey('abcd1234')));
    for (const batch of [[work('a')], [work('a'), work('b', MAX_ATTEMPTS - 1)]])
      await expect(handler(eventOf(...batch), {})).rejects.toMatchObject({ code: 'secrets-unreadable' });
    expect(await comingBack(world)).toEqual([]);
    expect(await deadLetters(world)).toEqual([]);
  });

  it('knows a store error that was thrown by another copy of the class', async () => {
    start();
    class Foreign extends Error {
      readonly code = 'store-unavailable';
    }
    const handler = functionOf(async () => Promise.reject(new Foreign('away')));
    await expect(handler(eventOf(work('a')), {})).rejects.toBeInstanceOf(StoreUnavailableError);
  });

  it('treats a message without a result as unfinished', async () => {
    const world = start();
    const handler = functionOf(async () => [DONE]);
    expect(await handler(eventOf(work('a'), work('b')), {})).toEqual({ done: 1, again: 1, dead: 0 });
    expect(await comingBack(world)).toHaveLength(1);
  });

  it('waits longer each time and never longer than five minutes', () => {
    const waits = Array.from({ length: 20 }, (_, attempt) => backoffMs(attempt));
    expect(waits.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(waits.toSorted((a, b) => a - b)).toEqual(waits);
    expect(waits.at(-1)).toBe(MAX_BACKOFF_MS);
  });

  it('counts messages by what became of them', async () => {
    const world = start();
    await functionOf(async (messages) => messages.map(() => DONE))(eventOf(work('a'), 'garbage'), {});
    expect(world.platform.metrics.text()).toContain('fenghuo_messages_total{queue="events",result="done"} 1');
    expect(world.platform.metrics.text()).toContain('fenghuo_messages_total{queue="events",result="dead"} 1');
  });
});

describe('the platform of a process', () => {
  it('says clearly when there is none', async () => {
    registerPlatform(undefined);
    const refused = expect.objectContaining({
      code: 'bad-environment',
      message: expect.stringMatching(/^FENGHUO_NAME_PREFIX: .*npm start/),
    });
    await expect(platformFor({})).rejects.toEqual(refused);
    await expect(functionOf(async () => [DONE])(eventOf(work('a')), {})).rejects.toEqual(refused);
  });

  it('wires the stage once, and again for another platform', async () => {
    let wired = 0;
    const handler = queueFunction({
      queue: 'events',
      schema: messageSchema,
      stage: () => {
        wired += 1;
        return async (messages) => messages.map(() => DONE);
      },
    });
    start();
    await handler(eventOf(work('a')), {});
    await handler(eventOf(work('a')), {});
    expect(wired).toBe(1);
    start();
    await handler(eventOf(work('a')), {});
    expect(wired).toBe(2);
  });
});

describe('a timer function', () => {
  it('runs its work for a timer and for a person', async () => {
    start();
    const handler = timerFunction('sweep', () => async () => ({ redriven: 3 }));
    expect(
      await handler(Buffer.from('{"triggerTime":"2026-01-05T08:00:00Z","triggerName":"minute","payload":""}'), {}),
    ).toEqual({
      redriven: 3,
    });
    expect(await handler(Buffer.from('anything'), {})).toEqual({ redriven: 3 });
  });

  it('lets a failure through and logs it', async () => {
    const world = start();
    const handler = timerFunction('sweep', () => async () => Promise.reject(new StoreUnavailableError('away')));
    await expect(handler(Buffer.from('{}'), { requestId: 'r-1' })).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(world.logged.at(-1)).toMatchObject({ level: 'error', fields: { function: 'sweep', requestId: 'r-1' } });
  });
});
