import { setTimeout as wait } from 'node:timers/promises';
import type { TriggerCounts } from '../support/fake-cloud/queue-trigger.ts';
import type { CloudRig, Ledger } from './cloud-rig.ts';
import { runSettings } from './cloud-settings.ts';
import { EventSender } from './event-sender.ts';
import { type Judgement, judge } from './judge.ts';
import { settleBooks } from './settle-books.ts';

/** What a full run came to. */
export interface FullRun {
  events: number;
  calls: number;
  tookMs: number;
  kills: number;
  keys: number;
  instancesUsed: Record<string, number>;
  faults: Record<string, number>;
  triggers: TriggerCounts;
  judgement: Judgement;
  ledger: Ledger;
}

const BATCHES = [1, 16, 100];
const CALLERS = 6;
const KILL_EVERY_MS = 600;
const MIN_INSTANCES = 3;

const short = (name: string, { prefix }: CloudRig): string => name.slice(prefix.length + 1);

/** Kills instances, one after the other, each of another function, until it is told to stop. */
class Killer {
  kills = 0;
  #on = true;
  readonly #done: Promise<void>;

  constructor({ cloud }: CloudRig) {
    this.#done = this.#run(cloud);
  }

  async stop(): Promise<void> {
    this.#on = false;
    await this.#done;
  }

  async #run({ pools, random }: CloudRig['cloud']): Promise<void> {
    const names = [...pools.keys()];
    for (let at = 0; this.#on; at += 1) {
      await wait(KILL_EVERY_MS);
      if (pools.get(names[at % names.length] ?? '')?.kill(random) === true) this.kills += 1;
    }
  }
}

const TIMER = '{"triggerName":"by-hand","payload":""}';

/** Functions that no queue calls several times at once are called so here: timers that overlap, users who look or test at once. */
const useAll = async (rig: CloudRig): Promise<void> => {
  const { cloud, prefix } = rig;
  const thrice = <T>(make: () => Promise<T>): Promise<T>[] => Array.from({ length: MIN_INSTANCES }, make);
  await Promise.all([
    ...thrice(() => cloud.pool(`${prefix}-sweep`).invoke(Buffer.from(TIMER))),
    ...thrice(() => cloud.pool(`${prefix}-overview`).invoke(Buffer.from(TIMER))),
    ...thrice(() => rig.call('console', '/api/ledger')),
    ...thrice(() => rig.call('console', '/api/contacts/mail/test', { method: 'POST', body: '{}' })),
    ...thrice(() => rig.call('notify-message', '/api/playbooks/verify', { method: 'POST', body: '{"cells":[]}' })),
  ]);
};

const sumOf = (all: readonly TriggerCounts[]): TriggerCounts => {
  const sum: TriggerCounts = { batches: 0, messages: 0, retries: 0, duplicates: 0, dead: 0 };
  for (const counts of all)
    for (const key of ['batches', 'messages', 'retries', 'duplicates', 'dead'] as const) sum[key] += counts[key];
  return sum;
};

/** Events in calls of 1, 16 and 100 through the whole deployed set, among faults of the services and kills of instances. */
export const fullRun = async (rig: CloudRig, events: number): Promise<FullRun> => {
  const { cloud } = rig;
  const beganMs = performance.now();
  await rig.applySettings(runSettings(cloud.providers.url));
  cloud.faults.on = true;
  const killer = new Killer(rig);
  const sender = new EventSender(rig);
  for (const [at, batch] of BATCHES.entries()) {
    const upTo = Math.round((events * (at + 1)) / BATCHES.length);
    await sender.send(upTo - sender.sent, { batch, callers: CALLERS });
    await useAll(rig);
  }
  await cloud.untilIdle();
  while (killer.kills < 20) await useAll(rig);
  await killer.stop();
  cloud.faults.on = false;
  const ledger = await settleBooks(rig);
  const judgement = await judge(rig, sender.ids);
  return {
    events,
    calls: sender.calls,
    tookMs: Math.round(performance.now() - beganMs),
    kills: killer.kills,
    keys: cloud.keys.count,
    instancesUsed: Object.fromEntries([...cloud.pools].map(([name, pool]) => [short(name, rig), pool.instancesUsed])),
    faults: cloud.faults.injected,
    triggers: sumOf([...cloud.queueTriggers.values()].map(({ counts }) => counts)),
    judgement,
    ledger,
  };
};
