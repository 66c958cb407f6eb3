import type { Outbox } from '../../ports/outbox.ts';
import type { MessageSender } from '../../ports/queue.ts';
import type { TableStore } from '../../ports/table-store.ts';
import { assertSendable } from '../local/message-limits.ts';

/**
 * The outbox of a store without transactions: rows first, then, when every write took effect, the messages. What dies in between is
 * put back on its way by the sweep.
 */
export const writeThenSend = (store: TableStore, queue: MessageSender): Outbox => ({
  async commit(writes, messages) {
    assertSendable(messages);
    const results = writes.length === 0 ? [] : await store.write(writes);
    if (messages.length > 0 && results.every(({ applied }) => applied)) await queue.send(messages);
    return results;
  },
});
