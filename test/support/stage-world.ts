import type { Channel, Quota } from '../../shared/channels/channel.ts';
import { briefOf } from '../../shared/domain/digest.ts';
import type { Event } from '../../shared/domain/event.ts';
import { idOf } from '../../shared/domain/ids.ts';
import type { Level } from '../../shared/domain/level.ts';
import {
  type DeliverMessage,
  type EventsMessage,
  messageSchema,
  type NotificationsMessage,
  type NotificationUnit,
  type ProbeMessage,
} from '../../shared/domain/messages.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { Roster, Want } from '../../shared/domain/roster.ts';
import type { Target } from '../../shared/domain/target.ts';
import type { OutgoingMessage, QueueName } from '../../shared/ports/queue.ts';
import { deliver } from '../../shared/stages/deliver.ts';
import { type FanoutMessage, fanout } from '../../shared/stages/fanout.ts';
import type { Handled } from '../../shared/stages/handled.ts';
import { type Batch, eventWritesOf, incomingOf, logWriteOf } from '../../shared/stages/ingest-batch.ts';
import { matchRecordKey } from '../../shared/stages/match-record.ts';
import { putRow } from '../../shared/stages/rows.ts';
import { unreachable } from './channel-ports.ts';
import { FakeClock } from './fake-clock.ts';
import { createMemoryPlatform } from './memory-store.ts';

/** One message as the provider saw it. */
export interface Seen {
  atMs: number;
  target: string;
  id: string;
  total: number;
  events: string[];
  level: Level;
}

/** How the provider answers the next message; undefined means delivered. */
export type Answer = (seen: Seen) => Outcome | undefined | Promise<Outcome | undefined>;

const NOTHING: Roster = { version: 1, targets: new Map(), route: () => [], owners: () => [], explain: () => [] };

/** The stages fanout and deliver on a store, a queue and a clock of their own, and a provider that writes down what it sees. */
export class StageWorld {
  readonly clock = new FakeClock();
  readonly platform = createMemoryPlatform(this.clock);
  readonly seen: Seen[] = [];
  answer: Answer = () => undefined;
  targets = new Map<string, Target>();
  readonly channel: Channel;
  readonly #events = new Map<string, Event>();
  #sequence = 0;

  constructor(quota?: Quota) {
    this.channel = {
      name: 'fake',
      timeoutMs: 5_000,
      quotaOf: () => quota,
      claims: () => false,
      send: async (notice, target) => {
        const seen: Seen = {
          atMs: this.clock.nowMs(),
          target: target.key,
          id: notice.id,
          total: notice.digest.total,
          events: notice.digest.top.map((brief) => brief.id),
          level: notice.digest.top[0]?.level ?? 'info',
        };
        const outcome = (await this.answer(seen)) ?? { kind: 'delivered', code: '0' };
        if (outcome.kind === 'delivered' || outcome.kind === 'ambiguous') this.seen.push(seen);
        return outcome;
      },
    };
  }

  target(name: string): Target {
    const target: Target = {
      key: `fake:${name}`,
      channel: 'fake',
      name,
      address: '',
      keywords: [],
      mentions: { phones: [], userIds: [], all: false },
      timezone: 'UTC',
      language: 'en',
    };
    this.targets.set(target.key, target);
    return target;
  }

