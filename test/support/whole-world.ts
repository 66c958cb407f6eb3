import { createMemoryPlatform } from '../../shared/adapters/local/memory-store.ts';
import { createSimulator } from '../../shared/adapters/local/simulator.ts';
import type { Channel, Notice, Quota } from '../../shared/channels/channel.ts';
import type { Event } from '../../shared/domain/event.ts';
import { idOf } from '../../shared/domain/ids.ts';
import { messageSchema } from '../../shared/domain/messages.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { Roster } from '../../shared/domain/roster.ts';
import { compileRoster } from '../../shared/domain/roster-compile.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { checkSettings } from '../../shared/domain/settings-text.ts';
import type { QueueName } from '../../shared/ports/queue.ts';
import { deliver } from '../../shared/stages/deliver.ts';
import { fanout } from '../../shared/stages/fanout.ts';
import type { Handled } from '../../shared/stages/handled.ts';
import { type Batch, eventWritesOf, incomingOf, logWriteOf, messageOf } from '../../shared/stages/ingest-batch.ts';
import { readLedger } from '../../shared/stages/ledger.ts';
import { match } from '../../shared/stages/match.ts';
import { type ReplayRequest, replay } from '../../shared/stages/replay.ts';
import { REPLAYABLE } from '../../shared/stages/replay-candidates.ts';
import { sweep } from '../../shared/stages/sweep.ts';
import { readTrace } from '../../shared/stages/trace.ts';
import { unreachable } from './channel-ports.ts';
import { FakeClock } from './fake-clock.ts';
import { guarded, type StepOptions } from './guarded-platform.ts';

const ROBOTS = 'https://robots.example/';

/** A contact with a robot of its own on the channel of the world. */
export const robot = (name: string, rest: object = {}): object => ({
  name,
  language: 'en',
  webhook: { type: 'webhook', url: `${ROBOTS}${name}`, ...rest },
});

/** Settings from a raw file; throws what is wrong with it. */
export const settingsOf = (raw: object): Settings => {
  const checked = checkSettings(raw, {});
  if (checked.kind === 'invalid') throw new Error(JSON.stringify(checked.issues));
  return checked.settings;
};

/** Settings in which each of these contacts is told by a subscription of its own. */
export const toldBy = (names: readonly string[], policy: object = {}, rule: object = {}): Settings =>
  settingsOf({
    contacts: names.map((name) => robot(name)),
    contactGroups: names.map((name) => ({ name, contacts: [name] })),
    notificationPolicies: names.map((name) => ({ name, contactGroups: [name], ...policy })),
    subscriptions: names.map((name) => ({ name, policy: name, ...rule })),
  });

/** One message as the provider saw it. */
export interface Told {
  atMs: number;
  id: string;
  name: string;
  total: number;
  events: string[];
  late: Notice['late'];
}

/** The settings in force, from ingest to the provider, on a store, a queue and a clock of their own; one channel that answers as told. */
export class WholeWorld {
  readonly clock = new FakeClock();
  readonly platform = createMemoryPlatform(this.clock);
  readonly simulator = createSimulator();
  /** Every message that was sent, whatever became of it. */
  readonly asked: Told[] = [];
  answer: (told: Told) => Outcome | undefined = () => undefined;
  readonly channel: Channel;
  roster: Roster;
  #version = 0;
  #count = 0;

  constructor(settings: Settings, quota?: Quota) {
    this.channel = {
      name: 'webhook',
      timeoutMs: 5_000,
      quotaOf: () => quota,
      claims: () => true,
      send: (notice, target) => {
        const { id, digest, late } = notice;
        const events = digest.top.map((brief) => brief.id);
        const told = { atMs: this.clock.nowMs(), id, name: target.name, total: digest.total, events, late };
        this.asked.push(told);
        return Promise.resolve(this.answer(told) ?? { kind: 'delivered', code: '0' });
      },
    };
    this.roster = this.compiled(settings);
  }

