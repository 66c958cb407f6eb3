import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliveryIdOf, deliveryPackOf, stepDeliveryIdOf, windowDeliveryIdOf } from '../../shared/domain/delivery.ts';
import { batchIdOf, digestOf, idOf, isPackedBatch, targetKeyOf, timePart } from '../../shared/domain/ids.ts';

const instant = fc.integer({ min: 0, max: 4_102_444_800_000 });

describe('ids', () => {
  it('are a pure function of prefix, time and parts', () => {
    fc.assert(
      fc.property(
        instant,
        fc.array(fc.string()),
        (atMs, parts) => idOf('evt', atMs, parts) === idOf('evt', atMs, [...parts]),
      ),
    );
  });

  it('sort like their times', () => {
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        const order = timePart(a) < timePart(b) ? -1 : Number(timePart(a) > timePart(b));
        expect(order).toBe(Math.sign(a - b));
      }),
    );
  });

  it('do not let parts run into each other', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (a, b) => {
        expect(digestOf(a, b)).not.toBe(digestOf(a + b));
        expect(digestOf(a, b)).not.toBe(digestOf(a + b, ''));
      }),
    );
  });

  it('stand for no time when the event names none or a senseless one', () => {
    expect([0, -5, Number.NaN, Number.POSITIVE_INFINITY].map(timePart)).toEqual(
      Array.from({ length: 4 }, () => '000000000'),
    );
  });

  it('name the same message for the same event and target, another for another target, another for another window', () => {
    const event = idOf('evt', 1_750_000_000_000, ['x']);
    const batch = batchIdOf(1_750_000_000_500, 'b');
    expect(deliveryIdOf(batch, event, 'a')).toBe(deliveryIdOf(batch, event, 'a'));
    expect(deliveryIdOf(batch, event, 'a')).not.toBe(deliveryIdOf(batch, event, 'b'));
    expect(deliveryIdOf(batch, event, 'a').slice(4, 13)).toBe(batch.slice(4, 13));
    const lane = { key: 'rule@target', window: 3, sinceMs: 5 };
    expect(windowDeliveryIdOf(lane)).not.toBe(windowDeliveryIdOf({ ...lane, window: 4 }));
  });

  it('begin alike for what one batch tells one target, and for nothing else', () => {
    const packOf = (batch: string, event: string, target: string) => deliveryPackOf(deliveryIdOf(batch, event, target));
    const [one, other] = [batchIdOf(1_750_000_000_500, 'b'), batchIdOf(1_750_000_000_500, 'c')];
    const pack = packOf(one, 'evt_1', 'a');
    expect(pack).toMatch(/^dlv_[0-9a-z]{9}[\w-]{6}$/);
    expect(deliveryIdOf(one, 'evt_1', 'a')).toMatch(new RegExp(`^${pack}[\\w-]{16}$`));
    expect(packOf(one, 'evt_2', 'a')).toBe(pack);
    expect(packOf(one, 'evt_1', 'b')).not.toBe(pack);
    expect(packOf(other, 'evt_1', 'a')).not.toBe(pack);
    const step = stepDeliveryIdOf(deliveryIdOf(one, 'evt_1', 'a'), { afterMs: 1, steps: [] } as never);
    expect(step.slice(4, 13)).toBe(one.slice(4, 13));
    expect([step, windowDeliveryIdOf({ key: 'k', window: 1, sinceMs: 5 }), 'evt_1'].map(deliveryPackOf)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('stay as they were for batches that an older release stored', () => {
    const event = idOf('evt', 1_750_000_000_000, ['x']);
    const batch = `bat_${timePart(1_750_000_000_500)}0123456789abcdef0123456789abcdef`;
    expect(isPackedBatch(batch)).toBe(false);
    expect(deliveryIdOf(batch, event, 'a')).toBe(`dlv_${event.slice(4, 13)}${digestOf(event, 'a')}`);
  });

  it('hide the address in the key of a target', () => {
    const key = targetKeyOf('dingtalk', 'https://example.com/robot?access_token=topsecret');
    expect(key).toMatch(/^dingtalk:[\w-]{16}$/);
    expect(key).not.toContain('topsecret');
  });
});
