import * as z from 'zod/mini';

const settingsSchema = z.strictObject({
  /** For people. */
  name: z.optional(z.string()),
  /** The number is on the block list of the service. */
  blocked: z.optional(z.boolean()),
  /** Its owner refused messages. */
  refuses: z.optional(z.boolean()),
  /** Calls to it fail. */
  unreachable: z.optional(z.boolean()),
  /** Calls are not permitted at this hour. */
  quiet: z.optional(z.boolean()),
});

/** State of one fake phone, as far as the service knows it. */
export type PhoneSettings = z.infer<typeof settingsSchema>;

/** At most that many in a sliding window, and how the service names the window in its answer. */
export interface PhoneLimit {
  limit: number;
  windowMs: number;
  words: string;
}

/** One fake phone, and how often it was reached. */
export class FakePhone {
  settings: PhoneSettings = {};
  readonly #sent = new Map<string, number[]>();

  /** Replaces the settings; gives the words of what is wrong with them. */
  configure(settings: unknown): string | undefined {
    const parsed = settingsSchema.safeParse(settings);
    if (!parsed.success) return z.prettifyError(parsed.error);
    this.settings = parsed.data;
    return undefined;
  }

  /** Counts one message under a key; the limit that it would exceed, which leaves it uncounted. */
  admit(key: string, nowMs: number, limits: readonly PhoneLimit[]): PhoneLimit | undefined {
    const longestMs = Math.max(...limits.map(({ windowMs }) => windowMs));
    const sent = (this.#sent.get(key) ?? []).filter((atMs) => nowMs - atMs < longestMs);
    const exceeded = limits.find(
      ({ limit, windowMs }) => sent.filter((atMs) => nowMs - atMs < windowMs).length >= limit,
    );
    if (exceeded === undefined) sent.push(nowMs);
    this.#sent.set(key, sent);
    return exceeded;
  }
}
