import { describe, expect, it } from 'vitest';
import { deliverMessageSchema } from '../../shared/domain/deliver-message.ts';
import { type Delivery, deliverySchema, refOf } from '../../shared/domain/delivery.ts';
import { digestOfEvent } from '../../shared/domain/digest.ts';
import { packDeliveries } from '../../shared/stages/outgoing.ts';
import { anEvent } from '../fixtures/providers/notice.ts';

const lane = { key: 'subscription:a@fake:t', window: 3, intervalMs: 60_000 };
const step = { target: 'email:x', channel: 'email', language: 'en' } as const;
const delivery: Delivery = {
  id: 'dlv_1',
  target: 'fake:t',
  channel: 'fake',
  rule: 'subscription:a',
  language: 'en',
  digest: digestOfEvent(anEvent()),
  lane,
  carries: { key: 'k', window: 2 },
  fallback: { afterMs: 1_000, steps: [step] },
  insteadOf: { target: 'fake:u', channel: 'fake', why: 'failed', deliveries: ['dlv_0'] },
  late: { why: 'refused' },
  ack: { note: { kind: 'escalated', batch: 'bat_1', policy: 'p', n: 1, of: 2, atMs: 5, told: [] } },
};

describe('a delivery', () => {
  it('has every member that there is in this test', () => {
    expect(Object.keys(delivery).sort()).toEqual(Object.keys(deliverySchema.shape).sort());
  });

  it('travels through a message with every member', () => {
    const [message] = packDeliveries([delivery]);
    expect(deliverMessageSchema.parse(JSON.parse(message?.body ?? '')).deliveries).toEqual([delivery]);
  });

  it('is kept in the store with every member but the digest', () => {
    const { digest: _, ...rest } = delivery;
    expect(refOf(delivery)).toMatchObject(rest);
  });
});