  /** The same settings as this world has them compiled, in force or not. */
  compiled(settings: Settings): Roster {
    this.#version += 1;
    return compileRoster(settings, { version: this.#version, claimChannel: () => 'webhook' });
  }

  /** Puts other settings in force. */
  apply(settings: Settings): void {
    this.roster = this.compiled(settings);
  }

  event(over: Partial<Event> = {}): Event {
    this.#count += 1;
    const nowMs = this.clock.nowMs();
    return {
      id: idOf('evt', nowMs, [String(this.#count)]),
      source: 'cloudmonitor-event',
      product: 'ecs',
      type: 'StatusNotification',
      name: 'Instance:StateChange',
      status: 'Normal',
      level: 'info',
      vendorLevel: 'INFO',
      resource: { id: `i-${this.#count}`, type: 'instance', name: '', arn: '' },
      region: 'cn-hangzhou',
      account: '1',
      occurredAtMs: nowMs,
      receivedAtMs: nowMs,
      content: { state: 'Stopped' },
      ...over,
    };
  }

  /** Accepts these events as one batch, as ingest would. */
  async accept(events: readonly Event[]): Promise<void> {
    this.#count += 1;
    const batch: Batch = {
      batch: `bat_${String(this.#count).padStart(6, '0')}`,
      receivedAtMs: this.clock.nowMs(),
      items: events.map((event) => incomingOf(event, { text: '{}', ours: true }, 'absent')),
    };
    await this.platform.outbox.commit([...eventWritesOf(batch), logWriteOf(batch)], [messageOf(batch)]);
  }

  get ports() {
    return {
      ...this.platform,
      ...unreachable,
      clock: this.clock,
      channels: [this.channel],
      simulator: this.simulator,
      breathe: () => Promise.resolve(),
      roster: { current: () => Promise.resolve(this.roster) },
    };
  }

  /** Does everything that is due now. */
  async settle(): Promise<void> {
    for (let due = this.platform.queue.nextDueMs(); due !== undefined; due = this.platform.queue.nextDueMs()) {
      if (due.atMs > this.clock.nowMs()) return;
      await this.#step(due.queue);
    }
  }

  /** Lets time pass, doing at its instant what is due. */
  async run(durationMs: number): Promise<void> {
    const untilMs = this.clock.nowMs() + durationMs;
    await this.settle();
    for (let due = this.platform.queue.nextDueMs(); due !== undefined; due = this.platform.queue.nextDueMs()) {
      if (due.atMs > untilMs) break;
      this.clock.advance(Math.max(0, due.atMs - this.clock.nowMs()));
      await this.settle();
    }
    this.clock.advance(untilMs - this.clock.nowMs());
  }

  #stage(queue: QueueName): (messages: readonly never[]) => Promise<Handled[]> {
    if (queue === 'events') return match(this.ports);
    return queue === 'notifications' ? fanout(this.ports) : deliver(this.channel)(this.ports);
  }

  async #step(queue: QueueName): Promise<void> {
    const messages = await this.platform.queue.receive({ queue, max: 16, visibilityMs: 60_000 });
    const bodies = messages.map(({ body }) => messageSchema.parse(JSON.parse(body)));
    const handled = await this.#stage(queue)(bodies as never[]);
    const again = messages.flatMap(({ body }, at) => {
      const one = handled[at];
      return one?.kind === 'again' ? [{ queue, body, delayMs: Math.max(1, one.delayMs) }] : [];
    });
    if (again.length > 0) await this.platform.queue.send(again);
    await this.platform.queue.acknowledge(
      queue,
      messages.map(({ receipt }) => receipt),
    );
  }

  /** Sends again what did not arrive, of everything unless told otherwise; `options` may kill the run. */
  replay(
    { filter, ...request }: Partial<Omit<ReplayRequest, 'filter'>> & { filter?: object } = {},
    options: StepOptions = {},
  ) {
    return replay({ ...this.ports, ...guarded(this.platform, options) })({
      span: { fromMs: 0, toMs: this.clock.nowMs() },
      force: false,
      dryRun: false,
      ...request,
      filter: { statuses: [...REPLAYABLE], ...filter },
    });
  }

  trace(event: string) {
    return readTrace(this.ports)(event);
  }

  ledger() {
    return readLedger(this.ports);
  }

  sweep() {
    return sweep(this.ports)();
  }
}
