/** A queue is named by its consumer: `events` feeds match, `notifications` feeds fanout, `deliver-<channel>` feeds that channel, `notify-message` the component. */
export type QueueName = 'events' | 'notifications' | 'notify-message' | `deliver-${string}`;

/** One message to send; JSON text of at most 47 KB, so that it fits an SMQ message after base64. */
export interface OutgoingMessage {
  queue: QueueName;
  body: string;
  /** Hidden for that long; at most 7 days (limit of SMQ). */
  delayMs?: number;
}

/** One message handed to a consumer. */
export interface ReceivedMessage {
  id: string;
  body: string;
  /** 1 on the first hand-over; durable before the consumer sees the message. */
  attempt: number;
  /** Needed to acknowledge or release; stale once the message became visible again. */
  receipt: string;
}

/** A message that was given up, with the reason. */
export interface DeadMessage {
  id: string;
  body: string;
  reason: string;
}

/** What to receive: at most `max` messages, hidden from others for `visibilityMs` unless acknowledged. */
export interface ReceiveRequest {
  queue: QueueName;
  max: number;
  visibilityMs: number;
}

/** Durable, at least once, roughly in order; a message is gone only when acknowledged or dead-lettered. */
export interface MessageQueue {
  /** Resolves when the messages are durable. */
  send(messages: readonly OutgoingMessage[]): Promise<void>;
  receive(request: ReceiveRequest): Promise<ReceivedMessage[]>;
  acknowledge(queue: QueueName, receipts: readonly string[]): Promise<void>;
  /** Makes the message visible again after the delay. */
  release(queue: QueueName, receipt: string, delayMs: number): Promise<void>;
  /** Moves the message to the dead letters of its queue. */
  bury(queue: QueueName, receipt: string, reason: string): Promise<void>;
  deadLetters(queue: QueueName, limit: number): Promise<DeadMessage[]>;
}

/** The sending half, which is all that a stage may use. */
export type MessageSender = Pick<MessageQueue, 'send'>;
