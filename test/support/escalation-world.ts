import { createMemoryPlatform } from '../../shared/adapters/local/memory-store.ts';
import type { Channel, Notice, Quota } from '../../shared/channels/channel.ts';
import type { DeliverMessage, ProbeMessage } from '../../shared/domain/deliver-message.ts';
import type { Event } from '../../shared/domain/event.ts';
import { idOf } from '../../shared/domain/ids.ts';
import type { Level } from '../../shared/domain/level.ts';
import { type EventsMessage, messageSchema } from '../../shared/domain/messages.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { compileRoster } from '../../shared/domain/roster-compile.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import type { OutgoingMessage, QueueName } from '../../shared/ports/queue.ts';
import { deliver } from '../../shared/stages/deliver.ts';
import { type FanoutMessage, fanout } from '../../shared/stages/fanout.ts';
import type { Handled } from '../../shared/stages/handled.ts';
import { type Batch, eventWritesOf, incomingOf, logWriteOf } from '../../shared/stages/ingest-batch.ts';
import { readLedger } from '../../shared/stages/ledger.ts';
import { match } from '../../shared/stages/match.ts';
import { sweep } from '../../shared/stages/sweep.ts';
import { readTrace } from '../../shared/stages/trace.ts';
import { unreachable } from './channel-ports.ts';
import { FakeClock } from './fake-clock.ts';
import { CrashError, guarded, type StepOptions } from './guarded-platform.ts';
import { testSealer } from './test-sealer.ts';

/** One message as the provider of the world saw it. */
export interface Told {
  atMs: number;
  /** Name of the contact that it was sent to. */
  to: string;
  channel: string;
  notice: Notice;
}

/** Everything that the world runs. */
export const QUEUES = ['events', 'notifications', 'deliver-fake', 'deliver-inbox'] as const;
const MINUTE = 60_000;

/** Contacts with a robot each, in a group of the same name. */
export const contactsOf = (...names: readonly string[]): Pick<Settings, 'contacts' | 'contactGroups'> => ({
  contacts: names.map((name) => ({ name, language: 'en', webhook: { url: `https://fake.example/${name}` } })),
  contactGroups: names.map((name) => ({ name, contacts: [name] })),
});

/** Every stage from match on, by settings as they are compiled, on a store, queue and clock of their own. */
export class EscalationWorld {
  readonly clock = new FakeClock();
  readonly platform = createMemoryPlatform(this.clock);
  readonly told: Told[] = [];
  readonly channel: Channel;
  /** Where messages can go on to. */
  readonly inbox: Channel;
  /** How the provider answers; undefined means delivered. */
  answer: (told: Told) => Outcome | undefined = () => undefined;
  settings: Settings;
  split = false;
  consoleUrl: string | undefined = 'https://console.example';
  #version = 1;
  #sequence = 0;

  constructor(settings: Settings, quota?: Quota) {
    this.settings = settings;
    this.channel = this.#channel('fake', quota);
    this.inbox = this.#channel('inbox', undefined);
  }

  #channel(name: string, quota: Quota | undefined): Channel {
    return {
      name,
      timeoutMs: 5_000,
      quotaOf: () => quota,
      claims: () => true,
      send: async (notice, target) => {
        const told = { atMs: this.clock.nowMs(), to: target.name.replace('contact ', ''), channel: name, notice };
        const outcome = this.answer(told) ?? { kind: 'delivered', code: '0' };
        if (outcome.kind === 'delivered') this.told.push(told);
        return outcome;
      },
    };
  }

  /** The settings from now on. */
  change(settings: Settings): void {
    this.settings = settings;
    this.#version += 1;
  }

  roster() {
    return compileRoster(this.settings, { version: this.#version, claimChannel: () => 'fake' });
  }

  event(level: Level = 'critical'): Event {
    this.#sequence += 1;
    const nowMs = this.clock.nowMs();
    return {
      id: idOf('evt', nowMs, [String(this.#sequence)]),
      source: 'cloudmonitor-event',
      product: 'ecs',
      type: 'StatusNotification',
      name: `Event${this.#sequence}`,
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
  }

  /** Takes these events in as one batch, as ingest does. */
  async accept(...events: readonly Event[]): Promise<EventsMessage> {
    this.#sequence += 1;
    const message: EventsMessage = { kind: 'events', batch: `bat_${this.#sequence}`, attempt: 0, events: [...events] };
    const batch: Batch = {
      batch: message.batch,
      receivedAtMs: this.clock.nowMs(),
      items: events.map((event) => incomingOf(event, { text: '{}', ours: true }, 'any')),
    };
    await this.platform.store.write([logWriteOf(batch), ...eventWritesOf(batch)]);
    await this.platform.queue.send([{ queue: 'events', body: JSON.stringify(message) }]);
    return message;
  }

  async #handle(queue: QueueName, bodies: readonly string[], options: StepOptions): Promise<Handled[]> {
    const messages: unknown[] = bodies.map((body) => messageSchema.parse(JSON.parse(body)));
    const roster = this.roster();
    const ports = {
      ...guarded(this.platform, { ...options, split: this.split }),
      ...unreachable,
      clock: this.clock,
      sealer: testSealer,
      roster: { current: () => Promise.resolve(roster) },
      escalations: { current: () => Promise.resolve(roster.escalations) },
      ...(this.consoleUrl === undefined ? {} : { consoleUrl: this.consoleUrl }),
    };
    if (queue === 'events') return match(ports)(messages as EventsMessage[]);
    if (queue === 'notifications') return fanout(ports)(messages as FanoutMessage[]);
    return deliver(queue === 'deliver-inbox' ? this.inbox : this.channel)(ports)(
      messages as (DeliverMessage | ProbeMessage)[],
    );
  }

  /** Runs what is due on a queue once; answers how many messages that were. */
  async step(queue: QueueName, options: StepOptions = {}): Promise<number> {
    const messages = await this.platform.queue.receive({ queue, max: options.max ?? 16, visibilityMs: 30_000 });
    if (messages.length === 0) return 0;
    const bodies = messages.map(({ body }) => body);
    const handled = await this.#handle(queue, bodies, options).catch((error: unknown) => {
      if (error instanceof CrashError) return undefined;
      throw error;
    });
    if (handled === undefined) return 0;
    const repeated = handled.flatMap((one, index): OutgoingMessage[] =>
      one.kind === 'again' ? [{ queue, body: messages[index]!.body, delayMs: one.delayMs }] : [],
    );
    if (repeated.length > 0) await this.platform.queue.send(repeated);
    await this.platform.queue.acknowledge(
      queue,
      messages.map(({ receipt }) => receipt),
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

  /** Lets minutes pass, running what is due every few seconds. */
  async minutes(count: number, stepMs = 10_000): Promise<void> {
    await this.settle();
    for (let passed = 0; passed < count * MINUTE; passed += stepMs) {
      this.clock.advance(stepMs);
      await this.settle();
    }
  }

  async sweep() {
    const report = await sweep({ ...this.platform, clock: this.clock })();
    await this.settle();
    return report;
  }

  ledger() {
    return readLedger({ ...this.platform, clock: this.clock });
  }

  async why(event: Event) {
    const roster = { current: () => Promise.resolve(this.roster()) };
    const trace = await readTrace({ store: this.platform.store, roster })(event.id);
    return trace!;
  }

  /** Who was told, how many minutes after the start, and of how many events. */
  at(startMs: number): [string, number, number][] {
    return this.told.map(({ to, atMs, notice }) => [to, (atMs - startMs) / MINUTE, notice.digest.total]);
  }
}
