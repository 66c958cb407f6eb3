import * as z from 'zod/mini';
import { languageSchema } from './language.ts';

/** Where a message goes on when it is refused, given up, or not delivered in time: one step after the other, each tried once. */
export const fallbackSchema = z.object({
  /** How long a step may take before the next one is tried. */
  afterMs: z.number(),
  /** Steps that are left, the next one first. */
  steps: z.array(z.object({ target: z.string(), channel: z.string(), language: languageSchema })),
});

/** Where a message goes on when its channel fails. */
export type Fallback = z.infer<typeof fallbackSchema>;
