import * as z from 'zod/mini';
import { CAUSES, languageSchema } from './delivery.ts';

/** Asks a delivery function to send a test message now to an address of the settings, which is named by its key. */
const targetTestSchema = z.strictObject({
  kind: z.literal('test'),
  key: z.string(),
  /** Which robot of its pool, the first being 1; absent for the first and for what has no pool. */
  robot: z.optional(z.number()),
  language: languageSchema,
});

/** Asks the delivery function of mail to log in with a resource instance of the settings and to send a test mail. */
const senderTestSchema = z.strictObject({
  kind: z.literal('test-sender'),
  instance: z.string(),
  to: z.string(),
  language: languageSchema,
});

/** What a delivery function does when it is invoked, and no queue calls it. Names and keys only: it looks the addresses up itself. */
export const testCallSchema = z.discriminatedUnion('kind', [targetTestSchema, senderTestSchema]);

/** A call for a test message. */
export type TestCall = z.infer<typeof testCallSchema>;

/** What a test message came to; cause and fix in the language of the caller. */
export const testResultSchema = z.object({
  status: z.enum(['delivered', 'refused', 'deferred', 'ambiguous']),
  code: z.string(),
  cause: z.optional(z.enum(CAUSES)),
  fix: z.optional(z.string()),
  latencyMs: z.number(),
});

/** What a test message came to. */
export type TestResult = z.infer<typeof testResultSchema>;
