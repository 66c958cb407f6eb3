import * as z from 'zod/mini';
import { messageSchema, type NotificationsMessage } from '../domain/messages.ts';
import type { Row, TableStore } from '../ports/table-store.ts';
import { allRows, decode } from './rows.ts';

/** A row of table `deadletters`: a queue message that was given up, and why. */
const deadLetterSchema = z.object({ queue: z.string(), body: z.string(), reason: z.string(), atMs: z.number() });

/** What the dead letters carried: batches whose matching was given up, units `batch.part`, and deliveries with the instant at which they were. */
export interface DeadWork {
  batches: ReadonlySet<string>;
  units: ReadonlySet<string>;
  deliveries: ReadonlyMap<string, number>;
}

const parseBody = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

interface Found {
  batches: Set<string>;
  units: Set<string>;
  deliveries: Map<string, number>;
}

const addLetter = (found: Found, row: Row): void => {
  const { body, atMs } = decode(deadLetterSchema, row);
  const message = messageSchema.safeParse(parseBody(body)).data;
  if (message?.kind === 'events') found.batches.add(message.batch);
  if (message?.kind === 'notifications') for (const unit of unitsOf(message)) found.units.add(unit);
  if (message?.kind === 'deliver') for (const { id } of message.deliveries) found.deliveries.set(id, atMs);
};

const unitsOf = (message: NotificationsMessage): string[] => message.units.map((unit) => `${unit.batch}.${unit.part}`);

/** What lies in the dead letters; bodies that nobody could read count for nothing. */
export const readDeadWork = async (store: TableStore): Promise<DeadWork> => {
  const found: Found = { batches: new Set(), units: new Set(), deliveries: new Map() };
  for await (const row of allRows(store, 'deadletters')) addLetter(found, row);
  return found;
};
