import { createMemoryPlatform } from '../../shared/adapters/local/memory-store.ts';
import type { Channel, InsteadOf, Quota } from '../../shared/channels/channel.ts';
import { CarriedBrief } from '../../shared/domain/carried-brief.ts';
import type { DeliverMessage, ProbeMessage } from '../../shared/domain/deliver-message.ts';
import { briefOf } from '../../shared/domain/digest.ts';
import type { Event } from '../../shared/domain/event.ts';
import type { Fallback } from '../../shared/domain/fallback.ts';
import type { Gate } from '../../shared/domain/gate.ts';
import { idOf } from '../../shared/domain/ids.ts';
import type { Level } from '../../shared/domain/level.ts';
import {
  type EventsMessage,
  messageSchema,
  type NotificationsMessage,
  type NotificationUnit,
} from '../../shared/domain/messages.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { Roster, Want } from '../../shared/domain/roster.ts';
import type { PoolMember, Target } from '../../shared/domain/target.ts';
import type { OutgoingMessage, QueueName } from '../../shared/ports/queue.ts';
import { deliver } from '../../shared/stages/deliver.ts';
import { type FanoutMessage, fanout } from '../../shared/stages/fanout.ts';
import type { Handled } from '../../shared/stages/handled.ts';
import { type Batch, eventWritesOf, incomingOf, logWriteOf } from '../../shared/stages/ingest-batch.ts';
import { matchRecordKey } from '../../shared/stages/match-record.ts';
import { putRow } from '../../shared/stages/rows.ts';
import { unreachable } from './channel-ports.ts';
import { FakeClock } from './fake-clock.ts';
import { CrashError, guarded, type StepOptions } from './guarded-platform.ts';

/** One message as the provider saw it. */
export interface Seen {
  atMs: number;
  target: string;
  id: string;
  total: number;
  events: string[];
  level: Level;
  channel: string;
  insteadOf?: InsteadOf;
}

/** How the provider answers the next message; undefined means delivered. */
export type Answer = (seen: Seen) => Outcome | undefined | Promise<Outcome | undefined>;

/** Everything that the world runs. */
export const QUEUES = ['notifications', 'deliver-fake', 'deliver-spare'] as const;

const NOTHING: Roster = { version: 1, targets: new Map(), route: () => [], owners: () => [], explain: () => [] };

/** Who wants events, how often, and where they go on. */
interface Wanted {
  target: string;
  rule?: string;
  intervalMs: number;
  fallback?: Fallback;
  gate?: Gate;
}

/** The channels of the world, and what is different about the first of them. */
export interface WorldOptions {
  quota?: Quota;
  spareQuota?: Quota;
  /** Members of the channel `fake` in place of its own. */
  channel?: Partial<Channel>;
  /** Rows and messages are not written in one, as on a store without transactions. */
  split?: boolean;
}

/** The stages fanout and deliver on a store, a queue and a clock of their own, and a provider that writes down what it sees. */
export class StageWorld {
  readonly clock = new FakeClock();
  readonly platform = createMemoryPlatform(this.clock);
  /** Messages that arrived, or may have. */
  readonly seen: Seen[] = [];
  /** Every message that was sent, whatever became of it. */
  readonly asked: Seen[] = [];
  answer: Answer = () => undefined;
  targets = new Map<string, Target>();
  /** Who hears of dead endpoints of a target. */
  owners = new Map<string, Target[]>();
  readonly channel: Channel;
  /** A second channel, to which messages can fall back. */
  readonly spare: Channel;
  readonly #events = new Map<string, Event>();
  readonly #split: boolean;
  #sequence = 0;

