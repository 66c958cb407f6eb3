import { type Delivery, stepDeliveryIdOf } from '../domain/delivery.ts';
import { type Digest, mergeDigests } from '../domain/digest.ts';
import type { Fallback } from '../domain/fallback.ts';
import { isRoom } from '../domain/lane.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import type { TableStore } from '../ports/table-store.ts';
import { carrierOf, deliveryRowKey, readDelivery } from './delivery-end.ts';
import {
  type FallbackRecord,
  fallbackRecordSchema,
  fallbackRowKey,
  fallbackStepKey,
  fallbackStepSchema,
} from './fallback-rows.ts';
import { waitingIn } from './held.ts';
import { fallbackTimers, packDeliveries } from './outgoing.ts';
import { decodeStored, putRow, readStored } from './rows.ts';

interface FallBackPorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
}

/** The message that failed or was late, and which of both. */
export interface FallbackCause {
  id: string;
  why: FallbackRecord['why'];
}

/** A delivery that goes on when it fails. */
type Owed = Delivery & { fallback: Fallback };

/** One message that goes on, being put together. */
interface Step {
  first: Owed;
  parts: string[];
  digests: Digest[];
  /** Present when somebody may acknowledge any of it. */
  ack?: Delivery['ack'];
}

/** So many deliveries are recorded in one call, and so many digests are kept apart. */
const AT_ONCE = 100;
const MAX_PARTS = 1_000;

const isOwed = (delivery: Delivery): delivery is Owed => (delivery.fallback?.steps.length ?? 0) > 0;

/** The deliveries that go on when this one fails: itself, or everything that waited inside it and may go on. */
async function* owedIn(store: TableStore, delivery: Delivery): AsyncGenerator<Owed> {
  if (isOwed(delivery)) yield delivery;
  if (delivery.carries === undefined || !isRoom(delivery.carries.key)) return;
  for await (const { id, digest } of waitingIn(store, delivery.carries)) {
    const part = await readDelivery(store, id);
    if (part !== undefined) yield* owedIn(store, { ...part.value.delivery, digest });
  }
}

/** Whether a way that was tried before this one has told it after all: then nothing goes on any more. */
const wasTold = async (store: TableStore, { insteadOf }: Delivery): Promise<boolean> => {
  for (const id of insteadOf?.deliveries ?? []) if ((await carrierOf(store, id))?.status === 'delivered') return true;
  return false;
};

const stillOwed = async (store: TableStore, owed: readonly Owed[]): Promise<Owed[]> => {
  const told = await Promise.all(owed.map((one) => wasTold(store, one)));
  return owed.filter((_, index) => told[index] === false);
};

const recordOf = (cause: FallbackCause, { fallback }: Owed, atMs: number): FallbackRecord => ({
  delivery: stepDeliveryIdOf(cause.id, fallback),
  target: fallback.steps[0]?.target ?? '',
  channel: fallback.steps[0]?.channel ?? '',
  why: cause.why,
  atMs,
});

/** Records that these go on; answers with the step of each that goes on because of this cause, now or in an earlier run. */
const claimSteps = async (
  ports: FallBackPorts,
  cause: FallbackCause,
  owed: readonly Owed[],
): Promise<{ owed: Owed; record: FallbackRecord }[]> => {
  const atMs = ports.clock.nowMs();
  const made = owed.map((one) => recordOf(cause, one, atMs));
  const results = await ports.store.write(
    owed.map(({ id }, index) => putRow(fallbackRowKey(id), made[index], 'absent')),
  );
  const rows = await ports.store.getMany(owed.map(({ id }) => fallbackRowKey(id)));
  return owed.flatMap((one, index) => {
    const [mine, result] = [made[index], results[index]];
    const record = result?.applied === true ? mine : decodeStored(fallbackRecordSchema, rows[index])?.value;
    return record === undefined || record.delivery !== mine?.delivery ? [] : [{ owed: one, record }];
  });
};

const addTo = (steps: Map<string, Step>, { owed, record }: { owed: Owed; record: FallbackRecord }): void => {
  const step: Step = steps.get(record.delivery) ?? { first: owed, parts: [], digests: [] };
  if (step.parts.length < MAX_PARTS) step.parts.push(owed.id);
  // What is told together does not say of each part why it comes.
  if (owed.ack !== undefined) step.ack = step.parts.length > 1 ? {} : owed.ack;
  step.digests.push(owed.digest);
  if (step.digests.length === AT_ONCE) step.digests = [mergeDigests(step.digests)];
  steps.set(record.delivery, step);
};

/** The message of a step; undefined when there is no further step. */
const deliveryOf = (cause: FallbackCause, { first, parts, digests, ack }: Step): Delivery | undefined => {
  const { afterMs, steps } = first.fallback;
  const [next, ...rest] = steps;
  if (next === undefined) return undefined;
  const before = parts.length === 1 ? (first.insteadOf?.deliveries ?? []) : [];
  return {
    id: stepDeliveryIdOf(cause.id, first.fallback),
    target: next.target,
    channel: next.channel,
    rule: first.rule,
    language: next.language,
    digest: mergeDigests(digests),
    insteadOf: {
      channel: first.channel,
      target: first.target,
      why: cause.why,
      deliveries: [...before, cause.id],
    },
    ...(rest.length === 0 ? {} : { fallback: { afterMs, steps: rest } }),
    ...(ack === undefined ? {} : { ack }),
  };
};

const messagesOf = (delivery: Delivery, nowMs: number): OutgoingMessage[] => [
  ...packDeliveries([delivery]),
  ...fallbackTimers([delivery], nowMs),
];

/** Sends a step once; a repeat finds the step as it was made, and sends it again only when it never began. */
const tellStep = async (ports: FallBackPorts, cause: FallbackCause, step: Step): Promise<void> => {
  const made = deliveryOf(cause, step);
  if (made === undefined) return;
  const key = fallbackStepKey(made.id);
  const nowMs = ports.clock.nowMs();
  const known = await readStored(ports.store, fallbackStepSchema, key);
  if (known === undefined) {
    const row = putRow(key, { delivery: made, parts: step.parts }, 'absent');
    await ports.outbox.commit([row], messagesOf(made, nowMs));
  } else if ((await ports.store.get(deliveryRowKey(made.id))) === undefined) {
    await ports.outbox.commit([], messagesOf(known.value.delivery, nowMs));
  }
};

/**
 * Lets what this delivery was to tell go on to the next channel, once: each delivery that may go on is recorded first and belongs to
 * whoever records it. What waited inside one message that failed goes on together. Does nothing for what has no fallback, and for what
 * an earlier way has told meanwhile. May be repeated at any point.
 */
export const fallBack = async (ports: FallBackPorts, delivery: Delivery, why: FallbackCause['why']): Promise<void> => {
  const cause = { id: delivery.id, why };
  const steps = new Map<string, Step>();
  let slice: Owed[] = [];
  const record = async (): Promise<void> => {
    const owed = await stillOwed(ports.store, slice);
    for (const claimed of owed.length === 0 ? [] : await claimSteps(ports, cause, owed)) addTo(steps, claimed);
    slice = [];
  };
  for await (const owed of owedIn(ports.store, delivery)) {
    slice.push(owed);
    if (slice.length === AT_ONCE) await record();
  }
  if (slice.length > 0) await record();
  for (const step of steps.values()) await tellStep(ports, cause, step);
};
