import { describe, expect, it } from 'vitest';
import { ackNameOf } from '../../shared/domain/ack.ts';
import { ackToken, readAckToken } from '../../shared/stages/ack-token.ts';
import { sealerWith, testSealer } from '../support/test-sealer.ts';

const ID = 'dlv_01jabcdefAbCdEfGh-_123456';
const DAY = 86_400_000;
const SENT = Date.UTC(2026, 0, 5);
const token = ackToken(testSealer, ID, SENT);

describe('the token of a link', () => {
  it('names its message for seven days, then says that it has expired', () => {
    expect(readAckToken(testSealer, token, SENT + 7 * DAY - 1_000)).toEqual({ kind: 'ok', delivery: ID });
    expect(readAckToken(testSealer, token, SENT + 7 * DAY + 1_000)).toEqual({ kind: 'expired', delivery: ID });
  });

  it('is the same for the same message, needs no encoding in a URL and is short', () => {
    expect(ackToken(testSealer, ID, SENT)).toBe(token);
    expect(encodeURIComponent(token)).toBe(token);
    expect(token.length).toBeLessThan(100);
  });

  it('opens with an earlier key that is still known, and not with another', () => {
    expect(readAckToken(sealerWith(2, 1), token, SENT).kind).toBe('ok');
    expect(readAckToken(sealerWith(2), token, SENT).kind).toBe('forged');
  });

  it('is forged when any part of it was changed', () => {
    const [id = '', expiry = '', key = '', mac = ''] = token.split('.');
    const swapped = (text: string): string => (text.startsWith('x') ? 'y' : 'x') + text.slice(1);
    const later = (Number.parseInt(expiry, 36) + 1).toString(36);
    for (const forged of [
      [`${id.slice(0, -1)}x`, expiry, key, mac],
      [id, later, key, mac],
      [id, expiry, swapped(key), mac],
      [id, expiry, key, swapped(mac)],
    ])
      expect(readAckToken(testSealer, forged.join('.'), SENT)).toEqual({ kind: 'forged' });
  });

  it('is no token when it has another form', () => {
    for (const text of [
      '',
      'x',
      token.slice(0, -1),
      `${token}x`,
      token.replace('dlv_', 'evt_'),
      `${token}\n`,
      '../../etc',
    ])
      expect(readAckToken(testSealer, text, SENT)).toEqual({ kind: 'malformed' });
  });
});

describe('a name', () => {
  it('is one line of at most sixty characters, whole ones, without anything invisible', () => {
    expect(ackNameOf('  Kai \n\u0000\u202e Li\u200b ')).toBe('Kai Li');
    expect(ackNameOf('值'.repeat(100))).toBe('值'.repeat(60));
    expect(ackNameOf('😀'.repeat(100))).toBe('😀'.repeat(60));
    expect(ackNameOf('\ud83d')).toBe('');
  });
});
