import type { Clock } from '../../ports/clock.ts';
import type { ReceivedMessage } from '../../ports/queue.ts';
import type { StoreUnavailableError } from '../../ports/table-store.ts';
import type { Consumer, MessageVerdict } from './consumer.ts';
import { type HandOver, Line } from './hand-over.ts';
import type { ArrivedTuple, ClaimedTuple, PushTuple, QueueSnapshot } from './protocol.ts';
import type { QueueIndex } from './queue-index.ts';
import { Room } from './room.ts';
import { Settlements } from './settlements.ts';
import { storableWords } from './storable-text.ts';
import type { Timers } from './timers.ts';
import type { Landing, WorkerClient } from './worker-client.ts';

const CLAIM_RETRY_MS = 1000; // while the store cannot take a claim, asking all the time would only keep it busy

/** A message on its way to the disk, and the call that it is promised to. */
export interface Departure {
  message: PushTuple;
  handOver?: HandOver | undefined;
}

/** What a dispatcher works with. */
export interface DispatcherPorts {
  client: WorkerClient;
  clock: Clock;
  timers: Timers;
}

/** What a dispatcher begins with. */
export interface DispatcherStart {
  /** What waited in the queues when the store was opened. */
  queues: readonly QueueSnapshot[];
  /** Shared with the worker: messages of others that are taken unasked. */
  room?: Int32Array;
}

interface ClaimTimes {
  visibilityMs: number;
  /** When the ids may be claimed again if this fails; 0 for at once. */
  backAtMs: number;
}

const receivedOf = ([id, attempt, body]: ClaimedTuple, index: QueueIndex, visibleAtMs: number): ReceivedMessage => ({
  id: String(id),
  body,
  attempt,
  receipt: index.claim(id, attempt, visibleAtMs),
});

/** Brings messages to consumers: at once while a batch is written, else by claims, and again when time makes them visible. */
export class Dispatcher {
  readonly settlements: Settlements;
  readonly #ports: DispatcherPorts;
  readonly #lines = new Map<string, Line>();
  readonly #room: Room;
  #departing: Departure[] = [];
  #timer: { atMs: number; cancel: () => void } | undefined;

  constructor(ports: DispatcherPorts, { queues, room }: DispatcherStart) {
    this.#ports = ports;
    this.#room = new Room(room);
    this.settlements = new Settlements(ports);
    for (const snapshot of queues) this.line(snapshot.queue).index.restore(snapshot);
    ports.client.carry({ board: () => this.#board(), arrived: (messages) => this.#arrived(messages) });
  }

  /** The state of one queue, with time brought up to now. */
  line(queue: string): Line {
    const line = this.#lines.get(queue) ?? new Line();
    this.#lines.set(queue, line);
    line.index.wake(this.#ports.clock.nowMs());
    return line;
  }

  /** Adds a consumer and gives it what waits. */
  serve(queue: string, consumer: Consumer): void {
    this.line(queue).consumers.push(consumer);
    this.#room.open();
    this.goOn();
  }

  /** Notes messages that leave with the next batch. */
  depart(departures: readonly Departure[]): void {
    for (const departure of departures) this.#departing.push(departure);
  }

  /** Notes that a message is durable. */
  arrive({ message: [id, queue, , dueMs, body], handOver }: Departure): void {
    if (handOver === undefined) {
      this.line(queue).index.add(id, dueMs);
      return;
    }
    const visibleAtMs = this.#ports.clock.nowMs() + handOver.consumer.options.visibilityMs;
    handOver.messages.push(receivedOf([id, 1, body], handOver.line.index, visibleAtMs));
  }

  /** Claims ids that were taken out of the line; rejects, and puts them back at `backAtMs`, when the store cannot. */
  claim(line: Line, ids: number[], { visibilityMs, backAtMs }: ClaimTimes): Promise<ReceivedMessage[]> {
    return new Promise((resolve, reject) => {
      const done = (rows: unknown): void => {
        const visibleAtMs = this.#ports.clock.nowMs() + visibilityMs;
        resolve((rows as ClaimedTuple[]).map((row) => receivedOf(row, line.index, visibleAtMs)));
      };
      const failed = (error: StoreUnavailableError): void => {
        for (const id of ids) line.index.add(id, backAtMs);
        reject(error);
      };
      this.#ports.client.changeThen(['claim', ids], { done, failed });
    });
  }

  /** Gives waiting messages to consumers that have room, and arms the timer for the next message that time makes visible. */
  goOn(): void {
    let nextMs = Number.POSITIVE_INFINITY;
    let isBehind = false;
    let waiting = 0;
    const nowMs = this.#ports.clock.nowMs();
    for (const line of this.#lines.values()) {
      if (line.consumers.length === 0) continue;
      line.index.wake(nowMs);
      this.#serve(line);
      nextMs = Math.min(nextMs, line.index.nextMs);
      const { readyCount } = line.index;
      isBehind ||= line.fed && readyCount > 0;
      waiting += readyCount;
    }
    // behind older messages nobody is taken unasked: the line is first in, first out
    if (!isBehind) this.#room.reopen();
    this.#room.tell(waiting);
    this.#arm(nextMs);
  }

  /** Stops all consumers; resolves when their work is finished and their verdicts are written. */
  async close(): Promise<void> {
    const consumers = [...this.#lines.values()].flatMap((line) => line.consumers);
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    this.#arm(Number.POSITIVE_INFINITY);
    await this.settlements.close();
  }

  #board(): Landing {
    this.settlements.board();
    const handOvers = new Set<HandOver>();
    const unpromised: Line[] = [];
    for (const departure of this.#departing) {
      if (departure.message[3] > 0) continue;
      const line = this.line(departure.message[1]);
      departure.handOver = line.promise(departure.message);
      if (departure.handOver !== undefined) handOvers.add(departure.handOver);
      else unpromised.push(line);
    }
    this.#departing = [];
    for (const line of unpromised) line.unpromised += 1;
    for (const line of this.#lines.values()) line.seal();
    return () => this.#land(handOvers, unpromised);
  }

  #land(handOvers: ReadonlySet<HandOver>, unpromised: readonly Line[]): void {
    for (const line of unpromised) line.unpromised -= 1;
    for (const { line, consumer, messages } of handOvers) this.#start(line, consumer, messages);
    this.goOn();
  }

  /** Messages that another thread sent: those that came with their body are claimed for this one already. */
  #arrived(messages: readonly ArrivedTuple[]): void {
    for (const [id, queue, attempt, dueMs, body] of messages) {
      const line = this.line(queue);
      line.fed = true;
      const [consumer] = line.consumers;
      if (attempt === 0 || consumer === undefined) {
        if (attempt > 0) this.#room.leave(1);
        line.index.add(id, dueMs);
        continue;
      }
      const visibleAtMs = this.#ports.clock.nowMs() + consumer.options.visibilityMs;
      line.hand(receivedOf([id, attempt, body], line.index, visibleAtMs));
    }
    this.goOn();
  }

  #serve(line: Line): void {
    for (let consumer = line.freeConsumer(); consumer !== undefined; consumer = line.freeConsumer()) {
      const handed = line.takeHanded(consumer);
      if (handed.length > 0) {
        consumer.reserve();
        this.#start(line, consumer, handed);
        this.#room.leave(handed.length);
        continue;
      }
      const ids = line.takeIds(consumer);
      if (ids.length === 0) break;
      consumer.reserve();
      void this.#claimFor(line, consumer, ids);
    }
  }

  async #claimFor(line: Line, consumer: Consumer, ids: number[]): Promise<void> {
    const backAtMs = this.#ports.clock.nowMs() + CLAIM_RETRY_MS;
    try {
      const messages = await this.claim(line, ids, { visibilityMs: consumer.options.visibilityMs, backAtMs });
      this.#start(line, consumer, messages);
    } catch {
      consumer.leave(); // the ids are back in the line and are tried again when the timer calls
      this.goOn();
    }
  }

