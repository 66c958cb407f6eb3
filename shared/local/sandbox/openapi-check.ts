import type { ProductCall } from './openapi-provider.ts';
import type { OpenApiAnswer } from './openapi-signature.ts';

/** What a product has against a call, with its own code; such answers have HTTP status 200. */
export type Refusal = Omit<OpenApiAnswer, 'status'>;

/** One rule of a product; undefined when the call keeps it. */
export type Check = (call: ProductCall) => Refusal | undefined;

/** A refusal with a code and the words of the service. */
export const refusal = (code: string, words: string): Refusal => ({ code, words });

/** All rules in this order as one: the first objection counts. The services document no order. */
export const firstOf =
  (checks: readonly Check[]): Check =>
  (call) => {
    for (const check of checks) {
      const found = check(call);
      if (found !== undefined) return found;
    }
    return undefined;
  };
