import * as z from 'zod/mini';

const probability = z.number().check(z.gte(0), z.lte(1));

const codeSchema = z.object({
  /** Provider code, or HTTP status for webhooks, or `waf` for the front-line filter's answer. */
  code: z.union([z.number(), z.string()]),
  message: z.optional(z.string()),
  status: z.optional(z.int().check(z.gte(200), z.lte(599))),
  probability: z.optional(probability),
});

/** Fault knobs of one provider, one target, or everything when both are left out. */
export const faultsSchema = z.strictObject({
  provider: z.optional(z.string()),
  target: z.optional(z.string()),
  codes: z.optional(z.array(codeSchema)),
  latencyMs: z.optional(z.number().check(z.gte(0), z.lte(60_000))),
  /** Probability that the message is taken and the connection cut before the answer. */
  reset: z.optional(probability),
  /** Value of `Retry-After` on fault answers. */
  retryAfter: z.optional(z.union([z.number(), z.string()])),
});

/** Fault knobs. */
export type Faults = z.infer<typeof faultsSchema>;

/** One answer to give in place of the real one. */
export type FaultCode = z.infer<typeof codeSchema>;

/** Who a request is for. */
export interface FaultScope {
  provider: string;
  target: string;
}

const isEmpty = (faults: Faults): boolean =>
  (faults.codes ?? []).length === 0 && !faults.latencyMs && !faults.reset && faults.retryAfter === undefined;

/** The fault knobs in force; the most specific entry that fits a request applies, alone. */
export class FaultKnobs {
  #entries: Faults[] = [];
  readonly #random: () => number;
  #struck: FaultCode | undefined;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Replaces the entry of the same provider and target; one without any effect removes it. */
  set(faults: Faults): void {
    this.#entries = this.#entries.filter(
      ({ provider, target }) => !(provider === faults.provider && target === faults.target),
    );
    if (!isEmpty(faults)) this.#entries.push(faults);
  }

  clear(): void {
    this.#entries = [];
  }

  list(): readonly Faults[] {
    return this.#entries;
  }

  for(scope: FaultScope): Faults | undefined {
    const weight = (faults: Faults): number => (faults.target ? 2 : 0) + (faults.provider ? 1 : 0);
    return this.#entries
      .filter(({ provider }) => provider === undefined || provider === scope.provider)
      .filter(({ target }) => target === undefined || target === scope.target)
      .sort((a, b) => weight(b) - weight(a))[0];
  }

  /** Whether a thing of that probability happens this time. */
  happens(chance: number): boolean {
    return chance > 0 && this.#random() < chance;
  }

  /** The answer to give in place of the real one; undefined when this request is served as usual. */
  strike(faults: Faults | undefined): FaultCode | undefined {
    const struck = faults?.codes?.find(({ probability: chance = 1 }) => this.happens(chance));
    this.#struck = struck ?? this.#struck;
    return struck;
  }

  /** The fault that struck since this was asked last. */
  takeStruck(): FaultCode | undefined {
    const struck = this.#struck;
    this.#struck = undefined;
    return struck;
  }
}
