import {
  type Attempt,
  type Delivery,
  type DeliveryState,
  deliveryStateSchema,
  isFinal,
  refOf,
} from '../domain/delivery.ts';
import type { TableStore } from '../ports/table-store.ts';
import { deliveryRowKey } from './delivery-end.ts';
import { putDelivery } from './delivery-row.ts';
import { decodeStored, type Stored } from './rows.ts';

/** A delivery that this run may send, with the state that it wrote to say so. */
export interface Claimed {
  delivery: Delivery;
  state: DeliveryState;
  version: number;
}

/** What a run may do with a delivery. */
export type Claim =
  | ({ kind: 'go' } & Claimed)
  | ({ kind: 'waiting' } & Claimed)
  | ({ kind: 'unanswered' } & Claimed)
  | { kind: 'finished'; delivery: Delivery; state: DeliveryState }
  | { kind: 'later'; delivery: Delivery; delayMs: number };

interface ClaimRequest {
  nowMs: number;
  /** So long nobody else may send it. */
  leaseMs: number;
  /** An attempt that may have begun must never be repeated: it is marked right before sending, and not by the claim. */
  neverRepeats: boolean;
}

/** A claim that another run took in the same moment is looked at again after that long. */
const RACE_MS = 500;

const started = (attempts: readonly Attempt[], nowMs: number): Attempt[] => [
  ...attempts,
  { n: attempts.length + 1, startedAtMs: nowMs, name: 'attempt-started' },
];

const startedUnless = (attempts: readonly Attempt[], { nowMs, neverRepeats }: ClaimRequest): Attempt[] =>
  neverRepeats ? [...attempts] : started(attempts, nowMs);

const firstState = (delivery: Delivery, request: ClaimRequest): DeliveryState => ({
  status: 'sending',
  delivery: refOf(delivery),
  attempts: startedUnless([], request),
  updatedAtMs: request.nowMs,
  leaseUntilMs: request.nowMs + request.leaseMs,
});

const knownAttempts = ({ attempts }: DeliveryState): Attempt[] =>
  attempts.map((attempt) => (attempt.name === 'attempt-started' ? { ...attempt, name: 'attempt-unknown' } : attempt));

const nextState = (state: DeliveryState, request: ClaimRequest): DeliveryState => ({
  status: 'sending',
  delivery: state.delivery,
  attempts: startedUnless(knownAttempts(state), request),
  updatedAtMs: request.nowMs,
  leaseUntilMs: request.nowMs + request.leaseMs,
});

const isUnanswered = ({ attempts }: DeliveryState): boolean =>
  attempts.some(({ name }) => name === 'attempt-started' || name === 'attempt-unknown');

const readyAtMs = (state: DeliveryState): number =>
  (state.status === 'retrying' ? state.nextAtMs : state.leaseUntilMs) ?? 0;

const claimStored = async (
  store: TableStore,
  delivery: Delivery,
  source: { stored: Stored<DeliveryState>; request: ClaimRequest },
): Promise<Claim> => {
  const { stored, request } = source;
  if (isFinal(stored.value)) return { kind: 'finished', delivery, state: stored.value };
  if (stored.value.status === 'waiting')
    return { kind: 'waiting', delivery, state: stored.value, version: stored.version };
  const waitMs = readyAtMs(stored.value) - request.nowMs;
  if (waitMs > 0) return { kind: 'later', delivery, delayMs: waitMs };
  if (request.neverRepeats && isUnanswered(stored.value)) {
    const state = { ...stored.value, attempts: knownAttempts(stored.value) };
    return { kind: 'unanswered', delivery, state, version: stored.version };
  }
  const state = nextState(stored.value, request);
  const [result] = await store.write([putDelivery(state, { version: stored.version })]);
  if (result?.applied !== true) return { kind: 'later', delivery, delayMs: RACE_MS };
  return { kind: 'go', delivery, state, version: result.version };
};

/**
 * Whether the provider may have this message already, because an earlier attempt ended without an answer. It may then only be sent again as
 * it is, under the same id: inside a merged message it would be told twice.
 */
export const mayBeThere = (claimed: Claimed): boolean =>
  claimed.state.attempts.some((attempt) => attempt.name === 'attempt-unknown');

/** The attempts that really began to send: a claim that did not come to send leaves no trace. */
export const withoutClaim = (attempts: readonly Attempt[]): Attempt[] =>
  attempts.filter((attempt) => attempt.name !== 'attempt-started');

/**
 * Says in the store that the attempt begins now, for a channel whose claims do not say so. Undefined when another run has taken the
 * delivery over: then nothing may be sent.
 */
export const beginAttempt = async (
  store: TableStore,
  claimed: Claimed,
  { nowMs, leaseMs }: Omit<ClaimRequest, 'neverRepeats'>,
): Promise<Claimed | undefined> => {
  const attempts = started(claimed.state.attempts, nowMs);
  const state = { ...claimed.state, attempts, leaseUntilMs: nowMs + leaseMs };
  const [result] = await store.write([putDelivery(state, { version: claimed.version })]);
  return result?.applied === true ? { ...claimed, state, version: result.version } : undefined;
};

/**
 * Says in the store, before anything is sent, that this run sends these deliveries. A repeated or concurrent hand-over finds that out:
 * it leaves alone what is finished or under way, and takes over only what was left without an answer longer than a lease.
 */
export const claimAll = async (
  store: TableStore,
  deliveries: readonly Delivery[],
  request: ClaimRequest,
): Promise<Claim[]> => {
  const states = deliveries.map((delivery) => firstState(delivery, request));
  const results = await store.write(states.map((state) => putDelivery(state, 'absent')));
  const taken = deliveries.filter((_, index) => results[index]?.applied !== true);
  const rows = taken.length === 0 ? [] : await store.getMany(taken.map((delivery) => deliveryRowKey(delivery.id)));
  const storedOf = new Map(taken.map((delivery, index) => [delivery, decodeStored(deliveryStateSchema, rows[index])]));
  return Promise.all(
    deliveries.map((delivery, index): Claim | Promise<Claim> => {
      const [state, result] = [states[index], results[index]];
      if (state !== undefined && result?.applied === true)
        return { kind: 'go', delivery, state, version: result.version };
      const stored = storedOf.get(delivery);
      if (stored === undefined) return { kind: 'later', delivery, delayMs: RACE_MS };
      return claimStored(store, delivery, { stored, request });
    }),
  );
};