  constructor({ quota, spareQuota, channel = {}, split = false }: WorldOptions = {}) {
    this.#split = split;
    this.channel = { ...this.#channel('fake', quota), ...channel };
    this.spare = this.#channel('spare', spareQuota);
  }

  /** What processes of this world share beside rows and messages. */
  readonly surroundings = {
    nowMs: (): number => this.clock.nowMs(),
    deeds: (): number => this.asked.length + this.platform.calls.sends,
  };

  #channel(name: string, quota: Quota | undefined): Channel {
    return {
      name,
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
          channel: name,
          ...(notice.insteadOf === undefined ? {} : { insteadOf: notice.insteadOf }),
        };
        this.asked.push(seen);
        const outcome = (await this.answer(seen)) ?? { kind: 'delivered', code: '0' };
        if (outcome.kind === 'delivered' || outcome.kind === 'ambiguous') this.seen.push(seen);
        return outcome;
      },
    };
  }

  /** A target of the settings; `robots` of them when it is a pool, the others with keys that end in `#2`, `#3` and so on. */
  target(name: string, { channel = 'fake', robots = 1 }: { channel?: string; robots?: number } = {}): Target {
    const key = `${channel}:${name}`;
    const pool: PoolMember[] = Array.from({ length: robots }, (_, index) => ({
      key: index === 0 ? key : `${key}#${index + 1}`,
      address: `https://robots.example/${name}/${index + 1}`,
      keywords: [],
    }));
    const target: Target = {
      key,
      channel,
      name,
      address: '',
      keywords: [],
      mentions: { phones: [], userIds: [], all: false },
      timezone: 'UTC',
      language: 'en',
      ...(robots === 1 ? {} : { pool }),
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
  notify(events: readonly Event[], want: Wanted): NotificationsMessage {
    this.#sequence += 1;
    const items = events.map((_, e) => ({
      e,
      target: `fake:${want.target}`,
      channel: 'fake',
      rule: want.rule ?? 'subscription:a',
      intervalMs: want.intervalMs,
      language: 'en' as const,
      ...(want.fallback === undefined ? {} : { fallback: want.fallback }),
      ...(want.gate === undefined ? {} : { gate: want.gate }),
    }));
    const unit = {
      batch: `bat_${this.#sequence}`,
      part: 0,
      briefs: events.map((event) => CarriedBrief.of(briefOf(event))),
      items,
    };
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
      ...(item.fallback === undefined && item.gate === undefined ? [] : [item.fallback ?? null]),
      ...(item.gate === undefined ? [] : [item.gate]),
    ]);
    const batch: Batch = {
      batch: unit.batch,
      receivedAtMs: atMs,
      items: eventIds
        .flatMap((id) => this.#events.get(id) ?? [])
        .map((event) => incomingOf(event, { text: '{}', ours: true }, 'any')),
    };
    await this.platform.store.write([
      logWriteOf(batch),
      putRow(matchRecordKey(unit.batch), { settingsVersion: 1, atMs, eventIds, items }, 'any'),
      ...eventWritesOf(batch),
    ]);
  }

  #roster(): Roster {
    return { ...NOTHING, targets: this.targets, owners: (target) => this.owners.get(target) ?? [] };
  }

  async #handle(queue: QueueName, bodies: readonly string[], options: StepOptions): Promise<Handled[]> {
    const messages: unknown[] = bodies.map((body) => messageSchema.parse(JSON.parse(body)));
    const ports = {
      ...guarded(this.platform, { ...options, split: this.#split }),
      clock: this.clock,
      roster: { current: () => Promise.resolve(this.#roster()) },
      escalations: { current: () => Promise.resolve(undefined) },
      ...unreachable,
    };
    if (queue === 'notifications') return fanout(ports)(messages as FanoutMessage[]);
    const channel = queue === 'deliver-spare' ? this.spare : this.channel;
    return deliver(channel)(ports)(messages as (DeliverMessage | ProbeMessage)[]);
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
      let worked = 0;
      for (const queue of QUEUES) worked += await this.step(queue);
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

/** A roster that wants every event on the given targets. */
export const rosterOf = (targets: ReadonlyMap<string, Target>, wants: readonly Want[]): Roster => ({
  version: 1,
  targets,
  route: () => wants,
  owners: () => [],
  explain: () => [],
});
