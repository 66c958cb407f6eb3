import { parentPort, workerData } from 'node:worker_threads';
import { DataDirectoryLockedError } from './data-directory-locked-error.ts';
import type { FromWorkerControl, ToWorkerControl, WorkerSettings } from './protocol.ts';
import { StoreEngine } from './store-engine.ts';
import { StoreServer } from './store-server.ts';
import { setThreadPriority } from './thread-priority.ts';

/** Entry of the worker thread: the only place where SQL runs and the only connection of the process. */
const control = parentPort;
if (control === null) throw new Error('the store worker is started by openLocalStore, not by hand');

/**
 * Above the threads that wait for it, where the system allows that: it works for a millisecond, waits for the disk, and then would wait as
 * long again for a processor that somebody else has.
 */
const PRIORITY = -10;

const tell = (message: FromWorkerControl): void => control.postMessage(message);

const obey = (engine: StoreEngine): void => {
  const server = new StoreServer(engine);
  control.on('message', (message: ToWorkerControl) => {
    if (message.kind === 'connect') {
      server.connect(message.port, message.room);
      return;
    }
    server.close();
    engine.close();
    control.close();
  });
};

try {
  const engine = new StoreEngine(workerData as WorkerSettings);
  setThreadPriority(PRIORITY);
  tell({ kind: 'opened', state: engine.open() });
  obey(engine);
} catch (error) {
  const locked = error instanceof DataDirectoryLockedError;
  tell({ kind: 'failed', locked, reason: error instanceof Error ? error.message : String(error) });
  control.close();
}
