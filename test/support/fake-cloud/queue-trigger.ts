import { setTimeout as wait } from 'node:timers/promises';
import { SmqClient } from '../../../shared/adapters/aliyun/smq-client.ts';
import { deleteXml, elementsOf, sendXml, textIn } from '../../../shared/adapters/aliyun/smq-xml.ts';
import type { CloudClock } from './cloud-clock.ts';
import type { FunctionPool } from './function-pool.ts';
import type { Trigger } from './function-spec.ts';
import { queueEvent, type Received } from './queue-event.ts';
import type { RoleCredentials } from './role-keys.ts';

/** How a queue trigger works in one fake cloud. */
export interface QueueTriggerWorld {
  endpoint: string;
  clock: CloudClock;
  credentials(): RoleCredentials;
  region: string;
  accountId: string;
  random: () => number;
  /** Batches under way at once. */
  pullers: number;
  /** Waits between two tries of a batch are that much shorter than in life. */
  timeFactor: number;
  /** A batch goes to the dead letters after so many tries more. */
  maxRetries: number;
  /** From 0 to 1: how often a batch is handed over twice. */
  duplicateChance: number;
}

/** What a trigger did. */
export interface TriggerCounts {
  batches: number;
  messages: number;
  retries: number;
  duplicates: number;
  dead: number;
}

type QueueSource = Extract<Trigger, { kind: 'queue' }>;

const MAX_RECEIVED = 16;
const POLL_SECONDS = 30;
const MAX_WAIT_SECONDS = 512;
const NO_MESSAGE = 'MessageNotExist';
const AFTER_FAILURE_MS = 50;
/** A long poll waits for whole seconds; what is left of a window after it is no reason for another. */
const WINDOW_SLACK_MS = 100;

const receivedIn = (xml: string): Received[] =>
  elementsOf(xml, 'Message').map((one) => ({
    id: textIn(one, 'MessageId') ?? '',
    base64: textIn(one, 'MessageBody') ?? '',
    receipt: textIn(one, 'ReceiptHandle') ?? '',
  }));

/**
 * A queue trigger as EventBridge's event streaming does it: receives up to 16 messages a request, gathers more for its window if it has one,
 * calls the function and waits for it, and deletes them when it succeeded; else tries again at doubling distances and at last moves them to the dead
 * letters. At least once: some batches come twice. All its requests go to the server of SMQ, where they are counted as billed.
 */
export class QueueTrigger {
  readonly counts: TriggerCounts = { batches: 0, messages: 0, retries: 0, duplicates: 0, dead: 0 };
  readonly #source: QueueSource;
  readonly #world: QueueTriggerWorld;
  readonly #pool: () => FunctionPool;
  readonly #client: SmqClient;
  #inHand = 0;
  #stopped = false;

  constructor(source: QueueSource, world: QueueTriggerWorld, pool: () => FunctionPool) {
    this.#source = source;
    this.#world = world;
    this.#pool = pool;
    this.#client = new SmqClient({
      endpoint: world.endpoint,
      credentials: async () => world.credentials(),
      clock: world.clock,
      sleep: async (ms) => void (await wait(ms * world.timeFactor)),
      random: world.random,
      timeoutMs: (POLL_SECONDS + 5) * 1_000,
    });
    for (let at = 0; at < world.pullers; at += 1) void this.#pull();
  }

  /** Batches that were received and are not settled. */
  get inHand(): number {
    return this.#inHand;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#client.close();
  }

  async #pull(): Promise<void> {
    while (!this.#stopped) {
      try {
        const first = await this.#receive(Math.min(MAX_RECEIVED, this.#source.count), POLL_SECONDS);
        if (first.length > 0) await this.#settle(first);
      } catch {
        // The service tries again, whatever it was.
        await wait(AFTER_FAILURE_MS);
      }
    }
  }

  /** What comes within the window after the first messages, as far as there is room: one long poll when nothing comes. */
  async #gather(first: readonly Received[]): Promise<Received[]> {
    const { count, windowMs } = this.#source;
    const batch = [...first];
    const untilMs = performance.now() + windowMs;
    for (
      let leftMs = windowMs;
      batch.length < count && leftMs > WINDOW_SLACK_MS;
      leftMs = untilMs - performance.now()
    ) {
      const more = Math.min(MAX_RECEIVED, count - batch.length);
      batch.push(...(await this.#receive(more, Math.ceil(leftMs / 1_000))));
    }
    return batch;
  }

  async #receive(max: number, waitSeconds: number): Promise<Received[]> {
    const query = { numOfMessages: String(max), waitseconds: String(waitSeconds) };
    const { xml } = await this.#client.call({ method: 'GET', queue: this.#source.queue, query }, [NO_MESSAGE]);
    return receivedIn(xml);
  }

  async #settle(first: readonly Received[]): Promise<void> {
    this.#inHand += 1;
    try {
      const batch = await this.#gather(first);
      this.counts.batches += 1;
      this.counts.messages += batch.length;
      if (!(await this.#push(batch))) await this.#bury(batch);
      if (!this.#stopped) await this.#delete(batch);
    } finally {
      this.#inHand -= 1;
    }
  }

  /** Whether the function took the batch before the tries were over. */
  async #push(batch: readonly Received[]): Promise<boolean> {
    const { maxRetries, timeFactor, random, duplicateChance } = this.#world;
    for (let tries = 0; tries <= maxRetries && !this.#stopped; tries += 1) {
      const isTwice = random() < duplicateChance;
      if (isTwice) this.counts.duplicates += 1;
      const calls = [this.#invoke(batch), ...(isTwice ? [this.#invoke(batch)] : [])];
      const outcomes = await Promise.all(calls);
      if (outcomes.some(({ ok }) => ok)) return true;
      this.counts.retries += 1;
      await wait(Math.min(MAX_WAIT_SECONDS, 2 ** tries) * 1_000 * timeFactor);
    }
    return false;
  }

  #invoke(batch: readonly Received[]) {
    const { clock, ...rest } = this.#world;
    return this.#pool().invoke(queueEvent(batch, { ...rest, queue: this.#source.queue, nowMs: clock.nowMs() }));
  }

  async #bury(batch: readonly Received[]): Promise<void> {
    const { deadQueue } = this.#source;
    this.counts.dead += batch.length;
    if (deadQueue === undefined) return;
    const body = sendXml(batch.map(({ base64 }) => ({ base64, delaySeconds: 0 })));
    await this.#client.call({ method: 'POST', queue: deadQueue, body });
  }

  async #delete(batch: readonly Received[]): Promise<void> {
    for (let at = 0; at < batch.length; at += MAX_RECEIVED) {
      const receipts = batch.slice(at, at + MAX_RECEIVED).map(({ receipt }) => receipt);
      const call = { method: 'DELETE' as const, queue: this.#source.queue, body: deleteXml(receipts) };
      await this.#client.call(call, ['ReceiptHandleError', NO_MESSAGE]);
    }
  }
}
