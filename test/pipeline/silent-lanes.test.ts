import { beforeEach, describe, expect, it } from 'vitest';
import type { NotificationsMessage } from '../../shared/domain/messages.ts';
import type { OutgoingMessage } from '../../shared/ports/queue.ts';
import { forgetOld } from '../../shared/stages/forget-old.ts';
import { readLedger } from '../../shared/stages/ledger.ts';
import { sweep } from '../../shared/stages/sweep.ts';
import { StageWorld } from '../support/stage-world.ts';
import { settleFor } from '../support/world-actions.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const WANT = { target: 't', intervalMs: MINUTE };
const LANE = { table: 'lanes' as const, pk: 'subscription:a@fake:t', sk: '' };

class LaneWorld extends StageWorld {
  /** Kinds of the messages that followed from something, beside those that say what came. */
  readonly sent: string[] = [];
  readonly outgoing: OutgoingMessage[] = [];
  /** What match said. */
  readonly matched: NotificationsMessage[] = [];

  constructor(options: ConstructorParameters<typeof StageWorld>[0] = {}) {
    super(options);
    this.target('t');
    const { commit } = this.platform.outbox;
    this.platform.outbox.commit = (writes, messages) => {
      this.outgoing.push(...messages);
      this.sent.push(...messages.map(({ body }) => String(JSON.parse(body).kind)));
      return commit(writes, messages);
    };
  }

  override async send(messages: readonly NotificationsMessage[]): Promise<void> {
    this.matched.push(...messages);
    await super.send(messages);
  }

  async tell(events = 1): Promise<void> {
    const batch = Array.from({ length: events }, () => this.event());
    await this.send([this.notify(batch, WANT)]);
    await this.settle();
  }

  async lane() {
    const row = await this.platform.store.get(LANE);
    return row === undefined ? undefined : JSON.parse(row.body);
  }

  async change(lane: object): Promise<void> {
    const body = JSON.stringify({ ...(await this.lane()), ...lane });
    await this.platform.store.write([{ kind: 'put', ...LANE, body, when: 'any' }]);
  }

  /** Takes everything out of the queue, as if it had been lost. */
  async lose(): Promise<void> {
    const { queue } = this.platform;
    const taken = await queue.receive({ queue: 'notifications', max: 16, visibilityMs: 30_000 });
    const receipts = taken.map(({ receipt }) => receipt);
    await queue.acknowledge('notifications', receipts);
  }

  sweeping = () => sweep({ ...this.platform, clock: this.clock })();

  get totals(): number[] {
    return this.seen.map(({ total }) => total);
  }
}

/** Sends once more what match said of the batches that are put back on their way. */
const matchAgain = async ({ platform, matched }: LaneWorld): Promise<void> => {
  const asked = await platform.queue.receive({ queue: 'events', max: 16, visibilityMs: 30_000 });
  const receipts = asked.map(({ receipt }) => receipt);
  await platform.queue.acknowledge('events', receipts);
  const batches = new Set(asked.map(({ body }) => JSON.parse(body).batch));
  const again = matched.filter(({ units }) => units.some(({ batch }) => batches.has(batch)));
  await platform.queue.send(again.map((message) => ({ queue: 'notifications', body: JSON.stringify(message) })));
};

/** Minutes pass, with a sweep in each, and match sends once more what it is asked for. */
const settleWith = async (world: LaneWorld, minutes: number): Promise<void> => {
  for (let minute = 0; minute < minutes; minute += 1) {
    await settleFor(world, 1);
    await matchAgain(world);
  }
};

