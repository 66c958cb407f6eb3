import * as z from 'zod/mini';
import { messageSchema, type NotificationsMessage } from '../domain/messages.ts';
import type { Row, TableStore } from '../ports/table-store.ts';
import { allRows, decode } from './rows.ts';

/** A row of table `deadletters`: a queue message that was given up, and why. */
const deadLetterSchema = z.object({ queue: z.string(), body: z.string(), reason: z.string(), atMs: z.number() });

/** What the dead letters carried: batches whose matching was given up, units `batch.part`, and deliveries. */
export interface DeadWork {
  batches: ReadonlySet<string>;
  units: ReadonlySet<string>;
  deliveries: ReadonlySet<string>;
}

const parseBody = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

const readMessage = (row: Row) => {
  const message = messageSchema.safeParse(parseBody(decode(deadLetterSchema, row).body));
  return message.success ? message.data : undefined;
};

const unitsOf = (message: NotificationsMessage): string[] => message.units.map((unit) => `${unit.batch}.${unit.part}`);

/** What lies in the dead letters; bodies that nobody could read count for nothing. */
export const readDeadWork = async (store: TableStore): Promise<DeadWork> => {
  const batches: string[] = [];
  const units: string[] = [];
  const deliveries: string[] = [];
  for await (const row of allRows(store, 'deadletters')) {
    const message = readMessage(row);
    if (message?.kind === 'events') batches.push(message.batch);
    if (message?.kind === 'notifications') units.push(...unitsOf(message));
    if (message?.kind === 'deliver') deliveries.push(...message.deliveries.map(({ id }) => id));
  }
  return { batches: new Set(batches), units: new Set(units), deliveries: new Set(deliveries) };
};
