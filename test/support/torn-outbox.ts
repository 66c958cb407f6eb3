import type { Outbox } from '../../shared/ports/outbox.ts';
import type { MessageSender, OutgoingMessage } from '../../shared/ports/queue.ts';
import type { TableStore, WriteOp } from '../../shared/ports/table-store.ts';
import { CrashError } from './guarded-platform.ts';

interface Tear {
  /** Which commit of rows with messages dies, the first being 1. */
  at: number;
  /** How many of its messages are sent before that. */
  sent: 'none' | 'half';
}

const kindOf = ({ body, queue }: OutgoingMessage): string => `${queue}:${String(JSON.parse(body).kind)}`;

const describe = (writes: readonly WriteOp[], messages: readonly OutgoingMessage[]): string => {
  const tables = [...new Set(writes.map(({ table }) => table))].sort().join('+');
  return `${tables} > ${[...new Set(messages.map(kindOf))].sort().join('+')}`;
};

/** An outbox of a store without transactions whose process dies between the rows and the messages of one commit. */
export class TornOutbox implements Outbox {
  readonly #store: TableStore;
  readonly #queue: MessageSender;
  readonly #tear: Tear;
  #count = 0;
  /** The tables and messages of the commit that died; undefined while none did. */
  torn: string | undefined;

  constructor({ store, queue }: { store: TableStore; queue: MessageSender }, tear: Tear) {
    this.#store = store;
    this.#queue = queue;
    this.#tear = tear;
  }

  commit: Outbox['commit'] = async (writes, messages) => {
    const results = writes.length === 0 ? [] : await this.#store.write(writes);
    if (messages.length === 0 || !results.every(({ applied }) => applied)) return results;
    if (writes.length > 0) this.#count += 1;
    if (writes.length === 0 || this.#count !== this.#tear.at || this.torn !== undefined) {
      await this.#queue.send(messages);
      return results;
    }
    this.torn = describe(writes, messages);
    if (this.#tear.sent === 'half') await this.#queue.send(messages.slice(0, Math.floor(messages.length / 2)));
    throw new CrashError('died between the rows and the messages');
  };
}
