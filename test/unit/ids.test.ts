import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliveryIdOf, windowDeliveryIdOf } from '../../shared/domain/delivery.ts';
import { digestOf, idOf, targetKeyOf, timePart } from '../../shared/domain/ids.ts';

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
    expect(deliveryIdOf(event, 'a')).toBe(deliveryIdOf(event, 'a'));
    expect(deliveryIdOf(event, 'a')).not.toBe(deliveryIdOf(event, 'b'));
    expect(deliveryIdOf(event, 'a').slice(4, 13)).toBe(event.slice(4, 13));
    const lane = { key: 'rule@target', window: 3, sinceMs: 5 };
    expect(windowDeliveryIdOf(lane)).not.toBe(windowDeliveryIdOf({ ...lane, window: 4 }));
  });

  it('hide the address in the key of a target', () => {
    const key = targetKeyOf('dingtalk', 'https://example.com/robot?access_token=topsecret');
    expect(key).toMatch(/^dingtalk:[\w-]{16}$/);
    expect(key).not.toContain('topsecret');
  });
});
