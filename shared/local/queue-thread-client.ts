import { Worker } from 'node:worker_threads';
import type { FromQueueThread, QueueThreadSettings, ToQueueThread } from './queue-thread-protocol.ts';

/** The thread in which queues and timers call their functions. */
export interface QueueThread {
  /** Its metrics in the text format of Prometheus. */
  metricsText(): Promise<string>;
  /** Takes nothing more from the queues; resolves when the work in hand is finished and written. */
  stop(): Promise<void>;
}

/** How the thread is started. */
export interface QueueThreadOptions {
  settings: QueueThreadSettings;
  /** Takes log lines. */
  write: (line: string) => void;
}

const dieWith = (error: unknown): never => {
  throw error;
};

/** Conversation with the thread: answers find who asked. */
class Conversation implements QueueThread {
  readonly #worker: Worker;
  readonly #asked = new Map<number, (text: string) => void>();
  readonly #stopped: Promise<void>;
  #asks = 0;
  #stopping = false;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.#stopped = new Promise((resolve) => worker.once('exit', () => resolve()));
    worker.once('exit', (code) => {
      if (!this.#stopping) dieWith(new Error(`the thread of the queues ended with code ${code}`));
      for (const [ask] of this.#asked) this.#answer(ask, '');
    });
    worker.on('message', (message: FromQueueThread) => {
      if (message.kind === 'metrics') this.#answer(message.ask, message.text);
    });
  }

  metricsText(): Promise<string> {
    const ask = this.#asks;
    this.#asks += 1;
    return new Promise((resolve) => {
      this.#asked.set(ask, resolve);
      this.#post({ kind: 'metrics', ask });
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#post({ kind: 'stop' });
    await this.#stopped;
  }

  #post(message: ToQueueThread): void {
    this.#worker.postMessage(message);
  }

  #answer(ask: number, text: string): void {
    this.#asked.get(ask)?.(text);
    this.#asked.delete(ask);
  }
}

/**
 * Most of what this thread makes of an event lives until its delivery is told: young for long, and cheaper to drop young than to move and mark.
 * The other threads get by with a quarter (`--max-semi-space-size=8` in `npm start`; a young generation is three such spaces).
 */
const YOUNG_GENERATION_MB = 96;

/** Starts the thread and resolves when it consumes; rejects with what kept it from starting. A fault in it later is a fault of the process. */
export const startQueueThread = ({ settings, write }: QueueThreadOptions): Promise<QueueThread> => {
  const worker = new Worker(new URL('./queue-thread.js', import.meta.url), {
    workerData: settings,
    transferList: [settings.connection.port],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  return new Promise((resolve, reject) => {
    const unstarted = (code: number): void => reject(new Error(`the thread of the queues ended with code ${code}`));
    worker.once('error', reject).once('exit', unstarted);
    worker.on('message', (message: FromQueueThread) => {
      if (message.kind === 'log') write(message.line);
      if (message.kind !== 'started') return;
      worker.off('error', reject).off('exit', unstarted);
      worker.on('error', dieWith);
      resolve(new Conversation(worker));
    });
  });
};
