import { MessageChannel, type Worker } from 'node:worker_threads';
import { StoreUnavailableError } from '../../ports/table-store.ts';
import { DataDirectoryLockedError } from './data-directory-locked-error.ts';
import type { FromWorkerControl, OpenState, StoreConnection, ToWorkerControl } from './protocol.ts';
import { sharedRoom } from './room.ts';
import { startWorker } from './worker-thread.ts';

/** Where the store lies. */
export interface LocalStoreOptions {
  /** Made with mode 0700 when absent; the files in it are 0600. */
  dataDir: string;
  /** A built store worker that does not lie beside the bundle of this module. */
  workerUrl?: URL;
  /** Ceiling of the main file in pages, to test a full disk. */
  maxPages?: number;
}

/** An open data directory: the store worker, and ways to it for several threads. */
export interface LocalStore {
  /** What waited in the queues at the start. */
  state: OpenState;
  /** A way to the store; may be handed to another thread. There is at most one that consumes. */
  connect(role: 'consumer' | 'sender'): StoreConnection;
  /** Resolves, with why, when the store ended though nobody closed it: every client fails from then on. */
  died: Promise<StoreUnavailableError>;
  /** Closes the files and gives the directory free; every client must have hung up. */
  close(): Promise<void>;
}

/** Half of the ids of an opening are for each role, so that no id is ever used twice. */
const SENDER_IDS = 2 ** 31;

const opened = (worker: Worker, dataDir: string): Promise<OpenState> =>
  new Promise((resolve, reject) => {
    const unstarted = (cause?: unknown) =>
      reject(new StoreUnavailableError('the store worker did not start', { cause }));
    worker.once('error', unstarted);
    worker.once('exit', unstarted);
    worker.once('message', (message: FromWorkerControl) => {
      worker.off('error', unstarted).off('exit', unstarted);
      if (message.kind === 'opened') resolve(message.state);
      else reject(refusalOf(message, dataDir));
    });
  });

const refusalOf = (message: FromWorkerControl, dataDir: string): Error => {
  const cause = new Error(message.kind === 'failed' ? message.reason : `unexpected ${message.kind}`);
  if (message.kind === 'failed' && message.locked) return new DataDirectoryLockedError(dataDir, { cause });
  return new StoreUnavailableError(`the store could not be opened: ${cause.message}`, { cause });
};

/** What the worker fails with; resolves only with an end that nobody asked for. */
const deathOf = (worker: Worker, isClosing: () => boolean): Promise<StoreUnavailableError> =>
  new Promise((resolve) => {
    const died = (cause: unknown): void => {
      const words = cause instanceof Error ? cause.message : `its thread ended with code ${cause}`;
      if (!isClosing()) resolve(new StoreUnavailableError(`the store has failed: ${words}`, { cause }));
    };
    worker.once('error', died);
    worker.once('exit', died);
  });

/**
 * Opens the data directory for this process alone. Throws {@link DataDirectoryLockedError} when somebody else has it, and
 * StoreUnavailableError when it cannot be opened. What a client was told is done survives the death of the process and of the machine.
 */
export const openLocalStore = async ({ dataDir, workerUrl, maxPages = 0 }: LocalStoreOptions): Promise<LocalStore> => {
  const worker = await startWorker({ dataDir, maxPages }, workerUrl);
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const state = await opened(worker, dataDir);
  let isClosing = false;
  // a worker that fails ends, which closes every port: each client says so to its callers
  worker.on('error', () => undefined);
  return {
    state,
    died: deathOf(worker, () => isClosing),
    connect: (role) => {
      const { port1, port2 } = new MessageChannel();
      const room = role === 'consumer' ? sharedRoom() : undefined;
      const message: ToWorkerControl = { kind: 'connect', port: port2, ...(room ? { room } : {}) };
      worker.postMessage(message, [port2]);
      const firstId = role === 'consumer' ? state.nextId : state.nextId + SENDER_IDS;
      return { port: port1, firstId, ...(room ? { room } : {}) };
    },
    close: async () => {
      isClosing = true;
      worker.postMessage({ kind: 'close' } satisfies ToWorkerControl);
      await exited;
    },
  };
};
