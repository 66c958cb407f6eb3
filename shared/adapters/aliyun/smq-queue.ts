import type {
  DeadMessage,
  MessageQueue,
  OutgoingMessage,
  QueueName,
  ReceivedMessage,
  ReceiveRequest,
} from '../../ports/queue.ts';
import { StoreUnavailableError } from '../../ports/table-store.ts';
import { assertSendable } from '../local/message-limits.ts';
import { storableWords } from '../local/storable-text.ts';
import { SmqClient, SmqError, type SmqOptions } from './smq-client.ts';
import { deleteXml, elementsOf, type SmqMessage, sendXml, textIn } from './smq-xml.ts';

/** Limits of BatchSendMessage and BatchReceiveMessage: help.aliyun.com SMQ "Limits". */
const MAX_BATCH = 16;
const MAX_BATCH_BYTES = 65_536;
/** What a message has beside its body, in the request. */
const FRAME_BYTES = 100;
/** A message can be hidden for whole seconds, from one on. */
const MIN_HIDDEN_SECONDS = 1;
const SEND_TRIES = 3;
/** Bodies of so many messages are kept, so that one that is given up can be moved. */
const KEPT_BODIES = 1_024;
const MAX_REASON_CHARS = 400;
const NO_MESSAGE = 'MessageNotExist';
/** A receipt that went stale, or never was one. */
const STALE = [
  'ReceiptHandleError',
  'InvalidReceiptHandle',
  NO_MESSAGE,
  'InvalidArgument',
  'MessageReceiptHandleError',
];

/** How the queues of this deployment are reached and called. */
export interface SmqQueueOptions extends SmqOptions {
  /** Name of a queue at the service, such as `fenghuo-prod-events`. */
  nameOf(queue: QueueName): string;
  /** Name of the queue at the service that keeps what was given up; one for all of them, because each queue costs money every day. */
  deadName: string;
  /** How long the queues hide a message that was handed over. */
  visibilityMs: number;
}

const toSeconds = (ms: number): number => Math.ceil(ms / 1_000);

const toMessage = ({ body, delayMs = 0 }: OutgoingMessage): SmqMessage => ({
  base64: Buffer.from(body).toString('base64'),
  delaySeconds: toSeconds(delayMs),
});

const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString('utf8');

/** As few calls as the limits allow; a message goes with the ones before it while there is room. */
const batchesOf = (messages: readonly SmqMessage[]): SmqMessage[][] => {
  const batches: SmqMessage[][] = [];
  let room = 0;
  for (const message of messages) {
    const bytes = message.base64.length + FRAME_BYTES;
    const last = batches.at(-1);
    if (last === undefined || last.length === MAX_BATCH || bytes > room) {
      batches.push([message]);
      room = MAX_BATCH_BYTES - bytes;
    } else {
      last.push(message);
      room -= bytes;
    }
  }
  return batches;
};

const partsOf = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));

const byQueue = (messages: readonly OutgoingMessage[]): Map<QueueName, SmqMessage[]> => {
  const groups = new Map<QueueName, SmqMessage[]>();
  for (const message of messages) {
    const known = groups.get(message.queue);
    if (known === undefined) groups.set(message.queue, [toMessage(message)]);
    else known.push(toMessage(message));
  }
  return groups;
};

const receivedIn = (xml: string): ReceivedMessage[] =>
  elementsOf(xml, 'Message').map((one) => ({
    id: textIn(one, 'MessageId') ?? '',
    body: fromBase64(textIn(one, 'MessageBody') ?? ''),
    attempt: Number(textIn(one, 'DequeueCount') ?? 1),
    receipt: textIn(one, 'ReceiptHandle') ?? '',
  }));

/** A dead letter is one line of JSON about it, and then the body as it was. */
const deadBody = (queue: QueueName, { id, body }: ReceivedMessage, reason: string): string =>
  `${JSON.stringify({ queue, id, reason: storableWords(reason).slice(0, MAX_REASON_CHARS) })}\n${body}`;

const headOf = (line: string): Record<string, unknown> => {
  try {
    const head: unknown = JSON.parse(line);
    return typeof head === 'object' && head !== null ? { ...head } : {};
  } catch {
    return {};
  }
};

/** A dead letter of this queue. What a trigger has put there itself does not say whose it was, and belongs to none. */
const deadFrom = (text: string, queue: QueueName): DeadMessage[] => {
  const end = text.indexOf('\n');
  const { queue: owner, id, reason } = headOf(text.slice(0, Math.max(0, end)));
  if (owner !== queue || typeof id !== 'string' || typeof reason !== 'string') return [];
  return [{ id, reason, body: text.slice(end + 1) }];
};

/**
 * The queues of SMQ. Delays and hiding times are whole seconds there and are rounded up; a message that is released becomes visible
 * after one second at the earliest. Sends may be repeated after an answer that was lost: at least once, as the port says. A dead
 * letter can only be made of a message that this instance received.
 */
export class SmqQueue implements MessageQueue {
  readonly #options: SmqQueueOptions;
  readonly #client: SmqClient;
  readonly #received = new Map<string, ReceivedMessage>();

  constructor(options: SmqQueueOptions) {
    this.#options = options;
    this.#client = new SmqClient(options);
  }

  /** Calls of the service so far. */
  get calls(): number {
    return this.#client.calls;
  }

  async send(messages: readonly OutgoingMessage[]): Promise<void> {
    assertSendable(messages);
    for (const [queue, group] of byQueue(messages))
      for (const batch of batchesOf(group)) await this.#sendBatch(this.#options.nameOf(queue), batch);
  }

