// A process of its own: the webhook receiver, which knows for each event whether it came once, never or more than once.
import { openSink } from '../support/sink.ts';
import { monotonicMs, type ReceiverAnswer, type ReceiverOrder } from './load-messages.ts';
import { createWatcher } from './watcher.ts';

const POLL_MS = 5;
/** After the last event it listens on for that long, so that a repeated one is seen. */
const QUIET_MS = 150;

let watcher = createWatcher({ from: 0, count: 0, targets: 1 });
const sink = await openSink(({ path, body }) => watcher.note({ path, body, atMs: monotonicMs() }));

const tell = (answer: ReceiverAnswer): void => {
  process.send?.(answer);
};

const tellSeen = (): void => tell({ answer: 'seen', result: { ...watcher.result(), connections: sink.connections() } });

const waitForAll = (timeoutMs: number): void => {
  const deadlineMs = monotonicMs() + timeoutMs;
  const look = (): void => {
    if (watcher.complete()) setTimeout(tellSeen, QUIET_MS);
    else if (monotonicMs() > deadlineMs) tellSeen();
    else setTimeout(look, POLL_MS);
  };
  look();
};

process.on('message', (message: ReceiverOrder) => {
  switch (message.order) {
    case 'watch':
      watcher = createWatcher(message.plan);
      return tell({ answer: 'watching' });
    case 'wait':
      return waitForAll(message.timeoutMs);
    case 'totals':
      return tell({ answer: 'totals', totals: watcher.totals() });
  }
});
process.on('disconnect', () => process.exit());
tell({ answer: 'listening', port: sink.port });
