import * as z from 'zod/mini';
import { deliverySchema } from '../domain/delivery.ts';
import { digestOf } from '../domain/ids.ts';
import type { RowKey, TableStore } from '../ports/table-store.ts';
import { decode, readStored, rowsOf, type Stored } from './rows.ts';

/** One time that a notification was sent again; generations count from 1. */
const replayedSchema = z.object({ generation: z.number(), delivery: z.string(), atMs: z.number(), rule: z.string() });

/** Row `(event, replay.<target>)` of `decisions`: every message by which this event was told again to this target; the last one holds. */
export const replayPointerSchema = z.object({ target: z.string(), made: z.array(replayedSchema) });

/**
 * Row `(delivery, replay)` of `decisions`: the events that a message tells again. Written once: whoever comes second leaves it alone. No
 * delivery: the message was given up before it was made, and can never be made any more.
 */
const replayStepSchema = z.object({
  delivery: z.optional(deliverySchema),
  parts: z.array(z.string()),
  dueMs: z.number(),
});

/** One time that a notification was sent again. */
export type Replayed = z.infer<typeof replayedSchema>;
/** Every time that an event was told again to a target. */
export type ReplayPointer = z.infer<typeof replayPointerSchema>;
/** What a message tells again. */
export type ReplayStep = z.infer<typeof replayStepSchema>;

const PREFIX = 'replay.';

/** Where it stands that an event was told again to a target. */
export const replayPointerKey = (event: string, target: string): RowKey => ({
  table: 'decisions',
  pk: event,
  sk: `${PREFIX}${target}`,
});

/** Where it stands what a message tells again. */
export const replayStepKey = (delivery: string): RowKey => ({ table: 'decisions', pk: delivery, sk: 'replay' });

/** The batch that a message which tells again has in the books: the same for the same message. */
export const replayBatchOf = (delivery: string): string => `rpl_${delivery.slice('dlv_'.length)}`;

/** Where the next free moment for a message that tells a target again stands. */
export const replayPaceKey = (target: string): RowKey => ({ table: 'targets', pk: target, sk: 'replay' });

/** What a message tells again; undefined when it was never made. */
export const readReplayStep = (store: TableStore, delivery: string): Promise<Stored<ReplayStep> | undefined> =>
  readStored(store, replayStepSchema, replayStepKey(delivery));

const TIME_CHARS = 9;

/** Id of the message that tells these events again to a target: a pure function of events, their generations and the target. */
export const replayDeliveryIdOf = (target: string, parts: readonly { event: string; generation: number }[]): string => {
  const names = parts.map(({ event, generation }) => `${event}#${generation}`).sort();
  const time = (names[0] ?? '').slice('evt_'.length, 'evt_'.length + TIME_CHARS);
  return `dlv_${time}${digestOf('replay', target, ...names)}`;
};

/** Every target that an event was told again, with the times. */
export const replaysOf = async (store: TableStore, event: string): Promise<ReplayPointer[]> => {
  const pointers: ReplayPointer[] = [];
  const query = { table: 'decisions' as const, pk: event, from: PREFIX, to: `${PREFIX}\uffff` };
  for await (const row of rowsOf(store, query)) pointers.push(decode(replayPointerSchema, row));
  return pointers;
};
