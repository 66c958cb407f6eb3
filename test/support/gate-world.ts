import type { Event } from '../../shared/domain/event.ts';
import { windowRecordSchema } from '../../shared/domain/lane.ts';
import { type EventsMessage, messageSchema } from '../../shared/domain/messages.ts';
import type { Roster } from '../../shared/domain/roster.ts';
import { compileRoster } from '../../shared/domain/roster-compile.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { checkSettings } from '../../shared/domain/settings-text.ts';
import { readDelivery } from '../../shared/stages/delivery-end.ts';
import { windowRowKey } from '../../shared/stages/hold.ts';
import { eventWritesOf, incomingOf, logWriteOf } from '../../shared/stages/ingest-batch.ts';
import { readLedger } from '../../shared/stages/ledger.ts';
import { match } from '../../shared/stages/match.ts';
import { matchRecordKey, matchRecordSchema } from '../../shared/stages/match-record.ts';
import { readStored } from '../../shared/stages/rows.ts';
import { readTrace } from '../../shared/stages/trace.ts';
import { CrashError, guarded, type StepOptions } from './guarded-platform.ts';
import { StageWorld, type WorldOptions } from './stage-world.ts';

const checked = (settings: Settings): Settings => {
  const result = checkSettings({ timezone: 'UTC', ...settings }, {});
  if (result.kind !== 'ok') throw new Error(JSON.stringify(result));
  return result.settings;
};

/** The real stages from match on, with settings, on a store, a queue and a clock of their own; every robot is a fake target of the same name. */
export class GateWorld extends StageWorld {
  #roster: Roster;
  readonly #batchOf = new Map<string, string>();
  #batches = 0;
  #version = 0;

  constructor(settings: Settings, options: WorldOptions = {}) {
    super(options);
    this.#roster = this.#compiled(settings);
  }

  /** New settings, in force for every event that is matched from now on. */
  apply(settings: Settings): void {
    this.#roster = this.#compiled(settings);
  }

  #compiled(settings: Settings): Roster {
    this.#version += 1;
    const roster = compileRoster(checked(settings), { version: this.#version, claimChannel: () => 'fake' });
    const nameOf = (key: string): string => `fake:${roster.targets.get(key)?.name}`;
    this.targets.clear();
    for (const { name } of roster.targets.values()) this.target(name);
    return {
      ...roster,
      targets: this.targets,
      route: (event, nowMs) =>
        roster.route(event, nowMs).map((want) => ({ ...want, channel: 'fake', target: nameOf(want.target) })),
    };
  }

  /** Puts a batch of events on the queue of match, as ingest would; answers their ids. */
  async accept(events: readonly Event[]): Promise<string[]> {
    this.#batches += 1;
    const batch = `bat_${this.#batches}`;
    const items = events.map((event) => incomingOf(event, { text: '{}', ours: true }, 'any'));
    const stored = { batch, receivedAtMs: this.clock.nowMs(), items };
    await this.platform.store.write([logWriteOf(stored), ...eventWritesOf(stored)]);
    const message: EventsMessage = StageWorld.eventsMessage(batch, events);
    await this.platform.queue.send([{ queue: 'events', body: JSON.stringify(message) }]);
    for (const { id } of events) this.#batchOf.set(id, batch);
    return events.map(({ id }) => id);
  }

  /** When it was decided that a message goes out: at the end of the window that it tells, or when match decided about its event. */
  async decidedAtMs(id: string): Promise<number> {
    const { carries, event } = (await readDelivery(this.platform.store, id))!.value.delivery;
    if (carries !== undefined) {
      const window = windowRowKey(carries.key, carries.window);
      return (await readStored(this.platform.store, windowRecordSchema, window))!.value.closedAtMs;
    }
    const key = matchRecordKey(this.#batchOf.get(event!)!);
    return (await readStored(this.platform.store, matchRecordSchema, key))!.value.atMs;
  }

  /** Runs match once; it may die on the way like every other stage. */
  async matchOnce(options: StepOptions = {}): Promise<number> {
    const messages = await this.platform.queue.receive({
      queue: 'events',
      max: options.max ?? 16,
      visibilityMs: 30_000,
    });
    if (messages.length === 0) return 0;
    const ports = {
      ...guarded(this.platform, options),
      clock: this.clock,
      roster: { current: () => Promise.resolve(this.#roster) },
    };
    try {
      const bodies = messages.map(({ body }) => messageSchema.parse(JSON.parse(body)) as EventsMessage);
      const handled = await match(ports)(bodies);
      const repeated = messages.filter((_, at) => handled[at]?.kind === 'again');
      await this.platform.queue.send(repeated.map(({ body }) => ({ queue: 'events' as const, body, delayMs: 500 })));
      await this.platform.queue.acknowledge(
        'events',
        messages.map(({ receipt }) => receipt),
      );
    } catch (error) {
      if (!(error instanceof CrashError)) throw error;
    }
    return messages.length;
  }

  override async settle(): Promise<void> {
    while ((await this.matchOnce()) > 0);
    await super.settle();
  }

  /** Accepts events of these levels in one batch and lets everything happen that is due. */
  async tell(...levels: Event['level'][]): Promise<string[]> {
    const ids = await this.accept(levels.map((level) => this.event(level)));
    await this.settle();
    return ids;
  }

  /** How many events each message carried that arrived so far. */
  get totals(): number[] {
    return this.seen.map(({ total }) => total);
  }

  trace(id: string) {
    return readTrace({ store: this.platform.store, roster: { current: () => Promise.resolve(this.#roster) } })(id);
  }

  ledger() {
    return readLedger({ store: this.platform.store, clock: this.clock });
  }
}
