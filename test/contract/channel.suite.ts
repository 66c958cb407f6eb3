import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Channel, ChannelPorts, Notice } from '../../shared/channels/channel.ts';
import { digestOfEvent } from '../../shared/domain/digest.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { Target } from '../../shared/domain/target.ts';
import { aMergedNotice, aNotice, anEvent } from '../fixtures/providers/notice.ts';
import type { ReplyRow } from '../fixtures/providers/replies.ts';
import type { Rig, RigAnswer, Seen } from './channel-rig.ts';

/** What the suite must know about a channel. A feature that the channel has not is said to be `none`, never left out. */
export interface ChannelUnderTest {
  channel: Channel;
  /** Which of several ways of the channel this is. */
  way?: string;
  open(): Promise<Rig>;
  /** An answer that means success. */
  success: RigAnswer;
  /** Every code of the provider, with the class that it must get, and odd answers. */
  replies: readonly ReplyRow[];
  /** Answers without a code, or with one that nobody knows: none of them is success. */
  unknown: readonly RigAnswer[];
  /** Such words in the place of an answer; not success either. */
  garbage(words: string): RigAnswer;
  /** Answers of the provider in which such words are repeated. */
  saying(words: string): readonly RigAnswer[];
  /** Everything that a reader could see of a message, decoded; throws when the provider could not read it. */
  textOf(seen: Seen): string;
  /** How large a message is by the provider's own measure, and how large it may be. */
  size: { max: number; measure(seen: Seen): number } | 'none';
  /** The provider's idempotency key in a message. */
  idempotencyKeyOf: ((seen: Seen) => unknown) | 'none';
  keywords: 'one-must-occur' | 'none';
  /** Whether a target is a place in a network, which may turn out to be private. */
  address: 'network' | 'none';
  /** Addresses that nothing can be sent to. */
  badAddresses: readonly string[];
  /**
   * `once` and `never` for providers that would tell people twice; see `Repetition` of network-failure.ts. `none` where an attempt
   * without an answer can be repeated like one that failed, and nothing is asked over a network.
   */
  unanswered: 'same-id' | 'once' | 'never' | 'none';
}

/** How often an attempt without an answer is made, by what the provider would do with a repetition. */
const ATTEMPTS = { 'same-id': 5, once: 2, never: 1, none: 10 };

/** How many answers of a channel's provider were tried, and how many different codes are among them, success left out. */
export const codesTried = ({ replies }: ChannelUnderTest): { answers: number; codes: number } => ({
  answers: replies.length,
  codes: new Set(replies.filter(({ kind }) => kind !== 'delivered').map(({ code }) => code)).size,
});

type Failed = Exclude<Outcome, { kind: 'delivered' }>;

const expectFailure = (outcome: Outcome): Failed => {
  if (outcome.kind === 'delivered') throw new Error('expected a failure');
  expect(outcome.fix.en).toMatch(/[a-z]{3}/);
  expect(outcome.fix.zh).toMatch(/\p{Script=Han}{2}/u);
  expect([...outcome.text].length).toBeLessThanOrEqual(300);
  for (const char of ['\n', '\r', '\u0007']) expect(outcome.text).not.toContain(char);
  return outcome;
};

const expectedOf = ({ kind, code, cause, dead, retryAfterMs, maxAttempts }: ReplyRow): Record<string, unknown> => {
  const wanted = { kind, code, cause, endpointDead: dead, retryAfterMs, maxAttempts };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
};

/** The rows of a channel that it takes for something else, by their names; a channel in order has none. */
export const misreadRows = async ({ channel, open, replies }: ChannelUnderTest): Promise<string[]> => {
  const rig = await open();
  const misread: string[] = [];
  for (const row of replies) {
    rig.answerWith(row);
    const outcome: object = await channel.send(aNotice(), rig.target(), rig.ports);
    const wanted = Object.entries(expectedOf(row));
    if (wanted.some(([field, value]) => new Map(Object.entries(outcome)).get(field) !== value)) misread.push(row.what);
  }
  await rig.close();
  return misread;
};

/** An event that says the same long thing in every place. */
const wordyNotice = (text: string, language: Notice['language']): Notice => {
  const event = anEvent({
    name: text,
    title: { zh: text, en: text },
    status: text,
    resource: { id: text, type: text, name: text, arn: text },
    region: text,
    account: text,
    content: { [text]: text, note: text },
  });
  return aNotice({ digest: digestOfEvent(event), language });
};