describe('a lane whose message is the only one in its interval', () => {
  let world: LaneWorld;
  beforeEach(async () => {
    world = new LaneWorld();
    await world.tell();
  });

  it('falls silent without a message', async () => {
    expect(world.sent).toEqual(['deliver']);
    expect(world.platform.queue.nextDueMs()).toBeUndefined();
    expect(await world.lane()).toMatchObject({ phase: 'open', watcher: '', dueMs: world.clock.nowMs() + MINUTE });
  });

  it('lets the next event go out at once when the interval is over, and not before', async () => {
    world.clock.advance(MINUTE - 1);
    await world.tell();
    expect(world.totals).toEqual([1]);
    await world.run(MINUTE, 500);
    expect(world.totals).toEqual([1, 1]);
    world.clock.advance(MINUTE);
    await world.tell();
    expect(world.totals).toEqual([1, 1, 1]);
    expect(world.sent.filter((kind) => kind === 'flush')).toHaveLength(1);
  });

  it('asks for the end of its window once when something comes to be held, however much that is', async () => {
    world.clock.advance(10_000);
    await world.tell(3);
    await world.tell(2);
    await world.tell();
    expect(world.sent).toEqual(['deliver', 'flush']);
    expect(world.platform.queue.nextDueMs()).toMatchObject({ atMs: world.clock.nowMs() + 50_000 });
    await world.run(2 * MINUTE);
    expect(world.totals).toEqual([1, 6]);
    expect(world.sent).toEqual(['deliver', 'flush', 'deliver']);
  });

  it('asks again when the process died after it had become the one that asks', async () => {
    for (let after = 1; after <= 9; after += 1) {
      world = new LaneWorld();
      await world.tell();
      await world.send([world.notify([world.event()], WANT)]);
      await world.step('notifications', { crashAfter: after });
      await world.run(MINUTE + 1_000);
      expect(world.totals, `after ${after} calls`).toEqual([1, 1]);
    }
  });

  it('is made idle by the sweep, which does not call it overdue', async () => {
    world.clock.advance(2 * MINUTE);
    expect(await world.sweeping()).toMatchObject({ windowsDue: 0 });
    expect(await world.lane()).toMatchObject({ phase: 'idle', window: 1 });
    await world.tell();
    expect(world.totals).toEqual([1, 1]);
    expect(await world.lane()).toMatchObject({ phase: 'open', window: 2 });
  });

  it('is forgotten when it is old, without having been idle', async () => {
    world.clock.advance(8 * DAY);
    await world.sweeping();
    await world.change({ phase: 'open', watcher: '' });
    const week = { eventsMs: 7 * DAY, deliveriesMs: 7 * DAY };
    const forget = forgetOld({ ...world.platform, ...world, retention: { current: () => Promise.resolve(week) } });
    expect(await forget()).toMatchObject({ lanes: 1 });
    expect(await world.lane()).toBeUndefined();
  });

  it('is left alone when it was opened again, however often the end of the message before is repeated', async () => {
    const [first] = world.outgoing;
    world.clock.advance(MINUTE);
    await world.tell();
    const again = await world.lane();
    await world.platform.queue.send([first!, first!]);
    await world.settle();
    expect(again).toMatchObject({ phase: 'open', window: 2, watcher: '' });
    expect(await world.lane()).toEqual(again);
    expect(world.totals).toEqual([1, 1]);
    expect(world.sent).not.toContain('flush');
  });

  it('is watched by the one that is held, however often the end of the message is repeated', async () => {
    const [first] = world.outgoing;
    await world.send([world.notify([world.event()], WANT)]);
    await world.step('notifications');
    const watched = await world.lane();
    await world.platform.queue.send([first!]);
    await world.settle();
    expect(await world.lane()).toEqual(watched);
    await world.run(MINUTE + 1_000);
    expect(world.totals).toEqual([1, 1]);
  });
});

