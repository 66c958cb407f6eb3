import { EventEmitter } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import { beforeEach, describe, expect, it } from 'vitest';
import { SqliteQueue } from '../../shared/adapters/local/local-queue.ts';
import type { ChangeOp, Reply, ToWorker } from '../../shared/adapters/local/protocol.ts';
import { WorkerClient } from '../../shared/adapters/local/worker-client.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { until } from '../support/local-platform.ts';

/** The thread of a store that takes no end of a claim while it is full. */
class FullWorker extends EventEmitter {
  full = true;
  refusals = 0;
  readonly removed: number[] = [];

  postMessage(message: ToWorker): void {
    const replies = message.changes.map((op) => this.#replyTo(op));
    setImmediate(() => this.emit('message', { kind: 'changes', replies }));
  }

  #replyTo(op: ChangeOp): Reply {
    if (op[0] === 'claim') return [1, op[1].map((id) => [id, 1, ''])];
    if (op[0] === 'commit') return [1, []];
    if (this.full) {
      this.refusals += 1;
      return [0, 'database or disk is full'];
    }
    this.removed.push(...op[1].done);
    return [1, null];
  }
}

describe('the end of a claim that the disk does not take', () => {
  let worker: FullWorker;
  let clock: FakeClock;
  let queue: SqliteQueue;
  let seen: string[];
  beforeEach(() => {
    worker = new FullWorker();
    clock = new FakeClock();
    seen = [];
    const client = new WorkerClient(worker as unknown as MessagePort);
    queue = new SqliteQueue({ client, clock, timers: clock }, { firstId: 1, queues: [] });
    queue.consume('events', { max: 1, concurrency: 1, visibilityMs: 3_600_000 }, async (messages) => {
      seen.push(...messages.map(({ id }) => id));
      return [{ kind: 'ack' }];
    });
  });

  it('is written again every second until it is taken, and the message is handed over once', async () => {
    await queue.send([{ queue: 'events', body: 'a' }]);
    for (let refusals = 1; refusals <= 3; refusals += 1) {
      await until(() => worker.refusals === refusals);
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(999);
      expect(queue.depth('events').inFlight).toBe(1);
      clock.advance(1);
    }
    worker.full = false; // the fourth attempt is on its way
    await until(() => worker.removed.length === 1);
    await until(() => queue.depth('events').inFlight === 0);
    expect(seen).toEqual(['1']);
  });

  it('is given up when the store closes, so that nothing is written after that', async () => {
    await queue.send([{ queue: 'events', body: 'a' }]);
    await until(() => worker.refusals === 1);
    await queue.close();
    const { refusals } = worker;
    clock.advance(10_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(worker.refusals).toBe(refusals);
  });
});
