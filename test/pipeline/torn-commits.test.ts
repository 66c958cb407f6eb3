import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { ingest } from '../../shared/stages/ingest.ts';
import { CrashError } from '../support/guarded-platform.ts';
import { TornOutbox } from '../support/torn-outbox.ts';
import { robot, settingsOf, WholeWorld } from '../support/whole-world.ts';

const MINUTE = 60_000;
const QUOTA = { windows: [{ limit: 2, windowMs: MINUTE }], maxSendMs: 5_000 };
const DEAD: Outcome = {
  kind: 'refused',
  endpointDead: true,
  code: 'gone',
  cause: 'url',
  text: 'gone',
  fix: { zh: '换', en: 'replace' },
};

const BUSY: Outcome = { ...DEAD, kind: 'retry', retryAfterMs: 2_000, maxAttempts: 9, code: 'busy', cause: 'other' };

/** One contact told at once, one with merged messages, one whose robot is gone, and one who hears of that. */
const SETTINGS = {
  contacts: ['now', 'merged', 'dead', 'owner'].map((name) => robot(name)),
  contactGroups: ['now', 'merged', 'dead'].map((name) => ({ name, contacts: [name] })),
  notificationPolicies: [
    { name: 'now', contactGroups: ['now'] },
    { name: 'merged', contactGroups: ['merged'], interval: '5m' },
    { name: 'dead', contactGroups: ['dead'] },
  ],
  subscriptions: ['now', 'merged', 'dead'].map((name) => ({ name, products: ['ecs'], policy: name })),
  messageCenter: { owners: ['owner'] },
};

const bodyOf = (n: number): string =>
  JSON.stringify({
    product: 'ECS',
    name: 'Instance:StateChange',
    level: 'INFO',
    id: `event-${n}`,
    resourceId: `i-${n}`,
    content: { state: 'Stopped' },
  });

/** The process that was at work died; its messages are handed over again when nobody has acknowledged them for a minute. */
const surviving = async (work: () => Promise<unknown>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof CrashError)) throw error;
  }
};

const EVENTS = 7;

/** Which rows are followed by which messages, in the order of the stages. */
const TORN = [
  'decisions > notifications:notifications',
  'deliveries > deliver-webhook:deliver',
  'deliveries > notifications:flush',
  'events+log > events:events',
  'targets > deliver-webhook:deliver',
  'windows > deliver-webhook:deliver',
];

const live = async (tear: { at: number; sent: 'none' | 'half' }, repeats: boolean) => {
  const world = new WholeWorld(settingsOf(SETTINGS), QUOTA);
  const outbox = new TornOutbox(world.platform, tear);
  world.platform.outbox = outbox;
  const tried = new Set<string>();
  const arrived: WholeWorld['asked'] = [];
  world.answer = (told) => {
    if (told.name === 'contact dead') return DEAD;
    const isFirst = !tried.has(told.id);
    tried.add(told.id);
    if (isFirst && told.name === 'contact now') return BUSY;
    arrived.push(told);
    return undefined;
  };
  const take = ingest({ ...world.ports, outbox });
  const called = async (n: number): Promise<void> => {
    await surviving(async () => {
      await take({ text: bodyOf(n), contentType: '' }).catch(async (error: unknown) => {
        if (!repeats) throw error;
        await take({ text: bodyOf(n), contentType: '' });
      });
    });
  };
  for (let n = 0; n < EVENTS; n += 1) {
    await called(n);
    if (n % 2 === 0) await surviving(() => world.run(10_000));
  }
  for (let minute = 0; minute < 45; minute += 1) {
    await surviving(() => world.run(MINUTE));
    await surviving(() => world.sweep());
  }
  return { world, arrived, torn: outbox.torn };
};

const distinct = <T extends { id: string }>(told: readonly T[]): T[] => [
  ...new Map(told.map((one) => [one.id, one])).values(),
];

const countOf = (told: WholeWorld['asked'], name: string): number =>
  distinct(told.filter((one) => one.name === `contact ${name}`)).reduce((sum, { total }) => sum + total, 0);

describe('a process that dies between the rows and the messages of any commit, on a store without transactions', () => {
  it.each([
    { sent: 'none', repeats: true },
    { sent: 'none', repeats: false },
    { sent: 'half', repeats: true },
    { sent: 'half', repeats: false },
  ] as const)(
    'loses nothing and tells nothing twice: $sent of the messages sent, callers repeat: $repeats',
    async ({ sent, repeats }) => {
      const kinds = new Set<string>();
      for (let at = 1; ; at += 1) {
        const { world, arrived, torn } = await live({ at, sent }, repeats);
        if (torn === undefined) break;
        kinds.add(torn);
        const story = `commit ${at}: ${torn}`;
        expect([story, countOf(arrived, 'now'), countOf(arrived, 'merged')]).toEqual([story, EVENTS, EVENTS]);
        expect([story, countOf(arrived, 'owner')]).toEqual([story, 1]);
        const ledger = await world.ledger();
        expect({ story, ...ledger }).toMatchObject({ story, balanced: true, inFlight: 0, deferred: 0, dead: 0 });
      }
      expect([...kinds].sort()).toEqual(TORN);
    },
  );
});