describe('a burst into a silent lane', () => {
  it('takes a message for the first event, one for the end of its window, one for the rest, and none more', async () => {
    const world = new LaneWorld();
    await world.tell(100);
    await world.run(5 * MINUTE);
    expect(world.totals).toEqual([1, 99]);
    expect(world.sent).toEqual(['deliver', 'flush', 'deliver']);
  });

  it('falls silent after a message that waited in the room of its target, counted from the end of the one that told it', async () => {
    for (let after = 0; after <= 24; after += 1) {
      const world = new LaneWorld({
        quota: { windows: [{ limit: 1, windowMs: MINUTE }], maxSendMs: 5_000 },
        split: true,
      });
      await world.send([world.notify([world.event()], { target: 't', intervalMs: 0 })]);
      await world.settle();
      await world.tell();
      expect(world.totals).toEqual([1]);
      world.clock.advance(66_000);
      await world.step('notifications');
      await world.step('deliver-fake', after === 0 ? {} : { crashAfter: after });
      await world.run(3 * MINUTE);
      const told = [...new Map(world.seen.map((one) => [one.id, one])).values()];
      expect(
        told.map(({ total }) => total),
        `after ${after} calls`,
      ).toEqual([1, 1]);
      const [end] = (await world.platform.store.scan({ table: 'deliveries', limit: 9 }))
        .map(({ body }) => JSON.parse(body))
        .filter(({ delivery, status }) => delivery.carries !== undefined && status === 'delivered');
      const lane = await world.lane();
      expect(lane, `after ${after} calls`).toMatchObject({ phase: 'open', watcher: '' });
      expect(lane.dueMs, `after ${after} calls`).toBe(end.updatedAtMs + MINUTE);
    }
  });
});

describe('what was lost on its way', () => {
  it('is found by the sweep when it is held in a lane that nobody watches', async () => {
    const world = new LaneWorld();
    await world.tell(3);
    // As after a death between the mark and the second look, whose message was never handed over again.
    world.clock.advance(MINUTE);
    await world.lose();
    await world.change({ watcher: '', dueMs: world.clock.nowMs() });
    world.clock.advance(31_000);
    expect(await world.sweeping()).toMatchObject({ windowsDue: 1 });
    await world.settle();
    expect(world.totals).toEqual([1, 2]);
  });

  it('is told with the next event when it is held in a lane that nobody watches', async () => {
    const world = new LaneWorld();
    await world.tell(3);
    world.clock.advance(MINUTE);
    await world.lose();
    await world.change({ watcher: '', dueMs: world.clock.nowMs() });
    await world.tell();
    expect(world.totals).toEqual([1, 3]);
  });

  it('is put back on its way when its window was passed over before it was held there', async () => {
    for (let after = 3; after <= 6; after += 1) {
      const world = new LaneWorld();
      await world.tell();
      world.clock.advance(10_000);
      await world.send([world.notify([world.event()], WANT)]);
      await world.step('notifications', { crashAfter: after });
      world.clock.advance(MINUTE);
      await world.lose();
      // As when the sweep looked just before the chunk was written.
      await world.change({ phase: 'idle', watcher: undefined });
      await world.tell();
      await settleWith(world, 20);
      const told = world.seen.flatMap(({ events }) => events);
      expect(told, `after ${after} calls`).toHaveLength(3);
      expect(new Set(told).size, `after ${after} calls`).toBe(3);
      const ledger = await readLedger({ ...world.platform, clock: world.clock });
      expect(ledger).toMatchObject({ accepted: 3, deferred: 0, inFlight: 0, balanced: true });
    }
  });
});

describe('a lane of a version that knew no watchers', () => {
  it('goes on: its flush closes the window and tells what was held', async () => {
    const world = new LaneWorld();
    await world.tell();
    await world.change({ watcher: undefined });
    const flush = { kind: 'flush', key: LANE.pk, window: 1, attempt: 0 };
    await world.platform.queue.send([{ queue: 'notifications', body: JSON.stringify(flush), delayMs: MINUTE }]);
    await world.run(30_000);
    await world.tell(2);
    await world.run(MINUTE);
    expect(world.totals).toEqual([1, 2]);
  });

  it('is closed by the sweep when its flush was lost', async () => {
    const world = new LaneWorld();
    await world.tell();
    await world.change({ watcher: undefined });
    world.clock.advance(MINUTE + 31_000);
    expect(await world.sweeping()).toMatchObject({ windowsDue: 1 });
    await world.settle();
    expect(await world.lane()).toMatchObject({ phase: 'idle', window: 2 });
    await world.tell();
    expect(world.totals).toEqual([1, 1]);
  });
});