  async receive({ queue, max, visibilityMs }: ReceiveRequest): Promise<ReceivedMessage[]> {
    const received: ReceivedMessage[] = [];
    while (received.length < max) {
      const asked = Math.min(MAX_BATCH, max - received.length);
      const some = await this.#receiveSome(queue, asked);
      received.push(...some);
      if (some.length < asked) break;
    }
    const hidden = await this.#hideFor(queue, received, visibilityMs);
    for (const message of hidden) this.#keep(message);
    return hidden;
  }

  async acknowledge(queue: QueueName, receipts: readonly string[]): Promise<void> {
    const named = [...new Set(receipts)].filter((receipt) => receipt !== '');
    for (const part of partsOf(named, MAX_BATCH)) await this.#delete(queue, part);
  }

  async release(queue: QueueName, receipt: string, delayMs: number): Promise<void> {
    await this.#hide(queue, receipt, delayMs);
  }

  async bury(queue: QueueName, receipt: string, reason: string): Promise<void> {
    const message = this.#received.get(receipt);
    // Only a receipt that still holds may move a message: somebody else may be at work on it by now.
    const held = message === undefined ? undefined : await this.#hide(queue, receipt, this.#options.visibilityMs);
    if (message === undefined || held === undefined) return;
    const body = Buffer.from(deadBody(queue, message, reason)).toString('base64');
    await this.#sendBatch(this.#options.deadName, [{ base64: body, delaySeconds: 0 }]);
    await this.#delete(queue, [held]);
  }

  /** Those of this queue among the first 16 of all queues, because the service shows no more without taking them. */
  async deadLetters(queue: QueueName, limit: number): Promise<DeadMessage[]> {
    if (limit <= 0) return [];
    const query = { peekonly: 'true', numOfMessages: String(MAX_BATCH) };
    const call = { method: 'GET' as const, queue: this.#options.deadName, query };
    const { xml } = await this.#client.call(call, [NO_MESSAGE]);
    const texts = elementsOf(xml, 'Message').map((one) => fromBase64(textIn(one, 'MessageBody') ?? ''));
    return texts.flatMap((text) => deadFrom(text, queue)).slice(0, limit);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** Some of a batch may be taken and others not: what was not goes again. */
  async #sendBatch(name: string, batch: readonly SmqMessage[]): Promise<void> {
    let left = batch;
    for (let tries = 0; tries < SEND_TRIES && left.length > 0; tries += 1) left = await this.#sendOnce(name, left);
    if (left.length > 0) throw new StoreUnavailableError(`queue ${name} did not take ${left.length} messages`);
  }

  async #sendOnce(name: string, batch: readonly SmqMessage[]): Promise<SmqMessage[]> {
    const call = { method: 'POST' as const, queue: name, body: sendXml(batch) };
    const { xml } = await this.#client.call(call);
    const answers = elementsOf(xml, 'Message');
    if (answers.length !== batch.length)
      throw new StoreUnavailableError(`queue ${name} confirmed ${answers.length} of ${batch.length} messages`);
    return batch.filter((_, at) => textIn(answers[at] ?? '', 'MessageId') === undefined);
  }

  async #receiveSome(queue: QueueName, max: number): Promise<ReceivedMessage[]> {
    const query = { numOfMessages: String(max), waitseconds: '0' };
    const call = { method: 'GET' as const, queue: this.#options.nameOf(queue), query };
    const { xml } = await this.#client.call(call, [NO_MESSAGE]);
    return receivedIn(xml);
  }

  async #hideFor(queue: QueueName, received: ReceivedMessage[], visibilityMs: number): Promise<ReceivedMessage[]> {
    if (toSeconds(visibilityMs) === toSeconds(this.#options.visibilityMs)) return received;
    const hidden = await Promise.all(
      received.map(async (message) => ({ message, receipt: await this.#hide(queue, message.receipt, visibilityMs) })),
    );
    return hidden.flatMap(({ message, receipt }) => (receipt === undefined ? [] : [{ ...message, receipt }]));
  }

  /** Hides a message for that long from now; its new receipt, or undefined when the old one does not hold. */
  async #hide(queue: QueueName, receipt: string, hiddenMs: number): Promise<string | undefined> {
    const visibilityTimeout = String(Math.max(MIN_HIDDEN_SECONDS, toSeconds(hiddenMs)));
    const query = { receiptHandle: receipt, visibilityTimeout };
    const call = { method: 'PUT' as const, queue: this.#options.nameOf(queue), query };
    const { xml } = await this.#client.call(call, STALE);
    return textIn(xml, 'ReceiptHandle');
  }

  /** Receipts that do not hold are passed over; what else is refused is told. */
  async #delete(queue: QueueName, receipts: readonly string[]): Promise<void> {
    const name = this.#options.nameOf(queue);
    const call = { method: 'DELETE' as const, queue: name, body: deleteXml(receipts) };
    const { xml } = await this.#client.call(call, STALE);
    for (const receipt of receipts) this.#received.delete(receipt);
    const codes = elementsOf(xml, 'ErrorCode').filter((code) => !STALE.includes(code));
    const [code] = codes;
    if (code === undefined) return;
    const cause = new SmqError({ code, status: 404, message: `queue ${name}: ${code}` });
    throw new StoreUnavailableError(`queue ${name} did not remove ${codes.length} messages`, { cause });
  }

  #keep(message: ReceivedMessage): void {
    this.#received.set(message.receipt, message);
    const [oldest] = this.#received.keys();
    if (this.#received.size > KEPT_BODIES && oldest !== undefined) this.#received.delete(oldest);
  }
}