const LANGUAGES = ['en', 'zh'] as const;
const HALF_A_CHARACTER = /\p{Surrogate}/u;
const WORDS = fc.string({
  unit: fc.constantFrom('汉', '🚨', '"', '\\', 'a', '\ud800', '\n', '*', '<', '&', '👨‍👩‍👧'),
  maxLength: 9_000,
});

interface Sending {
  notice?: Notice;
  target?: Partial<Target>;
  ports?: ChannelPorts;
}

type Send = (answer: RigAnswer, sending?: Sending) => Promise<Outcome>;

/** What the suite works with while it runs. */
interface Bench {
  subject: ChannelUnderTest;
  rig(): Rig;
  send: Send;
}

const answersAreUnderstood = ({ subject, send, rig }: Bench): void => {
  it('delivers with one message', async () => {
    expect((await send(subject.success)).kind).toBe('delivered');
    expect(rig().received()).toHaveLength(1);
    for (const seen of rig().received()) expect(subject.textOf(seen)).not.toBe('');
  });

  it.each(subject.replies)('takes $what for $kind', async (row) => {
    const outcome = await send(row);
    expect(outcome).toMatchObject(expectedOf(row));
    if (outcome.kind !== 'delivered') expectFailure(outcome);
  });

  it('takes an answer without a code, or with an unknown one, for a failure', async () => {
    expect(subject.unknown).not.toHaveLength(0);
    for (const answer of subject.unknown) expectFailure(await send(answer));
  });

  it('takes garbage for a failure, and keeps its words short and on one line', async () => {
    expectFailure(await send(subject.garbage(`line\n\u0007${'汉'.repeat(40_000)}`)));
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 200 }), async (words) => {
        expectFailure(await send(subject.garbage(`?${words}`)));
      }),
      { numRuns: 25 },
    );
  });
};

const absentAnswersAreAmbiguous = ({ subject, send, rig }: Bench): void => {
  const { channel } = subject;
  const isCalled = subject.unanswered !== 'none';

  it.runIf(isCalled)(
    'says ambiguous when the connection is cut after sending, and repeats only what may be repeated',
    async () => {
      const outcome = expectFailure(await send('reset'));
      expect(outcome).toMatchObject({ kind: 'ambiguous', cause: 'network', maxAttempts: ATTEMPTS[subject.unanswered] });
      expect(channel.repeatsUnanswered).toBe(subject.unanswered === 'never' ? false : undefined);
    },
  );

  it.runIf(isCalled)('says ambiguous when no answer comes in time, and waits no longer than it promises', async () => {
    const outcome = expectFailure(await send('hang'));
    expect(outcome).toMatchObject({ kind: 'ambiguous', maxAttempts: ATTEMPTS[subject.unanswered] });
    const asked = rig().askedMs();
    expect(Math.min(...asked)).toBeGreaterThan(0);
    expect(asked.reduce((sum, waitMs) => sum + waitMs, 0)).toBeLessThanOrEqual(channel.timeoutMs);
    expect(channel.quotaOf?.(rig().target())?.maxSendMs ?? channel.timeoutMs).toBe(channel.timeoutMs);
  });

  it('says retry when nothing listens', async () => {
    expect(expectFailure(await send('refuse-connection'))).toMatchObject({
      kind: 'retry',
      ...(isCalled ? { cause: 'network' } : {}),
    });
    expect(rig().received()).toHaveLength(0);
  });

  const { idempotencyKeyOf } = subject;
  it.skipIf(idempotencyKeyOf === 'none')(
    'gives every attempt of a message the same key, and no other message',
    async () => {
      if (idempotencyKeyOf === 'none') return;
      const keys: unknown[] = [];
      for (const id of ['dlv_again', 'dlv_again', 'dlv_other']) {
        await send(keys.length === 0 ? 'reset' : subject.success, { notice: aNotice({ id }) });
        keys.push(...rig().received().map(idempotencyKeyOf));
      }
      expect(keys).toHaveLength(3);
      expect(keys[0]).toBeTruthy();
      expect(keys[1]).toEqual(keys[0]);
      expect(keys[2]).not.toEqual(keys[0]);
    },
  );
};

