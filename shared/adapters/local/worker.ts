import { parentPort, workerData } from 'node:worker_threads';
import { DataDirectoryLockedError } from './data-directory-locked-error.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './protocol.ts';
import { StoreEngine } from './store-engine.ts';

/** Entry of the worker thread: the only place where SQL runs and the only connection of the process. */
const port = parentPort;
if (port === null) throw new Error('the store worker is started by openLocalPlatform, not by hand');

const answer = (message: FromWorker): void => port.postMessage(message);

const serve = (engine: StoreEngine): void => {
  port.on('message', (message: ToWorker) => {
    if (message === 'close') {
      engine.close();
      answer({ kind: 'closed' });
      port.close();
      return;
    }
    if (message.reads.length > 0) answer({ kind: 'reads', replies: engine.read(message.reads) });
    if (message.changes.length > 0) answer({ kind: 'changes', replies: engine.change(message.changes) });
  });
};

try {
  const engine = new StoreEngine(workerData as WorkerSettings);
  answer({ kind: 'opened', state: engine.open() });
  serve(engine);
} catch (error) {
  const locked = error instanceof DataDirectoryLockedError;
  answer({ kind: 'failed', locked, reason: error instanceof Error ? error.message : String(error) });
  port.close();
}
