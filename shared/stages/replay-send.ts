import type { Delivery, LateReason } from '../domain/delivery.ts';
import { digestOfEvent, mergeDigests } from '../domain/digest.ts';
import type { Target } from '../domain/target.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { TableStore } from '../ports/table-store.ts';
import { logKeyOf } from './events-log.ts';
import { type MatchRecord, matchRecordKey } from './match-record.ts';
import { deliverAgain } from './outgoing.ts';
import {
  type Replayed,
  type ReplayStep,
  readReplayStep,
  replayBatchOf,
  replayDeliveryIdOf,
  replayPointerKey,
  replayStepKey,
} from './replay-rows.ts';
import type { Due } from './replay-verdict.ts';
import { putRow, unchanged } from './rows.ts';

interface ReplaySendPorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
}

/** What one message tells again. */
export interface Message {
  target: Target;
  dues: readonly Due[];
  dueMs: number;
  settingsVersion: number;
}

const reasonOf = (dues: readonly Due[]): LateReason => {
  const [first, ...others] = new Set(dues.map(({ candidate }) => candidate.why));
  return first === undefined || others.length > 0 ? 'mixed' : first;
};

const deliveryOf = (id: string, { target, dues }: Message): Delivery => ({
  id,
  target: target.key,
  channel: target.channel,
  rule: dues[0]?.candidate.rule ?? '',
  language: target.language,
  digest: mergeDigests(dues.map(({ candidate }) => digestOfEvent(candidate.event))),
  late: { why: reasonOf(dues) },
});

/**
 * A message that an earlier run claimed and did not make must never be made any more: it would tell again what this one tells. False when
 * it was made after all, in this very moment.
 */
const giveUpEarlier = async ({ store }: ReplaySendPorts, { unmade, candidate }: Due): Promise<boolean> => {
  if (unmade === undefined) return true;
  const none: ReplayStep = { parts: [], dueMs: 0 };
  const [result] = await store.write([putRow(replayStepKey(unmade), none, 'absent')]);
  if (result?.applied === true) return true;
  return (await readReplayStep(store, unmade))?.value.parts.includes(candidate.event.id) !== true;
};

/** The notifications that are still free, once those that an earlier run left behind are given up. */
const freeOf = async (ports: ReplaySendPorts, dues: readonly Due[]): Promise<Due[]> => {
  const free = await Promise.all(dues.map((due) => giveUpEarlier(ports, due)));
  return dues.filter((_, index) => free[index]);
};

/** Writes down that this message tells these again; those that another run has taken in the same moment are left to it. */
const claim = async (ports: ReplaySendPorts, id: string, { target, dues }: Message): Promise<Due[]> => {
  const atMs = ports.clock.nowMs();
  const results = await ports.store.write(
    dues.map(({ candidate, generation, pointer }) => {
      const replayed: Replayed = { generation, delivery: id, atMs, rule: candidate.rule };
      const made = [...(pointer?.value.made ?? []), replayed];
      return putRow(replayPointerKey(candidate.event.id, target.key), { target: target.key, made }, unchanged(pointer));
    }),
  );
  return dues.filter((_, index) => results[index]?.applied === true);
};

/** Puts a message that is written down on its way, with a batch of its own in the books. May be repeated at any point. */
export const finishReplay = async (
  ports: ReplaySendPorts,
  step: ReplayStep,
  { rules, settingsVersion }: { rules: ReadonlyMap<string, string>; settingsVersion: number },
): Promise<void> => {
  const { delivery, parts, dueMs } = step;
  if (delivery === undefined) return;
  const { id, target, channel, rule, language } = delivery;
  const batch = replayBatchOf(id);
  const atMs = ports.clock.nowMs();
  const record: MatchRecord = {
    settingsVersion,
    atMs,
    items: parts.map((event, at) => [at, target, channel, rules.get(event) ?? rule, 0, language, []]),
    eventIds: [...parts],
    replay: { delivery: id, dueMs },
  };
  const log = { batch, receivedAtMs: atMs, entries: [] };
  await ports.outbox.commit(
    [putRow(matchRecordKey(batch), record, 'absent'), putRow(logKeyOf(log), log, 'absent')],
    [deliverAgain(delivery, Math.max(0, dueMs - atMs))],
  );
};

/**
 * Sends one message that tells these notifications again: claimed one by one, then written down, then on its way. Answers those that it
 * tells; the others were taken by another run in the same moment.
 */
export const sendReplay = async (ports: ReplaySendPorts, message: Message): Promise<readonly Due[]> => {
  const free = await freeOf(ports, message.dues);
  const id = replayDeliveryIdOf(
    message.target.key,
    free.map(({ candidate, generation }) => ({ event: candidate.event.id, generation })),
  );
  const claimed = free.length === 0 ? [] : await claim(ports, id, { ...message, dues: free });
  if (claimed.length === 0) return [];
  const delivery = deliveryOf(id, { ...message, dues: claimed });
  const step: ReplayStep = {
    delivery,
    parts: claimed.map(({ candidate }) => candidate.event.id),
    dueMs: message.dueMs,
  };
  const [result] = await ports.store.write([putRow(replayStepKey(id), step, 'absent')]);
  if (result?.applied !== true) return [];
  const rules = new Map(claimed.map(({ candidate }) => [candidate.event.id, candidate.rule]));
  await finishReplay(ports, step, { rules, settingsVersion: message.settingsVersion });
  return claimed;
};
