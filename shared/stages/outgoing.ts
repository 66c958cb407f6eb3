import { CarriedBrief } from '../domain/carried-brief.ts';
import type { ProbeMessage } from '../domain/deliver-message.ts';
import type { Delivery } from '../domain/delivery.ts';
import { digestOfBrief } from '../domain/digest.ts';
import { groupBy } from '../domain/group-by.ts';
import { MAX_MESSAGE_BYTES } from '../domain/message-size.ts';
import type { FallbackMessage, FlushMessage } from '../domain/messages.ts';
import type { OutgoingMessage } from '../ports/queue.ts';

/** So many deliveries at most travel in one message, so that a slow provider delays few others. */
const MAX_DELIVERIES = 32;

const FRAME_BYTES = 100;

/** The longest delay of a queue. Source: SMQ, DelaySeconds at most 604800. */
const MAX_DELAY_MS = 604_800_000;

/** A delivery that tells one event, with the brief as it was carried here: whoever only passes it on need not look into it. */
type OneEvent = Omit<Delivery, 'digest'> & { brief: CarriedBrief };

/** A delivery on its way to the queue of its channel. */
export type Departure = Delivery | OneEvent;

/** The only brief that it tells, if it is told by that alone. */
const onlyBrief = (departure: Departure): CarriedBrief | undefined => {
  if ('brief' in departure) return departure.brief;
  const { total, quiet, top } = departure.digest;
  return total === 1 && quiet === undefined && top[0] !== undefined ? CarriedBrief.of(top[0]) : undefined;
};

const withDigest = (departure: Departure): Delivery => {
  if (!('brief' in departure)) return departure;
  const { brief, ...delivery } = departure;
  return { ...delivery, digest: digestOfBrief(brief.brief) };
};

/** The delivery with the place of its brief instead of its digest; every member by name, as in `refOf`. */
const naming = (delivery: Departure, b: number): object => {
  const { id, target, channel, rule, language, lane, carries, fallback, insteadOf, late, ack } = delivery;
  return { id, target, channel, rule, language, lane, carries, fallback, insteadOf, late, ack, b };
};

/** One message being filled; a brief that several deliveries tell is in it once. */
class Pack {
  readonly #channel: string;
  readonly #places = new Map<string, number>();
  readonly #briefs: string[] = [];
  readonly #deliveries: string[] = [];
  #bytes = FRAME_BYTES;

  constructor(channel: string) {
    this.#channel = channel;
  }

  /** False when there is no room; an empty pack takes everything. */
  add(delivery: Departure): boolean {
    const brief = onlyBrief(delivery);
    if (brief === undefined) return this.#take(JSON.stringify(delivery));
    const known = this.#places.get(brief.id);
    if (known !== undefined) return this.#take(JSON.stringify(naming(delivery, known)));
    const b = this.#briefs.length;
    const text = JSON.stringify(brief.wire);
    if (!this.#take(JSON.stringify(naming(delivery, b)), Buffer.byteLength(text) + 1)) return false;
    this.#briefs.push(text);
    this.#places.set(brief.id, b);
    return true;
  }

  message(): OutgoingMessage {
    const briefs = this.#briefs.length === 0 ? '' : `"briefs":[${this.#briefs.join(',')}],`;
    const body = `{"kind":"deliver","attempt":0,${briefs}"deliveries":[${this.#deliveries.join(',')}]}`;
    return { queue: `deliver-${this.#channel}`, body };
  }

  #take(text: string, more = 0): boolean {
    const bytes = Buffer.byteLength(text) + 1 + more;
    const isFull = this.#deliveries.length === MAX_DELIVERIES || this.#bytes + bytes > MAX_MESSAGE_BYTES;
    if (isFull && this.#deliveries.length > 0) return false;
    this.#deliveries.push(text);
    this.#bytes += bytes;
    return true;
  }
}

const packChannel = (channel: string, deliveries: readonly Departure[]): OutgoingMessage[] => {
  let pack = new Pack(channel);
  const packs = [pack];
  for (const delivery of deliveries) {
    if (pack.add(delivery)) continue;
    pack = new Pack(channel);
    pack.add(delivery);
    packs.push(pack);
  }
  return packs.map((one) => one.message());
};

/** Few messages that carry these deliveries to the queues of their channels. */
export const packDeliveries = (deliveries: readonly Departure[]): OutgoingMessage[] => {
  const byChannel = groupBy(deliveries, (delivery) => delivery.channel);
  return [...byChannel].flatMap(([channel, group]) => packChannel(channel, group));
};

/** The same delivery again after a while. */
export const deliverAgain = (delivery: Delivery, delayMs: number): OutgoingMessage => {
  const pack = new Pack(delivery.channel);
  pack.add(delivery);
  return { ...pack.message(), delayMs: Math.max(0, Math.ceil(delayMs)) };
};

/** Tells fanout after a while that a window is due. */
export const flushLater = (lane: { key: string; window: number }, delayMs: number): OutgoingMessage => {
  const message: FlushMessage = { kind: 'flush', key: lane.key, window: lane.window, attempt: 0 };
  return { queue: 'notifications', body: JSON.stringify(message), delayMs: inTime(delayMs) };
};

/** A delay as a queue takes it: whole milliseconds, at most its longest. */
export const inTime = (delayMs: number): number => Math.min(MAX_DELAY_MS, Math.max(0, Math.ceil(delayMs)));

/** Tells fanout at that instant that a delivery with a fallback should have been told by now. */
export const fallbackAt = (delivery: Delivery, at: { dueMs: number; nowMs: number }): OutgoingMessage => {
  const message: FallbackMessage = { kind: 'fallback', attempt: 0, dueMs: at.dueMs, delivery };
  return { queue: 'notifications', body: JSON.stringify(message), delayMs: inTime(at.dueMs - at.nowMs) };
};

/** The timers of those of these deliveries that go on to another channel when they are late; nothing for the others. */
export const fallbackTimers = (deliveries: readonly Departure[], nowMs: number): OutgoingMessage[] =>
  deliveries.flatMap((delivery) =>
    delivery.fallback === undefined
      ? []
      : [fallbackAt(withDigest(delivery), { dueMs: nowMs + delivery.fallback.afterMs, nowMs })],
  );

/** Asks the delivery function of a channel to look at an endpoint that is switched off. */
export const probeNow = (channel: string, key: string): OutgoingMessage => {
  const message: ProbeMessage = { kind: 'probe', key, attempt: 0 };
  return { queue: `deliver-${channel}`, body: JSON.stringify(message) };
};
