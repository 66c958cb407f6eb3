import * as z from 'zod/mini';
import type { Channel } from '../channels/channel.ts';
import { deliverMessageSchema, probeMessageSchema } from '../domain/deliver-message.ts';
import {
  type EventsMessage,
  escalateMessageSchema,
  fallbackMessageSchema,
  flushMessageSchema,
  notificationsMessageSchema,
} from '../domain/messages.ts';
import type { Roster } from '../domain/roster.ts';
import type { Clock } from '../ports/clock.ts';
import type { QueueName } from '../ports/queue.ts';
import type { SimulatedPlatform, Simulator } from '../ports/simulation.ts';
import { auditBatch, type Standing } from './audit.ts';
import { readDeadWork } from './dead-letters.ts';
import { deliver } from './deliver.ts';
import { fanout } from './fanout.ts';
import { DONE, type Handled } from './handled.ts';
import { match } from './match.ts';
import { NOWHERE, type SimulatedSend, simulatedChannels } from './simulation-channels.ts';

/** What a simulation is made of. */
export interface SimulationSpec {
  simulator: Simulator;
  channels: readonly Channel[];
  roster: Roster;
  /** False: everything goes at once, as if no provider had a limit. */
  isLimited?: boolean;
}

const AT_ONCE = 16;
/** Above every time that a stage takes, which is none. */
const VISIBILITY_MS = 60_000;
/** More steps than any span of events takes; a stage that turns in a circle must not hold the process. */
const MAX_STEPS = 5_000_000;

/** A stage asks for the same message again and again. */
class SimulationEndlessError extends Error {
  readonly code = 'simulation-endless';
  constructor() {
    super('the simulation does not come to rest');
    this.name = 'SimulationEndlessError';
  }
}

class SimulatedClock implements Clock {
  #nowMs = 0;
  nowMs(): number {
    return this.#nowMs;
  }
  moveTo(atMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, atMs);
  }
}

type Stage = (bodies: readonly string[]) => Promise<Handled[]>;

/** A stage behind the messages of its queue. What it does not know is dropped: nobody acknowledges anything in a simulation. */
const reading =
  <M>(schema: z.ZodMiniType<M>, stage: (messages: readonly M[]) => Promise<readonly Handled[]>): Stage =>
  async (bodies) => {
    const read = bodies.map((body) => schema.safeParse(JSON.parse(body)).data);
    const known = read.filter((message) => message !== undefined);
    const handled = known.length === 0 ? [] : await stage(known);
    const results = handled[Symbol.iterator]();
    return read.map((message) => (message === undefined ? DONE : (results.next().value ?? DONE)));
  };

const fanoutSchema = z.discriminatedUnion('kind', [
  notificationsMessageSchema,
  flushMessageSchema,
  fallbackMessageSchema,
  escalateMessageSchema,
]);
const deliverSchema = z.discriminatedUnion('kind', [deliverMessageSchema, probeMessageSchema]);

/**
 * The stages match, fanout and deliver as they are, on a store and a queue of their own and a clock that jumps from one due message to the
 * next. Every message is taken by its provider at once; limits, intervals and merging count as they really do.
 */
export class Simulation {
  readonly sends: SimulatedSend[] = [];
  /** Notifications that match made so far. */
  wanted = 0;
  readonly #clock = new SimulatedClock();
  readonly #platform: SimulatedPlatform;
  readonly #simulator: Simulator;
  readonly #roster: Roster;
  readonly #stages: Map<QueueName, Stage>;
  readonly #match: (messages: readonly EventsMessage[]) => Promise<Handled[]>;
  #steps = 0;

  constructor({ simulator, channels, roster, isLimited = true }: SimulationSpec) {
    this.#simulator = simulator;
    this.#roster = roster;
    this.#platform = simulator.createPlatform(this.#clock);
    const ports = {
      ...this.#platform,
      ...NOWHERE,
      clock: this.#clock,
      roster: { current: () => Promise.resolve(roster) },
      // Nobody acknowledges anything here, and what would follow is not asked.
      escalations: { current: () => Promise.resolve(undefined) },
    };
    const simulated = simulatedChannels(channels, {
      roster,
      isLimited,
      record: (send) => this.sends.push(send),
      nowMs: () => this.#clock.nowMs(),
    });
    this.#match = match(ports);
    this.#stages = new Map<QueueName, Stage>([['notifications', reading(fanoutSchema, fanout(ports))]]);
    for (const [name, channel] of simulated)
      this.#stages.set(`deliver-${name}`, reading(deliverSchema, deliver(channel)(ports)));
  }

  /** Lets these events come in at that instant, after everything that was due before. */
  async offer(message: EventsMessage, atMs: number): Promise<void> {
    await this.runUntil(atMs);
    this.wanted += message.events.reduce((sum, event) => sum + this.#roster.route(event).length, 0);
    await this.#match([message]);
    await this.runUntil(atMs);
  }

  /** Does everything that is due up to that instant. */
  async runUntil(atMs: number): Promise<void> {
    for (let due = this.#dueBy(atMs); due !== undefined; due = this.#dueBy(atMs)) {
      this.#clock.moveTo(due.atMs);
      await this.#step(due.queue);
      await this.#simulator.breathe();
      this.#steps += 1;
      if (this.#steps > MAX_STEPS) throw new SimulationEndlessError();
    }
    this.#clock.moveTo(atMs);
  }

  /** How the notifications of a batch stand. */
  async standings(batch: string, receivedAtMs: number): Promise<Standing[]> {
    const { store } = this.#platform;
    const { standings } = await auditBatch({ store, dead: await readDeadWork(store) }, { batch, receivedAtMs });
    await this.#simulator.breathe();
    return standings;
  }

  #dueBy(atMs: number): { queue: QueueName; atMs: number } | undefined {
    const due = this.#platform.queue.nextDueMs();
    return due !== undefined && due.atMs <= atMs ? due : undefined;
  }

  async #step(queue: QueueName): Promise<void> {
    const messages = await this.#platform.queue.receive({ queue, max: AT_ONCE, visibilityMs: VISIBILITY_MS });
    const stage = this.#stages.get(queue);
    const handled = stage === undefined ? [] : await stage(messages.map(({ body }) => body));
    const again = messages.flatMap(({ body }, index) => {
      const one = handled[index];
      return one?.kind === 'again' ? [{ queue, body, delayMs: Math.max(1, Math.ceil(one.delayMs)) }] : [];
    });
    if (again.length > 0) await this.#platform.queue.send(again);
    const receipts = messages.map(({ receipt }) => receipt);
    await this.#platform.queue.acknowledge(queue, receipts);
  }
}
