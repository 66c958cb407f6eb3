import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpClient } from '../../shared/adapters/net/http-client.ts';
import type { Channel, ChannelPorts, Notice } from '../../shared/channels/channel.ts';
import { digestOfEvent } from '../../shared/domain/digest.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { Target } from '../../shared/domain/target.ts';
import type { HttpClient, HttpRequest } from '../../shared/ports/http-client.ts';
import { aMergedNotice, aNotice, anEvent, aTarget, NOW_MS } from '../fixtures/providers/notice.ts';
import type { ReplyRow } from '../fixtures/providers/replies.ts';
import { channelPorts } from '../support/channel-ports.ts';
import { type Received, type Reply, startServer, type TestServer } from './channel-server.ts';

/** What the suite must know about a channel. */
export interface ChannelUnderTest {
  channel: Channel;
  /** Path and query of an address that holds this token. */
  pathFor(token: string): string;
  /** An answer that means success. */
  success: Reply;
  replies: readonly ReplyRow[];
  /** The provider's idempotency key in a request. */
  idempotencyKeyOf(request: Received): unknown;
  maxBodyBytes?: number;
}

type Failed = Exclude<Outcome, { kind: 'delivered' }>;

const failedOf = (outcome: Outcome): Failed => {
  if (outcome.kind === 'delivered') throw new Error('expected a failure');
  return outcome;
};

const replyOf = ({ status = 200, headers = {}, body }: ReplyRow): Reply => ({ status, headers, body });

const expectedOf = ({ kind, code, cause, dead, retryAfterMs, maxAttempts }: ReplyRow): Record<string, unknown> => {
  const wanted = { kind, code, cause, endpointDead: dead, retryAfterMs, maxAttempts };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
};

const TOKEN = 'tok-0123456789abcdef';
const clock = { nowMs: () => NOW_MS };

