import { describe, expect, it } from 'vitest';
import type { Gate } from '../../shared/domain/gate.ts';
import { readDelivery } from '../../shared/stages/delivery-end.ts';
import { readLedger } from '../../shared/stages/ledger.ts';
import { sweep } from '../../shared/stages/sweep.ts';
import { CrashError, guarded } from '../support/guarded-platform.ts';
import { everySchedule, type Process, type Schedule } from '../support/interleavings.ts';
import { StageWorld } from '../support/stage-world.ts';

const MINUTE = 60_000;
const WANT = { target: 't', intervalMs: MINUTE };
/** A gate that closes just before the interval of the lane behind it. */
const MERGE: Gate = { merge: { key: 'k', windowMs: MINUTE - 1_000 } };
/** A window whose end was asked for in time is closed so soon after it. */
const PROMPT_MS = 3_000;
/** What a dead process had in hand is handed over again after half a minute; so long after that all is done. */
const AFTER_DEATH_MS = 90_000;
/** With many runs asked for, more orders are tried: some hundred thousand in several minutes. */
const DEEPER = Number(process.env.FENGHUO_TEST_RUNS ?? 0) > 1_000 ? 1 : 0;
const LIMIT_MS = (1 + 19 * DEEPER) * MINUTE;

class LaneWorld extends StageWorld {
  told: string[] = [];

  constructor() {
    super({ split: true });
    this.target('t');
  }

  /** An event for the lane, on its way to it. */
  async tell(copies = 1, gate?: Gate): Promise<void> {
    const event = this.event();
    this.told.push(event.id);
    const message = this.notify([event], { ...WANT, ...(gate === undefined ? {} : { gate }) });
    await this.send(Array.from({ length: copies }, () => message));
  }

  /** One that was told, and after which nothing was held. */
  async tellAlone(): Promise<void> {
    await this.tell();
    await this.settle();
  }

  fan: Process = (turn) => this.step('notifications', { max: 1, turn });
  deliver: Process = (turn) => this.step('deliver-fake', { max: 1, turn });

  sweep: Process = async (turn) => {
    await sweep({ ...guarded(this.platform, { turn }), clock: this.clock })().catch((error: unknown) => {
      if (!(error instanceof CrashError)) throw error;
    });
  };

  /** Time that passes at some moment. */
  passing =
    (ms: number): Process =>
    async (turn) => {
      await turn();
      this.clock.advance(ms);
    };

  /** Lets happen what was asked for, each at its instant, without a sweep. */
  async rest(): Promise<void> {
    await this.settle();
    for (let round = 0; round < 99; round += 1) {
      const due = this.platform.queue.nextDueMs();
      if (due === undefined) return;
      this.clock.advance(Math.max(0, due.atMs - this.clock.nowMs()));
      await this.settle();
    }
    throw new Error('the world does not come to rest');
  }

  /** One more event at some moment. */
  telling: Process = async (turn) => {
    await turn();
    await this.tell();
  };

  /** Time passes until the sweep looks, and then something is told, all at some moment. */
  goingOn: Process = async (turn) => {
    await turn();
    this.clock.advance(MINUTE + 31_000);
    await sweep({ ...this.platform, clock: this.clock })();
    await this.tell();
    await this.settle();
  };

  /** What is held in windows that were never closed. */
  async leftBehind(): Promise<string[]> {
    const { store } = this.platform;
    const held = await store.scan({ table: 'holds', limit: 99 });
    const closed = new Set((await store.scan({ table: 'windows', limit: 99 })).map(({ sk }) => sk));
    return held.map(({ sk }) => sk).filter((sk) => !closed.has(sk.slice(0, sk.indexOf('/'))));
  }

  /** Messages as a reader counts them, with the instant at which each ended. */
  async messages() {
    const distinct = [...new Map(this.seen.map((one) => [one.id, one])).values()];
    return Promise.all(
      distinct.map(async (one) => ({
        ...one,
        endedAtMs: (await readDelivery(this.platform.store, one.id))!.value.updatedAtMs,
      })),
    );
  }
}

/** Each event was told once, never earlier than the interval after the end of the message before, and by what was asked for alone. */
const expectKept = async (world: LaneWorld, schedule: Schedule): Promise<void> => {
  const { story } = schedule;
  const lastMs = world.clock.nowMs();
  await world.rest();
  const messages = await world.messages();
  expect([story, messages.flatMap(({ events }) => events).sort()]).toEqual([story, [...world.told].sort()]);
  for (const [index, { atMs }] of messages.slice(1).entries()) {
    const { endedAtMs } = messages[index]!;
    expect(atMs - endedAtMs, story).toBeGreaterThanOrEqual(MINUTE);
    const lateMs = atMs - Math.max(endedAtMs + MINUTE, lastMs);
    expect(lateMs, story).toBeLessThanOrEqual(schedule.hasDeath ? AFTER_DEATH_MS : PROMPT_MS);
  }
  expect([story, await world.leftBehind()]).toEqual([story, []]);
  const ledger = await readLedger({ ...world.platform, clock: world.clock });
  expect([story, ledger]).toMatchObject([story, { accepted: world.told.length, balanced: true, inFlight: 0 }]);
};

