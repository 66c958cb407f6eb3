import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeSecretKey, readSecretKey } from '../../shared/adapters/crypto/secret-key.ts';
import { SecretsUnreadableError } from '../../shared/ports/secrets.ts';
import { sealerWith } from '../support/test-sealer.ts';

const PLACE = '["chatbots","b","secret"]';
const altered = { code: 'secrets-unreadable', message: expect.stringContaining('altered or moved') };

describe('a sealed secret', () => {
  it('opens again at its place, whatever it is, and never looks the same twice', () => {
    const sealer = sealerWith(1);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, place) => {
        const sealed = sealer.seal(text, place);
        expect(sealed).toMatch(/^enc:v1:[\w-]{8}:[\w-]{16}:[\w-]+$/);
        expect(sealed).not.toBe(sealer.seal(text, place));
        expect(sealer.open(sealed, place)).toBe(text);
      }),
    );
  });

  it('does not open at another place', () => {
    const sealer = sealerWith(1);
    const sealed = sealer.seal('SECabc', PLACE);
    expect(() => sealer.open(sealed, '["chatbots","c","secret"]')).toThrow(expect.objectContaining(altered));
  });

  it('does not open when any bit of it was changed, nor when it is none', () => {
    const sealer = sealerWith(1);
    const sealed = sealer.seal('SECabc', PLACE);
    const parts = sealed.split(':');
    for (const part of [3, 4])
      for (let bit = 0; bit < Buffer.from(parts[part]!, 'base64url').length * 8; bit += 1) {
        const bytes = Buffer.from(parts[part]!, 'base64url');
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        const changed = parts.with(part, bytes.toString('base64url')).join(':');
        expect(() => sealer.open(changed, PLACE)).toThrow(SecretsUnreadableError);
      }
    for (const garbage of ['', 'plain', 'enc:v1:', 'enc:v2:a:b:c', `${sealed}:`, sealed.slice(0, -20)])
      expect(() => sealer.open(garbage, PLACE)).toThrow(SecretsUnreadableError);
  });

  it('opens under an earlier key as long as that one is known, and names the key that is missing', () => {
    const old = sealerWith(1);
    const sealed = old.seal('SECabc', PLACE);
    const rotated = sealerWith(2, 1);
    expect(rotated.open(sealed, PLACE)).toBe('SECabc');
    expect(rotated.seal('x', PLACE)).toContain(`:${rotated.keyId}:`);
    expect(rotated.keyId).not.toBe(old.keyId);
    expect(() => sealerWith(2).open(sealed, PLACE)).toThrow(
      expect.objectContaining({
        code: 'secrets-unreadable',
        message: expect.stringMatching(new RegExp(`${old.keyId}.*FENGHUO_SECRET_KEY_PREVIOUS`)),
      }),
    );
  });
});

describe('the digest of settings', () => {
  it('is the same for the same text, under the newest and under an earlier key, and another without the key', () => {
    const old = sealerWith(1);
    const digest = old.digest('text');
    expect(digest).toBe(old.digest('text'));
    expect(sealerWith(2, 1).isDigestOf('text', digest)).toBe(true);
    expect(sealerWith(2, 1).isDigestOf('texd', digest)).toBe(false);
    expect(sealerWith(2).isDigestOf('text', digest)).toBe(false);
    expect(sealerWith(2).digest('text').split(':')[1]).not.toBe(digest.split(':')[1]);
    expect(old.isDigestOf('text', '')).toBe(false);
  });
});

describe('a key as people write it', () => {
  it('is 32 bytes in Base64, of either alphabet, and nothing else', () => {
    expect(readSecretKey(makeSecretKey())).toHaveLength(32);
    expect(readSecretKey(Buffer.alloc(32, 255).toString('base64url'))).toEqual(Buffer.alloc(32, 255));
    const wrong = ['', 'c2hvcnQ=', 'a'.repeat(32), `${makeSecretKey()}${makeSecretKey()}`, `${'ä'.repeat(43)}=`];
    for (const text of wrong) expect(readSecretKey(text)).toBeUndefined();
  });
});
