import type { Clock } from '../../ports/clock.ts';
import type { Outbox } from '../../ports/outbox.ts';
import type { MessageSender } from '../../ports/queue.ts';
import type { TableStore } from '../../ports/table-store.ts';
import { type LocalQueue, SqliteQueue } from './local-queue.ts';
import { type LocalStoreOptions, openLocalStore } from './local-store.ts';
import type { QueueSnapshot, StoreConnection } from './protocol.ts';
import { QueueSender } from './queue-sender.ts';
import { resultsOf, SqliteTableStore, writeTupleOf } from './sqlite-table-store.ts';
import { assertStorable } from './storable-text.ts';
import { systemTimers, type Timers } from './timers.ts';
import { WorkerClient } from './worker-client.ts';

/** What a thread works with. */
export interface ThreadTime {
  clock: Clock;
  /** Who wakes delayed messages; by default timers of the process. */
  timers?: Timers;
}

/** The embedded store and outbox for a thread that only sends. */
export interface LocalSender {
  store: TableStore;
  queue: MessageSender;
  outbox: Outbox;
  /** Finishes what is under way and hangs up. */
  close(): Promise<void>;
}

/** The embedded store, queues and outbox for the thread that consumes. */
export interface LocalPlatform extends LocalSender {
  queue: LocalQueue;
}

/** What the embedded platform is opened with. */
export interface LocalPlatformOptions extends LocalStoreOptions, ThreadTime {}

const outboxOver = (sender: Pick<QueueSender, 'commit'>): Outbox => ({
  // A refused write keeps the others and sends nothing: what a store without transactions would do. Without `await`, since what is
  // written would be kept while the worker writes it.
  commit: async (writes, messages) => {
    if (writes.length + messages.length === 0) return [];
    assertStorable(writes);
    return sender.commit(writes.map(writeTupleOf), messages).then(resultsOf);
  },
});

/** The platform of a thread that only sends. */
export const senderOn = ({ port, firstId }: StoreConnection, { clock }: ThreadTime): LocalSender => {
  const client = new WorkerClient(port);
  const queue = new QueueSender({ client, clock }, firstId);
  return { store: new SqliteTableStore(client), queue, outbox: outboxOver(queue), close: () => client.close() };
};

/** The platform of the thread that consumes; `queues` is what waited when the store was opened. */
export const consumerOn = (
  connection: StoreConnection,
  queues: readonly QueueSnapshot[],
  { clock, timers = systemTimers(clock) }: ThreadTime,
): LocalPlatform => {
  const client = new WorkerClient(connection.port);
  const queue = new SqliteQueue({ client, clock, timers }, { ...connection, queues });
  const close = async (): Promise<void> => {
    await queue.close();
    await client.close();
  };
  return { store: new SqliteTableStore(client), queue, outbox: outboxOver(queue), close };
};

/**
 * Opens the data directory for this process alone, with everything in this thread. Throws DataDirectoryLockedError when somebody else
 * has it, and StoreUnavailableError when it cannot be opened. A confirmed write or message survives the death of the process and of the machine.
 */
export const openLocalPlatform = async (options: LocalPlatformOptions): Promise<LocalPlatform> => {
  const opened = await openLocalStore(options);
  const platform = consumerOn(opened.connect('consumer'), opened.state.queues, options);
  const close = async (): Promise<void> => {
    await platform.close();
    await opened.close();
  };
  return { ...platform, close };
};
