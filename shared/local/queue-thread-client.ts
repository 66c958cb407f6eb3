import { Worker } from 'node:worker_threads';
import { isOutage } from '../stages/outage.ts';
import { callContext, type FunctionBundles } from './function-bundles.ts';
import type { FromQueueThread, HelpFault, QueueThreadSettings, ToQueueThread } from './queue-thread-protocol.ts';

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
  /** Functions of this thread, which helps when it has time. */
  functions: FunctionBundles;
  /** Takes log lines. */
  write: (line: string) => void;
}

const dieWith = (error: unknown): never => {
  throw error;
};

const faultOf = async (work: () => Promise<unknown>): Promise<HelpFault | undefined> => {
  try {
    await work();
    return undefined;
  } catch (error) {
    return { isOutage: isOutage(error), message: error instanceof Error ? error.message : 'the function failed' };
  }
};

/** Conversation with the thread: answers find who asked. */
class Conversation implements QueueThread {
  readonly #worker: Worker;
  readonly #functions: FunctionBundles;
  readonly #asked = new Map<number, (text: string) => void>();
  readonly #stopped: Promise<void>;
  #asks = 0;
  #stopping = false;

  constructor(worker: Worker, functions: FunctionBundles) {
    this.#worker = worker;
    this.#functions = functions;
    this.#stopped = new Promise((resolve) => worker.once('exit', () => resolve()));
    worker.once('exit', (code) => {
      if (!this.#stopping) dieWith(new Error(`the thread of the queues ended with code ${code}`));
      for (const [ask] of this.#asked) this.#answer(ask, '');
    });
    worker.on('message', (message: FromQueueThread) => {
      if (message.kind === 'metrics') this.#answer(message.ask, message.text);
      if (message.kind === 'help') void this.#help(message);
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

  async #help({ ask, name, event }: Extract<FromQueueThread, { kind: 'help' }>): Promise<void> {
    const fault = await faultOf(async () =>
      this.#functions(name)(Buffer.from(event.buffer, event.byteOffset, event.byteLength), callContext(name)),
    );
    this.#post(fault === undefined ? { kind: 'helped', ask } : { kind: 'helped', ask, fault });
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
export const startQueueThread = ({ settings, functions, write }: QueueThreadOptions): Promise<QueueThread> => {
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
      resolve(new Conversation(worker, functions));
    });
  });
};
