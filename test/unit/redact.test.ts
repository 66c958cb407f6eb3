import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactText, redactUrl, redactValue, redactWords } from '../../shared/domain/redact.ts';

const DIGITS = '0123456789abcdef';

describe('redaction', () => {
  it('shows scheme and host of a URL only', () => {
    expect(redactUrl('https://hooks.example.com/services/T0/B0/secret?x=1')).toBe('https://hooks.example.com/…');
    expect(redactUrl('no url')).toBe('[link]');
  });

  it('hides addresses, tokens and signatures, and leaves words', () => {
    const text =
      'from ip: 203.0.113.9 access_token=abc sign=x%2B Bearer q.w.e see https://a.b/c ip 2001:db8::1 at 12:30:05 errcode 310000';
    const clean = redactText(text);
    for (const hidden of ['203.0', 'abc', 'x%2B', 'q.w.e', 'a.b', '2001']) expect(clean).not.toContain(hidden);
    expect(clean).toContain('at 12:30:05 errcode 310000');
    expect(redactText('from fe80:1:2:3:4:5:6:7 to ::1, std::vector')).toBe('from [address] to [address], std::vector');
    expect(redactText('the word session-key stays', ['session'])).not.toContain('session');
    expect(redactText('short words stay', ['or'])).toBe('short words stay');
  });

  it('hides a literal also in its percent-encoded spelling', () => {
    expect(redactText('a ab/c=1 b ab%2Fc%3D1 c', ['ab/c=1'])).not.toMatch(/ab\/c|ab%2F/);
  });

  it('hides a literal in every spelling that a provider may repeat it in', () => {
    const secret = 'ab/"c=ü1?';
    const base64 = Buffer.from(secret).toString('base64');
    for (const spelling of [
      secret,
      encodeURIComponent(secret),
      encodeURIComponent(secret).toLowerCase(),
      JSON.stringify(secret).slice(1, -1),
      base64,
      base64.replace(/=+$/, ''),
      Buffer.from(secret).toString('base64url'),
    ])
      expect(redactText(`a ${spelling} b`, [secret])).toMatch(/^a \[hidden\]=* b$/);
  });

  it('keeps names and keys that a message repeats, and hides what looks like a secret in their place', () => {
    for (const plain of [
      'there is no contact "ops-lead-of-the-hangzhou-region"; did you mean "ops"?',
      'contacts[0].emailPasswordForAlerts',
      'must be a URL that begins with https:// or http://',
      '没有名为“值班组”的联系人',
      'unknown key "20261125"',
    ])
      expect(redactWords(plain)).toBe(plain);
    const token = '0123456789abcdef0123';
    for (const secret of [token, `SEC${token}`, `https://a.example.com/${token}`, 'aGVsbG8gd29ybGQgaGVsbG8gd29ybGQ'])
      expect(redactWords(`there is no contact "${secret}"; known: ops`)).toMatch(
        /^there is no contact "[^"]*\[.*; known: ops$/,
      );
    for (const secret of [token, 'https://a.example.com/short'])
      expect(redactWords(`x "${secret}"`)).not.toContain(secret.slice(-5));
  });

  it.each([
    ['{"password":"two words, and a \\"quote\\" inside","next":"stays"}', ['two', 'quote', 'inside'], 'stays'],
    [JSON.stringify(JSON.stringify({ emailPassword: 'two words', next: 'stays' })), ['two', 'words'], 'stays'],
    ["{'clientSecret': 'abc def'} stays", ['abc', 'def'], 'stays'],
    ['Cookie: a=first; b=second\nstays', ['first', 'second'], 'stays'],
    ['Authorization: Digest username=u, response=r1\nstays', ['r1'], 'stays'],
    ['Basic dXNlcjpwYXNz stays', ['dXNlcjpwYXNz'], 'stays'],
    ['x-fenghuo-token: t1 stays', ['t1'], 'stays'],
    ['api_key=k1&ingest-key=k2 stays', ['k1', 'k2'], 'stays'],
    [`fh_${DIGITS} fhk_${DIGITS} whsec_${DIGITS} SEC${DIGITS} stays`, [DIGITS.slice(0, 8)], 'stays'],
    [`hash ${Buffer.alloc(32, 250).toString('base64')} stays`, ['+vr6'], 'stays'],
    [`token-like ${DIGITS}${DIGITS} stays`, [DIGITS], 'stays'],
    ['POST /hooks/abc and /bot/v2/hook/def stays', ['abc', 'def'], 'stays'],
    ['redis://user:pw@10.1.2.3:6379/0 stays', ['pw', '10.1'], 'stays'],
  ])('hides what is secret in %s', (text, hidden, kept) => {
    const clean = redactText(text);
    for (const secret of hidden) expect(clean).not.toContain(secret);
    expect(clean).toContain(kept);
  });

  it.each([
    'TypeError: x is not a function\n    at deliver (/srv/fenghuo/dist/functions/deliver-dingtalk/index.js:12:3456)',
    'delivery dlv_0mh5t3x8k2f9q7w1z4b6 of chatbot/secops on dingtalk:9f8e7d6c5b4a3210 is refused',
    '签名不匹配 [timestamp 1700000000000] errcode 310000',
    'SQLITE_FULL: database or disk is full',
    'monkeys sign nothing, keys are kept, a design is assigned',
  ])('keeps %s', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it('cuts a long text without showing half of a token at the cut', () => {
    const clean = redactText(`${'a b '.repeat(996)}${DIGITS.repeat(10)}`);
    expect(clean).not.toContain(DIGITS.slice(0, 4));
    expect(clean.length).toBeLessThanOrEqual(4_001);
    expect(redactText('x'.repeat(1_000_000))).toBe('…');
  });

  it('hides what is secret whatever stands before and after it', () => {
    const word = fc.constantFrom('key=', 'https://h.example/', '"token":"', '10.1.2.3', 'Bearer ', 'a', ' ', '"', '\\');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        expect(redactText(words.join(''))).not.toMatch(/10\.1\.2\.3|h\.example/);
      }),
    );
  });

  it('hides fields by name at every depth and keeps the others', () => {
    expect(
      redactValue({ a: [{ robotToken: 't', url: 'u', note: 'n', big: 10n }], secrets: ['s'], missing: undefined }),
    ).toEqual({ a: [{ robotToken: '[hidden]', url: '[hidden]', note: 'n', big: '10' }], secrets: '[hidden]' });
  });
});
