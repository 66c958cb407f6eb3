import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod/mini';
import { createSealer } from '../adapters/crypto/sealer.ts';
import { consumerOn } from '../adapters/local/open.ts';
import { setThreadPriority } from '../adapters/local/thread-priority.ts';
import { createJsonLogger } from '../runtime/json-logger.ts';
import { registerPlatform } from '../runtime/platform.ts';
import { systemClock } from '../runtime/system-clock.ts';
import { FrontInvoker } from './front-invoker.ts';
import { FrontRest } from './front-rest.ts';
import { FUNCTION_NAMES, type FunctionName, loadFunctions } from './function-bundles.ts';
import { measureQueues } from './host-metrics.ts';
import { createLocalInvoker } from './local-invoker.ts';
import { startPumps } from './queue-pumps.ts';
import type { FromQueueThread, QueueThreadSettings, ToQueueThread } from './queue-thread-protocol.ts';
import { threadPlatform } from './thread-platform.ts';
import { startTimers } from './timer-trigger.ts';

/** Entry of the queue thread: every function that a queue or a timer calls runs here, so that taking events in never waits for them. */
const port = parentPort;
if (port === null) throw new Error('the queue thread is started by the host, not by hand');

/** Where the system allows it, what was accepted is delivered before anything else is done but storing: compiling and taking in more can wait. */
const PRIORITY = -5;
setThreadPriority(PRIORITY);

const tell = (message: FromQueueThread): void => port.postMessage(message);

const front = new FrontInvoker(tell);

/** Functions behind HTTP run where the server is. */
const HTTP_FUNCTIONS: ReadonlySet<FunctionName> = new Set(['ingest', 'notify-message', 'console']);

const start = ({ connection, queues, functionsDirectory, keys, frontCalls, ...given }: QueueThreadSettings) => {
  const logger = createJsonLogger({
    clock: systemClock,
    write: (line) => tell({ kind: 'log', line }),
    least: given.environment.logLevel,
  });
  const local = consumerOn(connection, queues, { clock: systemClock });
  const names = FUNCTION_NAMES.filter((name) => !HTTP_FUNCTIONS.has(name));
  const functions = loadFunctions(functionsDirectory, names);
  const invoker = createLocalInvoker(functions);
  const sealer = createSealer(keys);
  // Nothing here answers calls, so neither the token nor the variables of settings files are known here.
  const platform = threadPlatform({ ...given, token: '', settingsEnv: {}, local, sealer, invoker, logger });
  measureQueues(platform.metrics, local.queue);
  registerPlatform(platform);
  const rest = new FrontRest(frontCalls);
  const rests = (): boolean => rest.rests(systemClock.nowMs());
  const stopPumps = startPumps({
    ...platform,
    queue: local.queue,
    functions,
    helper: { functions: front.functions, rests },
  });
  const stopTimers = startTimers({ ...platform, functions });
  return {
    metricsText: platform.metricsText,
    stop: async (): Promise<void> => {
      await Promise.all([stopPumps(), stopTimers()]);
      await platform.close();
      await local.close();
    },
  };
};

const settings = z.custom<QueueThreadSettings>((data) => typeof data === 'object' && data !== null).parse(workerData);
const running = start(settings);
port.on('message', (message: ToQueueThread) => {
  if (message.kind === 'helped') {
    front.helped(message);
    return;
  }
  if (message.kind === 'metrics') {
    void running.metricsText().then((text) => tell({ kind: 'metrics', ask: message.ask, text }));
    return;
  }
  void running.stop().then(() => {
    tell({ kind: 'stopped' });
    port.close();
  });
});
tell({ kind: 'started' });