const addressesAreGuarded = ({ subject, send, rig }: Bench): void => {
  it.skipIf(subject.address === 'none')('refuses a private address without sending', async () => {
    const ports = rig().strictPorts;
    if (ports === undefined) throw new Error('the rig has no strict ports');
    const outcome = expectFailure(await send(subject.success, { ports }));
    expect(outcome).toMatchObject({ kind: 'refused', code: 'ESSRF', cause: 'url', endpointDead: false });
    expect(rig().received()).toHaveLength(0);
  });

  it('refuses an address that nothing can be sent to', async () => {
    expect(subject.badAddresses).toContain('');
    for (const address of subject.badAddresses) {
      expect(expectFailure(await send(subject.success, { target: { address } })).kind).toBe('refused');
      expect(rig().received()).toHaveLength(0);
    }
  });

  it('lets no token, password, signature, URL or address into an explanation', async () => {
    const token = fc.stringMatching(/^[A-Za-z0-9]{16,64}$/);
    const secret = fc.stringMatching(/^SEC[a-f0-9]{32,64}$/);
    await fc.assert(
      fc.asyncProperty(token, secret, fc.ipV4(), async (token, secret, ip) => {
        const { hidden } = rig().planted({ token, secret });
        const words = `${hidden.join(' or ')}, ${hidden.map(encodeURIComponent).join()}; from ip: ${ip} (${ip}) 2001:db8::${token.length}`;
        for (const answer of [...subject.saying(words), 'reset', 'refuse-connection'] as const) {
          rig().answerWith(answer);
          const outcome = await subject.channel.send(aNotice(), rig().planted({ token, secret }).target, rig().ports);
          const shown = JSON.stringify(outcome);
          for (const text of [...hidden, ip, '2001:db8', '://', 'from ip']) expect(shown).not.toContain(text);
        }
      }),
      { numRuns: 25 },
    );
  });
};

const messagesFit = ({ subject, send, rig }: Bench): void => {
  const { size } = subject;
  const sent = async (notice: Notice, target: Partial<Target> = {}): Promise<string> => {
    expect((await send(subject.success, { notice, target })).kind).toBe('delivered');
    return rig()
      .received()
      .map((seen) => {
        if (size !== 'none') expect(size.measure(seen)).toBeLessThanOrEqual(size.max);
        const text = subject.textOf(seen);
        expect(text).not.toMatch(HALF_A_CHARACTER);
        return text;
      })
      .join('\n');
  };

  it('sends whatever an event says within the limit, with whole characters', async () => {
    await fc.assert(
      fc.asyncProperty(WORDS, fc.constantFrom(...LANGUAGES), async (words, language) => {
        await sent(wordyNotice(words, language));
      }),
      { numRuns: 25 },
    );
  });

  it.each(LANGUAGES)(
    'tells an event of 300 KB in Chinese and emoji, and that something was left out, in %s',
    async (language) => {
      const text = await sent(wordyNotice('云服务器🚨磁盘👨‍👩‍👧'.repeat(1_400), language));
      expect(text).toMatch(/…|\.\.\./);
    },
  );

  it.each(LANGUAGES)('tells the exact total of a merged message in %s', async (language) => {
    expect(await sent(aMergedNotice(4_321, { language }))).toMatch(/4,?321/);
  });

  it.skipIf(subject.keywords === 'none')('adds a keyword to every message that has none', async () => {
    for (const notice of [
      aNotice(),
      aMergedNotice(44),
      aNotice({ test: true }),
      wordyNotice('长🚨'.repeat(4_000), 'zh'),
    ]) {
      expect(await sent(notice, { keywords: ['unheard-of', '闻所未闻'] })).toMatch(/unheard-of|闻所未闻/);
    }
  });
};

/**
 * Everything that one channel promises, whichever way its provider speaks: success, every answer, no answer, sizes, secrets, addresses.
 */
export const channelSuite = (subject: ChannelUnderTest): void => {
  describe(`channel ${[subject.channel.name, subject.way ?? ''].join(' ').trim()}`, () => {
    let rig: Rig;
    beforeAll(async () => {
      rig = await subject.open();
    });
    afterAll(() => rig.close());

    const send: Send = (answer, { notice = aNotice(), target = {}, ports = rig.ports } = {}) => {
      rig.answerWith(answer);
      return subject.channel.send(notice, rig.target(target), ports);
    };
    const bench: Bench = { subject, rig: () => rig, send };
    answersAreUnderstood(bench);
    absentAnswersAreAmbiguous(bench);
    addressesAreGuarded(bench);
    messagesFit(bench);
  });
};
