import { createMemoryPlatform } from '../../../shared/adapters/local/memory-store.ts';
import { inbox } from '../../../shared/channels/inbox/index.ts';
import { MAX_MESSAGE_BYTES } from '../../../shared/channels/inbox/render.ts';
import { inboxMessageSchema } from '../../../shared/domain/inbox.ts';
import { StoreUnavailableError, type TableStore, type WriteOp } from '../../../shared/ports/table-store.ts';
import { aTarget, NOW_MS } from '../../fixtures/providers/notice.ts';
import { channelPorts } from '../../support/channel-ports.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import type { ChannelUnderTest } from '../channel.suite.ts';
import type { Rig, RigAnswer, Seen } from '../channel-rig.ts';

/** Beside a message goes the mark that it is unread, which nobody sees. */
const messageIn = (op: WriteOp): Seen[] => {
  if (op.kind !== 'put' || !op.pk.startsWith('all:')) return [];
  const path = `${op.pk}/${op.sk}`;
  return [{ method: 'PUT', path, query: new URLSearchParams(), headers: {}, body: Buffer.from(op.body) }];
};

/** The store of this system is the provider: it takes a message, fails before it does, or fails when it is done. */
const openInboxRig = async (): Promise<Rig> => {
  let answer: RigAnswer = { body: '' };
  let received: Seen[] = [];
  const { store } = createMemoryPlatform(new FakeClock());
  const failure = (): StoreUnavailableError =>
    new StoreUnavailableError(typeof answer === 'string' ? answer : answer.body);
  const isUp = (): boolean => typeof answer === 'object' && answer.status === undefined;
  const failing: TableStore = {
    ...store,
    write: async (ops) => {
      if (!isUp() && answer !== 'reset') throw failure();
      received.push(...ops.flatMap(messageIn));
      const results = await store.write(ops);
      if (answer === 'reset') throw failure();
      return results;
    },
  };
  return {
    ports: channelPorts({ store: failing, clock: { nowMs: () => NOW_MS } }),
    target: (changes) => aTarget({ channel: 'inbox', address: 'ops-lead', ...changes }),
    planted: ({ token, secret }) => ({
      target: aTarget({ channel: 'inbox', address: 'ops-lead', secret }),
      hidden: [`https://store.example.com/${token}`, secret],
    }),
    answerWith: (next) => {
      answer = next;
      received = [];
    },
    received: () => received,
    askedMs: () => [],
    close: async () => {},
  };
};

const messageOf = ({ body }: Seen) =>
  inboxMessageSchema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)));

const down = (body: string) => ({ status: 503, body });

export const INBOX: ChannelUnderTest = {
  channel: inbox,
  open: openInboxRig,
  success: { body: '' },
  replies: [
    { what: 'a store that is full', kind: 'retry', code: 'store-unavailable', cause: 'other', ...down('full') },
  ],
  unknown: [down('')],
  garbage: down,
  saying: (words) => [down(words)],
  textOf: (seen) => {
    const { title, text, link = '' } = messageOf(seen);
    return [title, text, link].join('\n');
  },
  size: { max: MAX_MESSAGE_BYTES, measure: ({ body }) => body.length },
  idempotencyKeyOf: ({ path }) => path,
  keywords: 'none',
  address: 'none',
  badAddresses: ['', ' '],
  unanswered: 'none',
};
