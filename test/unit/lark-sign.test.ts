import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calmMs } from '../../shared/channels/lark/jitter.ts';
import { hookSignature, signatureOf } from '../../shared/channels/lark/sign.ts';

/** Second, secret, signature, and what comes out when key and message change places as for DingTalk. */
const VECTORS: readonly [number, string, string, string][] = [
  [
    1_599_360_473,
    'demo',
    'l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=',
    'DkEDUyVoOOJ539qBvUgMyzkzIdRWlf4e/V3Rq+ONJnQ=',
  ],
  [
    1_700_000_000,
    'secret',
    'fiWS2+gh28DOydAv7hzONH/mDn9+b1Y4Y5ivXWXy8vA=',
    'vli3/GfD4kJTUyxxBD82mmmq4rnrfhhcCjvn2rP9x7o=',
  ],
  [
    1_763_630_000,
    'kq2R8pZ3vN0mT5xYw1LbQf',
    'mbP6NchlepjNF3QQfxelDl++SkKCMqe1UsK7t6zCDqg=',
    'EajgFaPqpAAvzXqXGR4JDHRFuLljr2tQRIdHISGiQUI=',
  ],
  [
    1_763_630_000,
    '密钥',
    'suLrPrTsYyWfScUUnAOfBNUR2GaxZZJpjzM26rFQSeo=',
    'psNkN8Y9wtBfvefCWClVcGkcYONYRGQ5oP07Cd3k1UI=',
  ],
  [0, 'x', 'oXdk2ucwqNVLLZZVLnZykqSwABpHVZxD+yQJ/eSmZ5o=', '/3gNf6REdSs1pywiI9IgS1JnwkeEMUGjUyXTj0F+yyo='],
];

describe('the signature', () => {
  it.each(VECTORS)('of second %i with %s is the known one, and not the one of DingTalk', (...vector) => {
    const [timestampS, secret, sign, wrong] = vector;
    expect(hookSignature(secret, timestampS)).toBe(sign);
    expect(hookSignature(secret, timestampS)).not.toBe(wrong);
  });

  it('stands in the body with the second of the attempt as text', () => {
    expect(signatureOf('demo', 1_599_360_473_999)).toEqual({
      timestamp: '1599360473',
      sign: 'l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=',
    });
  });

  it('is left out for a bot without a secret', () => {
    expect(signatureOf(undefined, 1)).toEqual({});
    expect(signatureOf('', 1)).toEqual({});
  });
});

const HOUR_MS = Date.UTC(2026, 10, 20, 9, 0, 0);
const MINUTE_MS = 60_000;

describe('the full and the half hour', () => {
  const key = fc.string({ minLength: 1, maxLength: 40 });
  const moment = fc.integer({ min: 0, max: 4_000_000_000_000 });

  it('moves what comes in the first seconds of both to between 5 and 55 s after, and nothing else', () => {
    fc.assert(
      fc.property(key, moment, (key, nowMs) => {
        const goMs = calmMs(key, nowMs);
        const intoMinuteMs = nowMs % MINUTE_MS;
        const crowded = [0, 30].includes(Math.floor(nowMs / MINUTE_MS) % 60) && intoMinuteMs < 5_000;
        if (!crowded) return goMs === nowMs;
        const delayMs = goMs - (nowMs - intoMinuteMs);
        return delayMs >= 5_000 && delayMs <= 55_000;
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives the same instant to every instance that asks within the crowd', () => {
    fc.assert(
      fc.property(key, fc.integer({ min: 0, max: 48 }), fc.nat(4_999), (key, halfHours, lateMs) => {
        const startMs = HOUR_MS + halfHours * 30 * MINUTE_MS;
        return calmMs(key, startMs + lateMs) === calmMs(key, startMs);
      }),
    );
  });

  it('lets a message go at the instant that it named', () => {
    fc.assert(fc.property(key, moment, (key, nowMs) => calmMs(key, calmMs(key, nowMs)) === calmMs(key, nowMs)));
  });

  it('scatters targets, and one target over the hours', () => {
    const targets = new Set(Array.from({ length: 100 }, (_, index) => calmMs(`lark:${index}`, HOUR_MS)));
    const hours = new Set(
      Array.from({ length: 100 }, (_, index) => calmMs('lark:a', HOUR_MS + index * 60 * MINUTE_MS) % MINUTE_MS),
    );
    expect(Math.min(targets.size, hours.size)).toBeGreaterThan(90);
  });
});