  event(level: Level = 'info'): Event {
    this.#sequence += 1;
    const nowMs = this.clock.nowMs();
    const event: Event = {
      id: idOf('evt', nowMs, [String(this.#sequence)]),
      source: 'cloudmonitor-event',
      product: 'ecs',
      type: 'StatusNotification',
      name: `Event${this.#sequence % 3}`,
      status: '',
      level,
      vendorLevel: '',
      resource: { id: 'i-1', type: 'instance', name: '', arn: '' },
      region: 'cn-hangzhou',
      account: '1',
      occurredAtMs: nowMs,
      receivedAtMs: nowMs,
      title: { zh: '事件', en: 'event' },
      content: {},
    };
    this.#events.set(event.id, event);
    return event;
  }

  /** A notifications message that wants these events on one lane, as match would send it. */
  notify(events: readonly Event[], want: { target: string; rule?: string; intervalMs: number }): NotificationsMessage {
    this.#sequence += 1;
    const items = events.map((_, e) => ({
      e,
      target: `fake:${want.target}`,
      channel: 'fake',
      rule: want.rule ?? 'subscription:a',
      intervalMs: want.intervalMs,
      language: 'en' as const,
    }));
    const unit = { batch: `bat_${this.#sequence}`, part: 0, briefs: events.map(briefOf), items };
    return { kind: 'notifications', attempt: 0, units: [unit] };
  }

  /** Puts messages on the queue, with the log rows and match records that ingest and match would have written for them. */
  async send(messages: readonly NotificationsMessage[]): Promise<void> {
    for (const unit of messages.flatMap((message) => message.units)) await this.#record(unit);
    await this.platform.queue.send(
      messages.map((message) => ({ queue: 'notifications', body: JSON.stringify(message) })),
    );
  }

  async #record(unit: NotificationUnit): Promise<void> {
    const atMs = this.clock.nowMs();
    const eventIds = unit.briefs.map(({ id }) => id);
    const items = unit.items.map((item) => [
      item.e,
      item.target,
      item.channel,
      item.rule,
      item.intervalMs,
      item.language,
      [],
    ]);
    const batch: Batch = {
      batch: unit.batch,
      receivedAtMs: atMs,
      items: eventIds.flatMap((id) => this.#events.get(id) ?? []).map((event) => incomingOf(event, '{}', 'any')),
    };
    await this.platform.store.write([
      logWriteOf(batch),
      putRow(matchRecordKey(unit.batch), { settingsVersion: 1, atMs, eventIds, items }, 'any'),
      ...eventWritesOf(batch),
    ]);
  }

  #roster(): Roster {
    return { ...NOTHING, targets: this.targets };
  }

  async #handle(queue: QueueName, bodies: readonly string[], options: StepOptions): Promise<Handled[]> {
    const messages: unknown[] = bodies.map((body) => messageSchema.parse(JSON.parse(body)));
    const ports = {
      ...guarded(this.platform, options),
      clock: this.clock,
      roster: { current: () => Promise.resolve(this.#roster()) },
      ...unreachable,
    };
    if (queue === 'notifications') return fanout(ports)(messages as FanoutMessage[]);
    return deliver(this.channel)(ports)(messages as (DeliverMessage | ProbeMessage)[]);
  }

  /** Runs what is due on a queue once, in batches of up to `max`; answers how many messages that were. */
  async step(queue: QueueName, options: StepOptions = {}): Promise<number> {
    const messages = await this.platform.queue.receive({ queue, max: options.max ?? 16, visibilityMs: 30_000 });
    if (messages.length === 0) return 0;
    const bodies = messages.map((message) => message.body);
    const handled = await this.#handle(queue, bodies, options).catch((error: unknown) => {
      if (error instanceof CrashError) return undefined;
      throw error;
    });
    if (handled === undefined) return 0;
    const repeated: OutgoingMessage[] = handled.flatMap((one, index) =>
      one.kind === 'again' ? [{ queue, body: messages[index]!.body, delayMs: one.delayMs }] : [],
    );
    if (repeated.length > 0) await this.platform.queue.send(repeated);
    await this.platform.queue.acknowledge(
      queue,
      messages.map((message) => message.receipt),
    );
    return messages.length;
  }

  /** Runs everything that is due now. */
  async settle(): Promise<void> {
    for (let round = 0; round < 1_000; round += 1) {
      const worked = (await this.step('notifications')) + (await this.step('deliver-fake'));
      if (worked === 0) return;
    }
    throw new Error('the world does not come to rest');
  }

  /** Lets time pass in steps, running what is due at each. */
  async run(durationMs: number, stepMs = 1_000): Promise<void> {
    await this.settle();
    for (let passed = 0; passed < durationMs; passed += stepMs) {
      this.clock.advance(stepMs);
      await this.settle();
    }
  }

  /** The events message that match would take for these events. */
  static eventsMessage(batch: string, events: readonly Event[]): EventsMessage {
    return { kind: 'events', batch, attempt: 0, events: [...events] };
  }
}

/** The process died here. */
class CrashError extends Error {
  readonly code = 'crash';
}

/** How a step runs: at most so many messages; dying after so many calls; each call taking a random number of turns. */
interface StepOptions {
  max?: number;
  /** On odd counts the last call still takes effect, on even ones not. */
  crashAfter?: number;
  /** Seed of the turns that each call takes, so that concurrent steps interleave in many ways. */
  jitter?: number;
}

const ticks = async (count: number): Promise<void> => {
  for (let tick = 0; tick < count; tick += 1) await Promise.resolve();
};

const random = (seed: number): (() => number) => {
  let state = seed | 1;
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    return (state >>> 8) & 0xffff;
  };
};

type Guarded = Pick<StageWorld['platform'], 'store' | 'outbox'>;

const guarded = (platform: StageWorld['platform'], options: StepOptions): Guarded => {
  const { store, outbox } = platform;
  const after = options.crashAfter ?? Number.POSITIVE_INFINITY;
  const next = options.jitter === undefined ? () => 0 : random(options.jitter);
  let left = after;
  const guard =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await ticks(next() % 40);
      left -= 1;
      if (left < 0 || (left === 0 && after % 2 === 0)) throw new CrashError('died before');
      const result = await call(...args);
      if (left === 0) throw new CrashError('died after');
      await ticks(next() % 40);
      return result;
    };
  return {
    store: {
      get: guard(store.get),
      getMany: guard(store.getMany),
      range: guard(store.range),
      scan: guard(store.scan),
      write: guard(store.write),
    },
    outbox: { commit: guard(outbox.commit) },
  };
};

/** A roster that wants every event on the given targets. */
export const rosterOf = (targets: ReadonlyMap<string, Target>, wants: readonly Want[]): Roster => ({
  version: 1,
  targets,
  route: () => wants,
  owners: () => [],
  explain: () => [],
});
