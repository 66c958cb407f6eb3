import { StoreUnavailableError } from '../ports/table-store.ts';
import type { FunctionBundles, FunctionName } from './function-bundles.ts';
import type { FromQueueThread, HelpFault, ToQueueThread } from './queue-thread-protocol.ts';

interface Asked {
  done: () => void;
  failed: (error: Error) => void;
}

const errorOf = ({ isOutage, message }: HelpFault): Error =>
  isOutage ? new StoreUnavailableError(message) : new Error(message);

/** Has functions called in the front thread, which has the same bundles. */
export class FrontInvoker {
  readonly #tell: (message: FromQueueThread) => void;
  readonly #asked = new Map<number, Asked>();
  #asks = 0;

  constructor(tell: (message: FromQueueThread) => void) {
    this.#tell = tell;
  }

  /** Each rejects with StoreUnavailableError for an outage, and with an Error that says why for any other failure. */
  readonly functions: FunctionBundles = (name) => (event) => this.#ask(name, event);

  /** The front has answered. */
  helped({ ask, fault }: Extract<ToQueueThread, { kind: 'helped' }>): void {
    const asked = this.#asked.get(ask);
    this.#asked.delete(ask);
    if (fault === undefined) asked?.done();
    else asked?.failed(errorOf(fault));
  }

  #ask(name: FunctionName, event: Buffer): Promise<void> {
    const ask = this.#asks;
    this.#asks += 1;
    return new Promise((done, failed) => {
      this.#asked.set(ask, { done, failed });
      this.#tell({ kind: 'help', ask, name, event });
    });
  }
}
