import { afterEach, describe, expect, it } from 'vitest';
import { handler as deliverWebhook } from '../../functions/deliver/webhook/index.ts';
import { handler as fanout } from '../../functions/fanout/index.ts';
import { digestOfEvent } from '../../shared/domain/digest.ts';
import { registerPlatform } from '../../shared/runtime/platform.ts';
import { fallbackAt, probeNow } from '../../shared/stages/outgoing.ts';
import { anEvent } from '../fixtures/providers/notice.ts';
import { createTestWorld } from '../support/test-platform.ts';

const CONTEXT = {} as Parameters<typeof fanout>[1];
const FALLBACK = { afterMs: 1_000, steps: [{ target: 'email:a', channel: 'email', language: 'en' as const }] };
const DELIVERY = {
  id: 'dlv_000000000abc',
  target: 'webhook:a',
  channel: 'webhook',
  rule: 'subscription:a',
  language: 'en' as const,
  digest: digestOfEvent(anEvent()),
  fallback: FALLBACK,
};

describe('the functions', () => {
  afterEach(() => registerPlatform(undefined));

  it('take the timer of a fallback on the queue of notifications', async () => {
    const { platform, memory, clock } = createTestWorld();
    registerPlatform(platform);
    const { body } = fallbackAt(DELIVERY, { dueMs: clock.nowMs(), nowMs: clock.nowMs() });
    expect(await fanout(Buffer.from(JSON.stringify([body])), CONTEXT)).toEqual({ done: 1, again: 0, dead: 0 });
    expect(await memory.queue.receive({ queue: 'deliver-email', max: 9, visibilityMs: 1 })).toHaveLength(1);
  });

  it('put a timer that came too early back until its time', async () => {
    const { platform, memory, clock } = createTestWorld();
    registerPlatform(platform);
    const { body } = fallbackAt(DELIVERY, { dueMs: clock.nowMs() + 5_000, nowMs: clock.nowMs() });
    expect(await fanout(Buffer.from(JSON.stringify([body])), CONTEXT)).toMatchObject({ done: 1 });
    const due = () => memory.queue.receive({ queue: 'notifications', max: 9, visibilityMs: 1 });
    clock.advance(4_999);
    expect(await due()).toEqual([]);
    clock.advance(1);
    expect(await due()).toHaveLength(1);
  });

  it('take the request for a look at an endpoint on the queue of its channel', async () => {
    registerPlatform(createTestWorld().platform);
    const { queue, body } = probeNow('webhook', 'webhook:a');
    expect(queue).toBe('deliver-webhook');
    expect(await deliverWebhook(Buffer.from(JSON.stringify([body])), CONTEXT)).toEqual({ done: 1, again: 0, dead: 0 });
  });
});
