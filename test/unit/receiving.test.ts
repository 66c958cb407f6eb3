import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowedChannels, SECURITY_NOTICE } from '../../shared/domain/receiving.ts';
import { METHODS } from '../../shared/domain/settings.ts';

const STATES = ['enabled', 'disabled', 'required', 'banned'] as const;
const state = fc.option(fc.constantFrom(...STATES), { nil: undefined });
const matrix = fc.record({ sms: state, voice: state, email: state, inbox: state, webhook: state });
const asking = fc.option(fc.subarray([...METHODS]), { nil: undefined });

describe('what Message Center receives', () => {
  it('lets enabled and required pass, refuses disabled and banned, and says by which', () => {
    const receiving = {
      [SECURITY_NOTICE]: { sms: 'banned', email: 'required', inbox: 'enabled', webhook: 'disabled' },
    } as const;
    expect(allowedChannels(receiving, SECURITY_NOTICE, ['inbox', 'email', 'sms', 'webhook'])).toEqual({
      allowed: ['email', 'inbox'],
      refused: [
        { channel: 'webhook', by: 'disabled' },
        { channel: 'sms', by: 'banned' },
      ],
      required: [],
    });
  });

  it('gives the intersection of what is asked and what is received, as in the example of the vendor', () => {
    const receiving = { soar: { email: 'enabled', webhook: 'enabled', inbox: 'disabled' } } as const;
    expect(allowedChannels(receiving, 'soar', ['inbox', 'email']).allowed).toEqual(['email']);
  });

  it('names a required channel that nobody asked for', () => {
    expect(allowedChannels({ a: { email: 'required' } }, 'a', ['sms'])).toEqual({
      allowed: ['sms'],
      refused: [],
      required: ['email'],
    });
  });

  it('takes an item, a channel and a whole matrix that are not there for enabled', () => {
    expect(allowedChannels({ a: { sms: 'banned' } }, 'b', ['sms']).allowed).toEqual(['sms']);
    expect(allowedChannels({ a: { sms: 'banned' } }, 'a', ['email']).allowed).toEqual(['email']);
    expect(allowedChannels(undefined, 'a', undefined).allowed).toEqual([...METHODS]);
    expect(allowedChannels({}, 'toString', ['sms'])).toEqual({ allowed: ['sms'], refused: [], required: [] });
  });

  it('puts every asked channel in exactly one of allowed and refused, and no other one there', () => {
    fc.assert(
      fc.property(matrix, asking, (entries, asked) => {
        const { allowed, refused, required } = allowedChannels({ item: entries }, 'item', asked);
        const given = [...allowed, ...refused.map(({ channel }) => channel)];
        expect([...given].sort()).toEqual([...(asked ?? METHODS)].sort());
        for (const { channel, by } of refused) expect(entries[channel]).toBe(by);
        for (const channel of [...allowed, ...required]) expect(['banned', 'disabled']).not.toContain(entries[channel]);
        expect(required).toEqual(METHODS.filter((m) => entries[m] === 'required' && !given.includes(m)));
      }),
    );
  });
});
