import type { Delivery } from '../domain/delivery.ts';
import { groupBy } from '../domain/group-by.ts';
import { deliveryText, type FlushMessage, MAX_MESSAGE_BYTES } from '../domain/messages.ts';
import type { OutgoingMessage } from '../ports/queue.ts';

/** So many deliveries at most travel in one message, so that a slow provider delays few others. */
const MAX_DELIVERIES = 32;

const messageOf = (channel: string, parts: readonly string[]): OutgoingMessage => ({
  queue: `deliver-${channel}`,
  body: `{"kind":"deliver","attempt":0,"deliveries":[${parts.join(',')}]}`,
});

const packChannel = (channel: string, deliveries: readonly Delivery[]): OutgoingMessage[] => {
  const messages: OutgoingMessage[] = [];
  let parts: string[] = [];
  let bytes = 0;
  for (const delivery of deliveries) {
    const part = deliveryText(delivery);
    const size = Buffer.byteLength(part) + 1;
    if (parts.length > 0 && (bytes + size > MAX_MESSAGE_BYTES - 100 || parts.length === MAX_DELIVERIES)) {
      messages.push(messageOf(channel, parts));
      parts = [];
      bytes = 0;
    }
    parts.push(part);
    bytes += size;
  }
  if (parts.length > 0) messages.push(messageOf(channel, parts));
  return messages;
};

/** Few messages that carry these deliveries to the queues of their channels. */
export const packDeliveries = (deliveries: readonly Delivery[]): OutgoingMessage[] => {
  const byChannel = groupBy(deliveries, (delivery) => delivery.channel);
  return [...byChannel].flatMap(([channel, group]) => packChannel(channel, group));
};

/** The same delivery again after a while. */
export const deliverAgain = (delivery: Delivery, delayMs: number): OutgoingMessage => {
  return {
    ...messageOf(delivery.channel, [deliveryText(delivery)]),
    delayMs: Math.max(0, Math.ceil(delayMs)),
  };
};

/** Tells fanout after a while that a window is due. */
export const flushLater = (lane: { key: string; window: number }, delayMs: number): OutgoingMessage => {
  const message: FlushMessage = { kind: 'flush', key: lane.key, window: lane.window, attempt: 0 };
  return { queue: 'notifications', body: JSON.stringify(message), delayMs: Math.max(0, Math.ceil(delayMs)) };
};
