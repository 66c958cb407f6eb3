import * as z from 'zod/mini';
import { deliverySchema } from '../domain/delivery.ts';
import type { RowKey } from '../ports/table-store.ts';

/** That a delivery went on to another channel: written once, before that is done; whoever comes later leaves it alone. */
export const fallbackRecordSchema = z.object({
  /** The message that goes on. */
  delivery: z.string(),
  target: z.string(),
  channel: z.string(),
  why: z.enum(['failed', 'late']),
  atMs: z.number(),
});

/** A message that goes on, as it was made, and the deliveries that it goes on for; at most the first thousand of them. */
export const fallbackStepSchema = z.object({ delivery: deliverySchema, parts: z.array(z.string()) });

/** That a delivery went on to another channel. */
export type FallbackRecord = z.infer<typeof fallbackRecordSchema>;

/** Where it stands that this delivery went on. */
export const fallbackRowKey = (deliveryId: string): RowKey => ({ table: 'decisions', pk: deliveryId, sk: 'fallback' });

/** Where a message that goes on is kept, so that it can be sent again as it was made. */
export const fallbackStepKey = (stepId: string): RowKey => ({ table: 'decisions', pk: stepId, sk: 'step' });