  /** Runs a reserved call; a call that lost its messages, or whose consumer has stopped, only gives its place back. */
  #start(line: Line, consumer: Consumer, messages: ReceivedMessage[]): void {
    if (messages.length > 0 && !consumer.stopped) {
      const settle = (receipt: string, verdict: MessageVerdict): void => this.#settle(line, receipt, verdict);
      void consumer.run(messages, { settle, slow: () => this.goOn() }).then(() => this.goOn());
      return;
    }
    for (const { receipt } of messages) this.#settle(line, receipt, { kind: 'release', delayMs: 0 });
    consumer.leave();
  }

  /** Ends a claim as its consumer decided; what cannot be written now is not lost. */
  #settle(line: Line, receipt: string, verdict: MessageVerdict): void {
    const { index } = line;
    if (verdict.kind === 'release') {
      void this.settle(line, receipt, verdict).catch(() => undefined); // it is back in memory and comes when it is due
      return;
    }
    const id = index.end(receipt);
    if (id === undefined) return;
    if (verdict.kind === 'ack') this.settlements.collect(index, id);
    else this.settlements.buryFor(index, id, this.#burialOf(verdict.reason));
  }

  /**
   * Releases or buries a message; resolves when that is durable. When it is not, a released message comes when it is due
   * all the same, and one to be buried stays claimed. Nothing happens on a stale receipt.
   */
  async settle(line: Line, receipt: string, verdict: Exclude<MessageVerdict, { kind: 'ack' }>): Promise<void> {
    const { index } = line;
    const id = index.end(receipt);
    if (id === undefined) return;
    if (verdict.kind === 'bury') return this.settlements.bury(index, id, this.#burialOf(verdict.reason));
    if (verdict.delayMs > 0) {
      const dueMs = this.#ports.clock.nowMs() + verdict.delayMs;
      return this.settlements.delay([index, id], { dueMs, uncounted: verdict.uncounted ? 1 : 0 });
    }
    index.ended(id); // after a crash it is visible at once anyway: nothing to write
    index.add(id, 0);
  }

  #burialOf(reason: string): { reason: string; atMs: number } {
    return { reason: storableWords(reason), atMs: this.#ports.clock.nowMs() };
  }

  #arm(nextMs: number): void {
    if (this.#timer?.atMs === nextMs) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (nextMs === Number.POSITIVE_INFINITY) return;
    const cancel = this.#ports.timers.schedule(nextMs, () => {
      this.#timer = undefined;
      this.goOn();
    });
    this.#timer = { atMs: nextMs, cancel };
  }
}
