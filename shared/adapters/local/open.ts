import type { Worker } from 'node:worker_threads';
import type { Clock } from '../../ports/clock.ts';
import type { Outbox } from '../../ports/outbox.ts';
import { StoreUnavailableError, type TableStore } from '../../ports/table-store.ts';
import { DataDirectoryLockedError } from './data-directory-locked-error.ts';
import { type LocalQueue, SqliteQueue } from './local-queue.ts';
import type { FromWorker, OpenState } from './protocol.ts';
import { resultsOf, SqliteTableStore, writeTupleOf } from './sqlite-table-store.ts';
import { assertStorable } from './storable-text.ts';
import { systemTimers, type Timers } from './timers.ts';
import { WorkerClient } from './worker-client.ts';
import { startWorker } from './worker-thread.ts';

/** What the embedded platform is opened with. */
export interface LocalPlatformOptions {
  /** Made with mode 0700 when absent; the files in it are 0600. */
  dataDir: string;
  clock: Clock;
  /** Who wakes delayed messages; by default timers of the process. */
  timers?: Timers;
  /** A built store worker that does not lie beside the bundle of this module. */
  workerUrl?: URL;
  /** Ceiling of the main file in pages, to test a full disk. */
  maxPages?: number;
}

/** The embedded store, queues and outbox over one SQLite file. */
export interface LocalPlatform {
  store: TableStore;
  queue: LocalQueue;
  outbox: Outbox;
  /** Stops the consumers, finishes what is under way, closes the files and gives the directory free. */
  close(): Promise<void>;
}

const opened = (worker: Worker, dataDir: string): Promise<OpenState> =>
  new Promise((resolve, reject) => {
    const unstarted = (cause?: unknown) =>
      reject(new StoreUnavailableError('the store worker did not start', { cause }));
    worker.once('error', unstarted);
    worker.once('exit', unstarted);
    worker.once('message', (message: FromWorker) => {
      worker.off('error', unstarted).off('exit', unstarted);
      if (message.kind === 'opened') resolve(message.state);
      else reject(refusalOf(message, dataDir));
    });
  });

const refusalOf = (message: FromWorker, dataDir: string): Error => {
  const cause = new Error(message.kind === 'failed' ? message.reason : `unexpected ${message.kind}`);
  if (message.kind === 'failed' && message.locked) return new DataDirectoryLockedError(dataDir, { cause });
  return new StoreUnavailableError(`the store could not be opened: ${cause.message}`, { cause });
};

/**
 * Opens the data directory for this process alone. Throws {@link DataDirectoryLockedError} when somebody else has it, and
 * StoreUnavailableError when it cannot be opened. A confirmed write or message survives the death of the process and of
 * the machine.
 */
export const openLocalPlatform = async (options: LocalPlatformOptions): Promise<LocalPlatform> => {
  const { dataDir, clock, timers = systemTimers(clock), workerUrl, maxPages = 0 } = options;
  const worker = await startWorker({ dataDir, maxPages }, workerUrl);
  const state = await opened(worker, dataDir);
  const client = new WorkerClient(worker);
  const queue = new SqliteQueue({ client, clock, timers }, state);
  return {
    store: new SqliteTableStore(client),
    queue,
    outbox: {
      // a refused write keeps the others and sends nothing: what a store without transactions would do
      commit: async (writes, messages) => {
        if (writes.length + messages.length === 0) return [];
        assertStorable(writes);
        return resultsOf(await queue.commit(writes.map(writeTupleOf), messages));
      },
    },
    close: async () => {
      await queue.close();
      await client.close();
    },
  };
};
