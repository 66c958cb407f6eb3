import { StoreUnavailableError } from '../ports/table-store.ts';

/** Does the work of several callers in one call: one result for each item, in their order. */
export type Together<Item, Result> = (items: readonly Item[]) => Promise<readonly Result[]>;

interface Waiting<Item, Result> {
  item: Item;
  done: (result: Result) => void;
  failed: (error: unknown) => void;
}

/** A call was made for several callers and gave fewer results. */
class ResultMissingError extends Error {
  readonly code = 'result-missing';
  constructor() {
    super('work that was done together gave no result for one of its callers');
    this.name = 'ResultMissingError';
  }
}

/**
 * Gathers the work of concurrent callers: what is asked for while a call is under way leaves together in the next one, so that callers
 * who come alone never wait and many share one call. When a call fails for another reason than the store, each caller is tried alone, so
 * that one of them harms nobody else. With `linger`, a call waits for that before it leaves, so that more callers can join it.
 */
export class Gatherer<Item, Result> {
  readonly #together: Together<Item, Result>;
  readonly #linger: (() => Promise<void>) | undefined;
  #waiting: Waiting<Item, Result>[] = [];
  #busy = false;

  constructor(together: Together<Item, Result>, linger?: () => Promise<void>) {
    this.#together = together;
    this.#linger = linger;
  }

  /** Resolves with the result for this item; rejects with the error of the call that carried it. */
  add(item: Item): Promise<Result> {
    return new Promise((done, failed) => {
      this.#waiting.push({ item, done, failed });
      if (!this.#busy) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      if (this.#linger !== undefined) await this.#linger();
      const batch = this.#waiting;
      this.#waiting = [];
      await this.#run(batch);
    }
    this.#busy = false;
  }

  async #run(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      settle(batch, await this.#together(batch.map(({ item }) => item)));
    } catch (error) {
      await this.#afterFailure(batch, error);
    }
  }

  async #afterFailure(batch: readonly Waiting<Item, Result>[], error: unknown): Promise<void> {
    if (batch.length === 1 || error instanceof StoreUnavailableError) {
      for (const { failed } of batch) failed(error);
      return;
    }
    for (const one of batch) await this.#run([one]);
  }
}

const settle = <Item, Result>(batch: readonly Waiting<Item, Result>[], results: readonly Result[]): void => {
  for (const [index, { done, failed }] of batch.entries()) {
    const result = results[index];
    if (result === undefined) failed(new ResultMissingError());
    else done(result);
  }
};