interface Race {
  name: string;
  setUp: (world: LaneWorld) => Promise<void>;
  processes: (world: LaneWorld) => Process[];
  /** Fewer where more processes take part. */
  changes?: number;
  deaths?: number;
}

const RACES: readonly Race[] = [
  {
    name: 'the message ends while another event comes to be held',
    setUp: async (world) => {
      await world.tell();
      await world.step('notifications');
      await world.tell();
    },
    processes: (world) => [world.deliver, world.fan],
    changes: 3,
  },
  {
    name: 'the message ends while one event is held, and the next comes when the interval is over',
    setUp: async (world) => {
      await world.tell();
      await world.step('notifications');
      await world.tell();
      await world.tell();
    },
    processes: (world) => [world.deliver, world.fan, world.passing(MINUTE), world.fan],
    changes: 1,
  },
  {
    name: 'the end of a message sleeps while others end it, close its window and open the next',
    setUp: async (world) => {
      await world.tell();
      await world.step('notifications');
    },
    processes: (world) => [world.deliver, world.goingOn, world.telling],
  },
  {
    name: 'two events come to a lane that nobody watches while its interval ends',
    setUp: async (world) => {
      await world.tellAlone();
      world.clock.advance(MINUTE - 1_000);
      await world.tell();
      await world.tell();
    },
    processes: (world) => [world.fan, world.passing(1_000), world.fan],
    changes: 1,
  },
  {
    name: 'one event is held in a lane that nobody watches while another opens it again',
    setUp: async (world) => {
      await world.tellAlone();
      world.clock.advance(MINUTE - 1_000);
      await world.tell();
      await world.tell();
    },
    processes: (world) => [world.fan, world.passing(1_000), world.fan],
    changes: 3,
    deaths: 0,
  },
  {
    name: 'two events come to a lane that nobody watches when its interval is over',
    setUp: async (world) => {
      await world.tellAlone();
      world.clock.advance(MINUTE);
      await world.tell();
      await world.tell();
    },
    processes: (world) => [world.fan, world.fan],
  },
  {
    name: 'one message with an event is handed over twice',
    setUp: async (world) => {
      await world.tellAlone();
      world.clock.advance(MINUTE / 2);
      await world.tell(2);
    },
    processes: (world) => [world.fan, world.passing(MINUTE / 2), world.fan],
    changes: 1,
  },
  {
    name: 'the window closes that was watched again while another event comes',
    setUp: async (world) => {
      await world.tellAlone();
      await world.tell();
      await world.settle();
      world.clock.advance(MINUTE);
      await world.tell();
    },
    processes: (world) => [world.fan, world.fan],
  },
  {
    name: 'a sweep finds a lane that nobody watches overdue while an event comes',
    setUp: async (world) => {
      await world.tellAlone();
      world.clock.advance(MINUTE + 31_000);
      await world.tell();
    },
    processes: (world) => [world.fan, world.sweep],
  },
  {
    name: 'a sweep finds a lane overdue whose event comes to be held just before its interval ends',
    setUp: async (world) => {
      await world.tellAlone();
      await world.tell();
    },
    processes: (world) => [world.fan, world.passing(MINUTE + 31_000), world.sweep],
    changes: 1,
  },
  {
    name: 'a gate closes and its digest comes to a lane that nobody watches while its interval ends, and another event with it',
    setUp: async (world) => {
      await world.tell(1, MERGE);
      await world.settle();
      await world.tell(1, MERGE);
      await world.settle();
      world.clock.advance(MINUTE - 1_000);
      await world.tell();
    },
    processes: (world) => [world.fan, world.passing(1_000), world.fan],
    changes: 1,
  },
];

describe('a lane that falls silent by itself, in every order of calls with few changes of process, and with a death after any of them', () => {
  for (const { name, setUp, processes, changes = 2, deaths = 1 } of RACES)
    it(`tells each event once, in time and not before, when ${name}`, { timeout: LIMIT_MS }, async () => {
      const runs = await everySchedule({ changes: changes + DEEPER, deaths }, async (schedule) => {
        const world = new LaneWorld();
        await setUp(world);
        await schedule.play(processes(world), world.surroundings);
        await expectKept(world, schedule);
      });
      expect(runs).toBeGreaterThan(100);
    });
});
