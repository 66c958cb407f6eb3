import type { SealerKeys } from '../adapters/crypto/sealer.ts';
import type { LocalStore } from '../adapters/local/local-store.ts';
import { waitingIn } from '../adapters/local/room.ts';
import type { FunctionBundles } from './function-bundles.ts';
import { type QueueThread, startQueueThread } from './queue-thread-client.ts';
import type { QueueThreadSettings } from './queue-thread-protocol.ts';

/** What the queue thread is given besides its way to the store. */
export interface QueueWorkParts extends Omit<QueueThreadSettings, 'connection' | 'queues'> {
  store: LocalStore;
  keys: SealerKeys;
  /** Functions of this thread, which helps when it has time. */
  functions: FunctionBundles;
  /** Takes log lines. */
  write: (line: string) => void;
}

/** The work behind the queues, whether it has begun or not. */
export interface QueueWork {
  /** Starts the thread; the result stops it. */
  start(): Promise<() => Promise<void>>;
  /** How many messages wait for a call there. */
  waiting(): number;
  /** Metrics of the thread in the text format of Prometheus; empty before it has begun. */
  metricsText(): Promise<string>;
}

/** Prepares the queue thread. What is put on the queues from now on reaches it, however late it starts. */
export const queueWorkOf = (parts: QueueWorkParts): QueueWork => {
  const { store, write, environment, keys, url, functionsDirectory, fakeMail, functions, frontCalls } = parts;
  const connection = store.connect('consumer');
  const { queues } = store.state;
  const settings = { connection, queues, environment, keys, url, functionsDirectory, fakeMail, frontCalls };
  let running: QueueThread | undefined;
  const { room } = connection;
  return {
    waiting: () => (room === undefined ? 0 : waitingIn(room)),
    start: async () => {
      const thread = await startQueueThread({ settings, functions, write });
      running = thread;
      return () => thread.stop();
    },
    metricsText: async () => (await running?.metricsText()) ?? '',
  };
};
