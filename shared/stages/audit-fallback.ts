import type { Status } from '../domain/decision.ts';
import { type DeliveryState, hasFailed, isFinal } from '../domain/delivery.ts';
import type { TableStore } from '../ports/table-store.ts';
import type { DeadWork } from './dead-letters.ts';
import { carrierOf, readDelivery } from './delivery-end.ts';
import { statusOf } from './delivery-status.ts';
import { type FallbackRecord, fallbackRecordSchema, fallbackRowKey } from './fallback-rows.ts';
import { readStored } from './rows.ts';

/** One channel that a notification went on to, because the one before it failed or was late. */
interface FallbackStep {
  record: FallbackRecord;
  /** State of the message that carries it there, when an attempt has begun. */
  state?: DeliveryState;
  /** The message by itself, when it waited and was merged into the one that carries it. */
  waited?: DeliveryState;
}

/** What a notification came to over all channels that it went on to. */
export interface Followed {
  status: Status;
  /** None when it never went on. */
  steps: readonly FallbackStep[];
  /** State of the message that decides how it stands, when that is one of the steps. */
  outcome?: DeliveryState;
  /** A delivery that should have gone on, or whose step never began: it must be told so again. */
  owes?: DeliveryState;
}

interface FollowPorts {
  store: TableStore;
  dead: DeadWork;
}

/** How it stands on the channel that was asked first. */
interface First {
  status: Status;
  /** The delivery that may go on. */
  id: string;
  state: DeliveryState | undefined;
}

const MAX_STEPS = 20;

const stepsOf = async (store: TableStore, deliveryId: string): Promise<FallbackStep[]> => {
  const steps: FallbackStep[] = [];
  let id = deliveryId;
  while (steps.length < MAX_STEPS) {
    const record = (await readStored(store, fallbackRecordSchema, fallbackRowKey(id)))?.value;
    if (record === undefined) break;
    id = record.delivery;
    const state = await carrierOf(store, id);
    const waited = state === undefined || state.delivery.id === id ? undefined : (await readDelivery(store, id))?.value;
    steps.push({ record, state, waited });
  }
  return steps;
};

const statusOfStep = (dead: DeadWork, { record, state }: FallbackStep): Status => {
  const isOver = state !== undefined && isFinal(state);
  if (!isOver && dead.deliveries.has(record.delivery)) return 'dead';
  // A step that has not begun is on its way, however long ago the event came in.
  return state === undefined ? 'deferred' : statusOf(state, state.delivery.total === 1);
};

const isTold = (status: Status): boolean => status === 'delivered' || status === 'merged';
const isLive = (status: Status): boolean => status === 'deferred' || status === 'in-flight';

/** The delivery that has failed and did not go on although it should. */
const owing = (first: First, steps: readonly FallbackStep[]): DeliveryState | undefined => {
  const last = steps.at(-1);
  const state = last === undefined ? first.state : (last.waited ?? last.state);
  return (state?.delivery.fallback?.steps.length ?? 0) > 0 ? state : undefined;
};

/** The delivery before a step that has not begun. */
const beforeUnbegun = (first: First, steps: readonly FallbackStep[]): DeliveryState | undefined => {
  if (steps.length === 0 || steps.at(-1)?.state !== undefined) return undefined;
  const before = steps.at(-2);
  return before === undefined ? first.state : (before.waited ?? before.state);
};

/**
 * Follows one notification over every channel that it went on to. It counts as told when any of them told it; as live while any still may;
 * else as the last one ended.
 */
export const followFallback = async (ports: FollowPorts, first: First): Promise<Followed> => {
  const steps = await stepsOf(ports.store, first.id);
  const ways = [
    { status: first.status, outcome: undefined },
    ...steps.map((step) => ({ status: statusOfStep(ports.dead, step), outcome: step.state })),
  ];
  const told = ways.find(({ status }) => isTold(status));
  if (told !== undefined) return { steps, ...told };
  const live = ways.findLast(({ status }) => isLive(status));
  if (live !== undefined) return { steps, ...live, owes: beforeUnbegun(first, steps) };
  const owes = owing(first, steps);
  const last = ways.at(-1) ?? { status: first.status };
  return owes === undefined || !hasFailed(owes) ? { steps, ...last } : { steps, ...last, status: 'deferred', owes };
};
