import type { Cause } from './delivery.ts';
import type { Bilingual } from './event.ts';

/** What a refusal or a delay tells: the provider's code, its own words without secrets, the cause and what to do. */
interface Explanation {
  code: string;
  cause: Cause;
  /** The provider's words, redacted and shortened. */
  text: string;
  fix: Bilingual;
}

/**
 * What became of one attempt, decided by the body and not by the HTTP status alone.
 * - `delivered`: the provider took it.
 * - `throttled`: the provider said too fast; nothing may be sent to the target for `retryAfterMs`.
 * - `retry`: certainly not delivered, a later attempt can succeed.
 * - `ambiguous`: nobody knows; the message may have arrived.
 * - `refused`: permanent until somebody changes something; `endpointDead` when nothing will ever arrive there again.
 */
export type Outcome =
  | { kind: 'delivered'; code: string }
  | ({ kind: 'throttled'; retryAfterMs: number } & Explanation)
  | ({ kind: 'retry'; retryAfterMs: number; maxAttempts: number } & Explanation)
  | ({ kind: 'ambiguous'; retryAfterMs: number; maxAttempts: number } & Explanation)
  | ({ kind: 'refused'; endpointDead: boolean } & Explanation);

/** A refusal of our own, before anything is sent: it needs somebody to change what the fix names. */
export const refusedUnsent = (code: string, cause: Cause, fix: Bilingual): Outcome => ({
  kind: 'refused',
  endpointDead: false,
  code,
  cause,
  text: 'nothing was sent',
  fix,
});
