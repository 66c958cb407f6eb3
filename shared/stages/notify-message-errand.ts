import type { Channel, ChannelPorts, Notice } from '../channels/channel.ts';
import type { Attempt, Cause, Delivery, DeliveryState, Language } from '../domain/delivery.ts';
import { digestOfBrief } from '../domain/digest.ts';
import type { Bilingual } from '../domain/event.ts';
import { idOf } from '../domain/ids.ts';
import type { NotifyErrand } from '../domain/notify-message.ts';
import type { Outcome } from '../domain/outcome.ts';

/** Who asked for messages, and until when they may be sent. */
export interface NotifyOrder {
  /** The same for every repetition of the same call. */
  requestId: string;
  /** What the receipts name as the rule, such as `action:notifyByCustom`. */
  rule: string;
  /** When the call was first made, in epoch milliseconds. */
  startedAtMs: number;
  /** No attempt begins after that instant. */
  deadlineMs: number;
}

/** What sending needs. */
export interface NotifySendPorts extends ChannelPorts {
  channels: readonly Channel[];
  /** Waits for a slot that comes free soon; absent where nobody may wait. */
  pause?: (ms: number) => Promise<void>;
}

/** How one message ended. `unknown`: the attempt had no clear answer, and it may have arrived. */
export interface ErrandResult {
  channel: string;
  receiver: string;
  /** Id of the delivery; absent when no attempt was prepared. */
  delivery?: string;
  status: 'delivered' | 'refused' | 'unknown';
  code: string;
  cause?: Cause;
  fix?: Bilingual;
  remark?: Bilingual;
  latencyMs: number;
}

const TITLE_CHARS = 120;

/** The event that stands for a worded message where only events are counted and listed. */
const digestOf = (order: NotifyOrder, { target, worded }: NotifyErrand) => {
  const title = worded.title
    .replace(/\s+/g, ' ')
    .slice(0, TITLE_CHARS)
    .replace(/\p{Cs}$/u, '');
  return digestOfBrief({
    id: idOf('act', order.startedAtMs, [order.requestId, target.key]),
    product: 'sas',
    type: 'NotifyMessage',
    name: order.rule,
    status: '',
    level: 'info',
    vendorLevel: '',
    resource: { id: '', type: '', name: '', arn: '' },
    region: '',
    account: '',
    atMs: order.startedAtMs,
    title: { zh: title, en: title },
    details: [],
  });
};

/** The delivery that tells this message; its id is the same for every repetition of the call. */
export const deliveryOf = (order: NotifyOrder, errand: NotifyErrand): Delivery => ({
  id: idOf('dlv', order.startedAtMs, [order.requestId, errand.target.key]),
  target: errand.target.key,
  channel: errand.target.channel,
  rule: order.rule,
  language: errand.target.language,
  digest: digestOf(order, errand),
});

/** What the channel is given. */
export const noticeOf = (delivery: Delivery, { worded }: NotifyErrand, language: Language): Notice => ({
  id: delivery.id,
  digest: delivery.digest,
  language,
  worded,
});

const STATUS: Readonly<Record<Outcome['kind'], ErrandResult['status']>> = {
  delivered: 'delivered',
  refused: 'refused',
  throttled: 'refused',
  retry: 'refused',
  ambiguous: 'unknown',
};

/** How an outcome is told. */
export const resultOf = (
  { target, receiver, remark }: NotifyErrand,
  outcome: Outcome,
  more: { delivery?: string; latencyMs: number },
): ErrandResult => ({
  channel: target.channel,
  receiver,
  ...more,
  status: STATUS[outcome.kind],
  code: outcome.code,
  ...(outcome.kind === 'delivered' ? {} : { cause: outcome.cause, fix: outcome.fix }),
  ...(remark === undefined ? {} : { remark }),
});

const ENDING = {
  delivered: { status: 'delivered', reason: 'delivered' },
  refused: { status: 'refused', reason: 'refused' },
  throttled: { status: 'refused', reason: 'target-parked' },
  retry: { status: 'dead', reason: 'dead' },
  ambiguous: { status: 'dead', reason: 'attempt-unknown' },
} as const;

/** The attempt that was under way, ended; a claim that did not come to send leaves none. */
const ended = (
  attempts: readonly Attempt[],
  outcome: Outcome,
  { nowMs, sent }: { nowMs: number; sent: boolean },
): Attempt[] => {
  const last = attempts.at(-1);
  const before = attempts.slice(0, -1);
  if (last === undefined || last.name !== 'attempt-started' || !sent) return sent ? [...attempts] : before;
  const detail = outcome.kind === 'delivered' ? {} : { detail: outcome.text };
  const { reason: name } = ENDING[outcome.kind];
  return [
    ...before,
    { n: last.n, startedAtMs: last.startedAtMs, endedAtMs: nowMs, name, code: outcome.code, ...detail },
  ];
};

/** The state of a delivery after its only attempt, or without one when nothing could be `sent`. */
export const stateAfter = (
  state: DeliveryState,
  outcome: Outcome,
  at: { nowMs: number; sent: boolean },
): DeliveryState => {
  const attempts = ended(state.attempts, outcome, at);
  const { leaseUntilMs: _, ...rest } = state;
  return {
    ...rest,
    ...ENDING[outcome.kind],
    attempts,
    updatedAtMs: at.nowMs,
    code: outcome.code,
    ...(outcome.kind === 'delivered' ? {} : { cause: outcome.cause, fix: outcome.fix }),
    latencyMs: at.nowMs - (attempts.at(-1)?.startedAtMs ?? at.nowMs),
  };
};