export const channelSuite = (subject: ChannelUnderTest): void => {
  const { channel, replies } = subject;

  describe(`channel ${channel.name}`, () => {
    let server: TestServer;
    let http: HttpClient & { close(): Promise<void> };
    let reply: Reply = subject.success;
    let ports: ChannelPorts;
    let target: Target;

    beforeAll(async () => {
      server = await startServer(() => reply);
      http = createHttpClient({ allow: ['127.0.0.1/32'] });
      ports = channelPorts({ http, clock });
      target = aTarget({ channel: channel.name, address: server.base + subject.pathFor(TOKEN) });
    });
    afterAll(async () => {
      await http.close();
      await server.close();
    });

    const send = (answer: Reply, changes: { notice?: Notice; target?: Partial<Target>; http?: HttpClient } = {}) => {
      reply = answer;
      server.received.length = 0;
      return channel.send(
        changes.notice ?? aNotice(),
        { ...target, ...changes.target },
        { ...ports, http: changes.http ?? ports.http },
      );
    };

    it('delivers one POST of JSON', async () => {
      expect((await send(subject.success)).kind).toBe('delivered');
      expect(server.received).toHaveLength(1);
      const [request] = server.received;
      expect(request?.method).toBe('POST');
      expect(request?.headers['content-type']).toContain('application/json');
      expect(() => JSON.parse(request?.body.toString() ?? '')).not.toThrow();
    });

    it('uses the delivery id as the idempotency key on every attempt', async () => {
      for (const answer of ['reset', subject.success] as const) {
        await send(answer, { notice: aNotice({ id: 'dlv_again' }) });
        expect(server.received.map(subject.idempotencyKeyOf)).toEqual(['dlv_again']);
      }
    });

    it.each(replies)('takes $what for $kind', async (row) => {
      const outcome = await send(replyOf(row));
      expect(outcome).toMatchObject(expectedOf(row));
      if (outcome.kind !== 'delivered') {
        expect(outcome.fix.en).toMatch(/[a-z]{3}/);
        expect(outcome.fix.zh).toMatch(/\p{Script=Han}{2}/u);
      }
    });

    it('never follows a redirect', async () => {
      await send({ status: 307, headers: { location: `${server.base}/elsewhere` } });
      expect(server.received).toHaveLength(1);
    });

    it('says ambiguous when the connection is cut after sending', async () => {
      const outcome = failedOf(await send('reset'));
      expect(outcome).toMatchObject({ kind: 'ambiguous', cause: 'network' });
    });

    it('says ambiguous when no answer comes in time, and waits no longer than it promises', async () => {
      const asked: number[] = [];
      const impatient: HttpClient = {
        send: (request: HttpRequest) => {
          asked.push(request.timeoutMs);
          return http.send({ ...request, timeoutMs: 60 });
        },
      };
      expect((await send('hang', { http: impatient })).kind).toBe('ambiguous');
      expect(asked).toEqual([channel.timeoutMs]);
      expect(channel.quotaOf?.(target)?.maxSendMs ?? channel.timeoutMs).toBe(channel.timeoutMs);
    });

    it('says retry when nothing listens', async () => {
      const closed = await startServer(() => ({}));
      await closed.close();
      const outcome = await send(subject.success, { target: { address: closed.base + subject.pathFor(TOKEN) } });
      expect(outcome).toMatchObject({ kind: 'retry', code: 'ECONNREFUSED' });
      expect(server.received).toHaveLength(0);
    });

    it('refuses a private address without sending', async () => {
      const strict = createHttpClient({ allow: [] });
      const outcome = await send(subject.success, { http: strict });
      await strict.close();
      expect(outcome).toMatchObject({ kind: 'refused', code: 'ESSRF', cause: 'url', endpointDead: false });
      expect(server.received).toHaveLength(0);
    });

    it('refuses an address that is no http URL', async () => {
      for (const url of ['', 'not a url', 'ftp://files.example.com/x']) {
        expect(await send(subject.success, { target: { address: url } })).toMatchObject({
          kind: 'refused',
          cause: 'url',
        });
      }
    });

    it('keeps garbage and long answers short and on one line', async () => {
      const outcome = failedOf(await send({ status: 500, body: `line\n\u0007${'汉'.repeat(40_000)}` }));
      expect([...outcome.text].length).toBeLessThanOrEqual(300);
      for (const char of ['\n', '\u0007']) expect(outcome.text).not.toContain(char);
    });

    it('lets no token, signature, URL or address into an explanation', async () => {
      const token = fc.stringMatching(/^[A-Za-z0-9]{16,64}$/);
      const secret = fc.stringMatching(/^SEC[a-f0-9]{32,64}$/);
      await fc.assert(
        fc.asyncProperty(token, secret, fc.ipV4(), async (token, secret, ip) => {
          const url = server.base + subject.pathFor(token);
          const words = `${url} and ${token} or ${encodeURIComponent(token)}, key ${secret}; from ip: ${ip} (${ip}) 2001:db8::${token.length}`;
          const answers: Reply[] = [
            { status: 500, body: words },
            { status: 200, body: JSON.stringify({ errcode: 310000, errmsg: words }) },
            { status: 403, body: JSON.stringify({ errcode: token, errmsg: words }) },
          ];
          for (const answer of answers) {
            const outcome = await send(answer, { target: { address: url, secret } });
            const shown = JSON.stringify(outcome);
            for (const hidden of [token, secret, ip, '2001:db8', '://', 'from ip']) expect(shown).not.toContain(hidden);
          }
        }),
        { numRuns: 40 },
      );
    });

    it('sends every message within the byte limit, with whole code points', async () => {
      const text = fc.string({
        unit: fc.constantFrom('汉', '🚨', '"', '\\', 'a', '\ud800', '\n', '*', '👨‍👩‍👧'),
        maxLength: 9_000,
      });
      await fc.assert(
        fc.asyncProperty(text, fc.constantFrom('zh' as const, 'en' as const), async (text, language) => {
          const event = anEvent({
            name: text,
            title: { zh: text, en: text },
            status: text,
            resource: { id: text, type: text, name: text, arn: text },
            region: text,
            account: text,
            content: { [text]: text, note: text },
          });
          const notice = aNotice({ digest: digestOfEvent(event), language });
          expect((await send(subject.success, { notice })).kind).toBe('delivered');
          const body = server.received[0]?.body ?? Buffer.alloc(0);
          const { maxBodyBytes = Number.POSITIVE_INFINITY } = subject;
          expect(body.length).toBeLessThanOrEqual(maxBodyBytes);
          if (subject.maxBodyBytes) expect(body.toString('utf8')).not.toMatch(/\\ud[89a-f]/i);
          expect(() => JSON.parse(body.toString('utf8'))).not.toThrow();
        }),
        { numRuns: 30 },
      );
    });

    it('tells the exact total of a merged message', async () => {
      await send(subject.success, { notice: aMergedNotice(44) });
      expect(server.received[0]?.body.toString()).toContain('44');
    });
  });
};
