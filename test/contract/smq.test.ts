import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SmqQueue } from '../../shared/adapters/aliyun/smq-queue.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { SMQ_CREDENTIALS, SmqServer } from '../support/smq-server.ts';
import { describeQueue } from './queue.suite.ts';

const VISIBILITY_MS = 30_000;
const NAMES = ['events', 'notifications', 'deliver-dingtalk'];
const QUEUES = [...NAMES, 'dead'].map((name) => `fenghuo-test-${name}`);

/** Longer than a call takes on a busy machine; what waits for an answer that never comes waits less. */
const PATIENT_MS = 30_000;
const IMPATIENT_MS = 500;

const open = async (credentials = async () => ({ ...SMQ_CREDENTIALS }), timeoutMs = PATIENT_MS) => {
  const clock = new FakeClock();
  const server = new SmqServer(clock, { queues: QUEUES, visibilityMs: VISIBILITY_MS });
  const waits: number[] = [];
  const options = {
    endpoint: await server.listen(),
    credentials,
    clock,
    sleep: async (ms: number) => void waits.push(ms),
    random: () => 0.5,
    timeoutMs,
    nameOf: (name: string) => `fenghuo-test-${name}`,
    deadName: 'fenghuo-test-dead',
    visibilityMs: VISIBILITY_MS,
  };
  const queue = new SmqQueue(options);
  const close = async (): Promise<void> => {
    await server.close();
    await queue.close();
  };
  return { queue, options, clock, server, waits, close, granularityMs: 1_000 };
};

/** A text of that length that cannot be packed. */
const noise = (length: number): string => randomBytes(length).toString('base64').slice(0, length);

describeQueue('smq', open);

describe('SMQ', () => {
  let under: Awaited<ReturnType<typeof open>>;
  beforeEach(async () => {
    under = await open();
  });
  afterEach(() => under.close());

  const send = (...bodies: string[]) => under.queue.send(bodies.map((body) => ({ queue: 'events', body })));
  const bodies = () => under.server.bodies('fenghuo-test-events');

  it('packs long bodies, so that several fit into one request, and gives them back as they were', async () => {
    const body = (n: number) => JSON.stringify({ n, words: 'an event of the same kind; '.repeat(1_600), zh: '云' });
    const sent = [0, 1, 2].map((n) => ({ queue: 'events' as const, body: body(n) }));
    await under.queue.send(sent);
    expect(under.server.calls).toHaveLength(1);
    const received = await under.queue.receive({ queue: 'events', max: 16, visibilityMs: VISIBILITY_MS });
    expect(received.map((message) => message.body)).toEqual(sent.map((message) => message.body));
    for (const text of under.server.bodies('fenghuo-test-events')) expect(text).toMatch(/^{"gzip":"/);
  });

  it('leaves short bodies, and what would not become shorter, as they are', async () => {
    const long = noise(8_000);
    await under.queue.send([
      { queue: 'events', body: '{"short":true}' },
      { queue: 'events', body: long },
    ]);
    expect(under.server.bodies('fenghuo-test-events')).toEqual(['{"short":true}', long]);
  });

  it('takes sixteen messages in one call, and as many as 64 KB hold', async () => {
    await send(...Array.from({ length: 33 }, (_, index) => String(index)));
    expect(under.server.calls).toHaveLength(3);
    await send(noise(20_000), noise(20_000), noise(20_000));
    expect(under.server.calls).toHaveLength(5);
    await send(noise(47_000), noise(47_000));
    expect(under.server.calls).toHaveLength(7);
    expect(bodies()).toHaveLength(38);
  });

  it('takes markup, quotes and every character as they are', async () => {
    const body = `<a b="c">&amp; ' ]]> \u0001 警告😀</a>`;
    await send(body);
    expect(await under.queue.receive({ queue: 'events', max: 1, visibilityMs: VISIBILITY_MS })).toMatchObject([
      { body },
    ]);
  });

  it('rounds a delay up to whole seconds, never down', async () => {
    await under.queue.send([{ queue: 'events', body: 'a', delayMs: 1 }]);
    const receive = () => under.queue.receive({ queue: 'events', max: 1, visibilityMs: VISIBILITY_MS });
    expect(await receive()).toEqual([]);
    under.clock.advance(1_000);
    expect(await receive()).toHaveLength(1);
  });

  it.each([
    ['is busy', { status: 503, code: 'ServiceUnavailable' }],
    ['has an internal error', { status: 500, code: 'InternalError' }],
    ['is called too often', { status: 400, code: 'QpsLimitExceeded' }],
    ['drops the connection', 'reset'],
    ['does not answer', 'silence'],
  ] as const)('tries again, each time later, when the service %s', async (_, fault) => {
    if (fault === 'silence') {
      await under.close();
      under = await open(undefined, IMPATIENT_MS);
    }
    under.server.faults.push(fault, fault);
    await send('a');
    expect(bodies()).toEqual(['a']);
    expect(under.waits).toEqual([100, 200]);
  });

  it('sends only what was not taken of a batch again', async () => {
    under.server.faults.push('half-taken');
    await send('a', 'b', 'c');
    expect(bodies()).toEqual(['a', 'c', 'b']);
  });

  it('sends again what may have been taken: at least once', async () => {
    under.server.faults.push('taken-then-reset');
    await send('a');
    expect(bodies()).toEqual(['a', 'a']);
  });

  it('gives up after five tries as a store that is out of service, without a secret in any word', async () => {
    under.server.faults.push(...Array.from({ length: 9 }, () => ({ status: 503, code: 'ServiceUnavailable' })));
    const error: unknown = await send('a').catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'store-unavailable',
      message: 'queue fenghuo-test-events cannot be used now',
      cause: { code: 'ServiceUnavailable', status: 503 },
    });
    expect(under.waits).toHaveLength(4);
    expect(JSON.stringify([error, String((error as Error).cause), (error as Error).stack])).not.toContain('smq-key');
  });

  it('does not repeat what will never be taken, and names the queue', async () => {
    const missing = under.queue.send([{ queue: 'deliver-slack', body: 'a' }]);
    await expect(missing).rejects.toMatchObject({ code: 'store-unavailable', cause: { code: 'QueueNotExist' } });
    expect(under.waits).toEqual([]);
  });

  it('makes no second try without credentials', async () => {
    await under.close();
    under = await open(() => Promise.reject(Object.assign(new Error('none'), { code: 'credentials-missing' })));
    await expect(send('a')).rejects.toMatchObject({
      code: 'store-unavailable',
      cause: { code: 'credentials-missing' },
    });
    expect(under.waits).toEqual([]);
  });

  it('signs each call with the credentials of the moment', async () => {
    await under.close();
    let secret = 'an old secret';
    under = await open(async () => ({ ...SMQ_CREDENTIALS, accessKeySecret: secret }));
    await expect(send('a')).rejects.toMatchObject({ cause: { code: 'SignatureDoesNotMatch', status: 403 } });
    secret = SMQ_CREDENTIALS.accessKeySecret;
    await send('a');
    expect(bodies()).toEqual(['a']);
  });

  it('keeps what was given up of all queues in one, and tells apart whose it was', async () => {
    await under.queue.send([
      { queue: 'events', body: 'of events' },
      { queue: 'notifications', body: 'of notifications' },
    ]);
    for (const queue of ['events', 'notifications'] as const) {
      const [message] = await under.queue.receive({ queue, max: 1, visibilityMs: VISIBILITY_MS });
      await under.queue.bury(queue, message!.receipt, `no use for ${queue}`);
    }
    expect(under.server.bodies('fenghuo-test-dead')).toHaveLength(2);
    expect(await under.queue.deadLetters('notifications', 10)).toMatchObject([
      { body: 'of notifications', reason: 'no use for notifications' },
    ]);
    expect(await under.queue.deadLetters('deliver-dingtalk', 10)).toEqual([]);
  });

  it('passes over what a trigger has put among them itself', async () => {
    const foreign = new SmqQueue({ ...under.options, nameOf: () => 'fenghuo-test-dead' });
    await foreign.send(
      ['{"queue":"events"}', 'no line', '[]\nx', '{"queue":"events","id":1}\nx'].map((body) => ({
        queue: 'events',
        body,
      })),
    );
    await foreign.close();
    expect(await under.queue.deadLetters('events', 10)).toEqual([]);
  });

  it('keeps a message that was given up once, and leaves one alone that somebody else has by now', async () => {
    await send('a');
    const [message] = await under.queue.receive({ queue: 'events', max: 1, visibilityMs: VISIBILITY_MS });
    under.clock.advance(VISIBILITY_MS);
    await under.queue.receive({ queue: 'events', max: 1, visibilityMs: VISIBILITY_MS });
    await under.queue.bury('events', message!.receipt, 'stale');
    expect(under.server.bodies('fenghuo-test-dead')).toEqual([]);
    expect(bodies()).toEqual(['a']);
  });
});
