import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { consumerOn } from '../../shared/adapters/local/open.ts';
import type { FromWorker, ReadOp, ToWorker, WriteTuple } from '../../shared/adapters/local/protocol.ts';
import { WorkerClient } from '../../shared/adapters/local/worker-client.ts';
import { StoreUnavailableError } from '../../shared/ports/table-store.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { until } from '../support/local-platform.ts';

/** A worker that answers when it is told to. */
const scripted = (port: MessagePort) => {
  const batches: ToWorker[] = [];
  port.on('message', (batch: ToWorker) => batches.push(batch));
  const answer = (message: FromWorker): void => port.postMessage(message);
  return { batches, answer };
};

const put = (sk: string): WriteTuple => [0, 'p', sk, -1, '{}'];
const get = (sk: string): ReadOp => ['get', [[0, 'p', sk]]];
/** Sort keys of the rows that a batch writes. */
const writtenBy = ({ changes }: ToWorker): string[] =>
  changes.flatMap((op) => (op[0] === 'commit' ? op[1].map(([, , sk]) => sk) : []));

describe('the way of a thread to the store worker', () => {
  let worker: ReturnType<typeof scripted>;
  let client: WorkerClient;
  let workerPort: MessagePort;

  beforeEach(() => {
    const { port1, port2 } = new MessageChannel();
    workerPort = port2;
    worker = scripted(port2);
    client = new WorkerClient(port1);
  });
  afterEach(() => {
    workerPort.close();
  });

  const write = (sk: string) => {
    const written = client.change(['commit', [put(sk)], []]);
    written.catch(() => undefined); // what a test leaves unanswered fails when its worker goes
    return written;
  };
  /** Asks for each of these in a turn of its own, so that no two of them leave together while there is a free place. */
  const inTurns = async (...keys: string[]): Promise<Promise<unknown>[]> => {
    const answers: Promise<unknown>[] = [];
    for (const key of keys) {
      answers.push(write(key));
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
    return answers;
  };
  const sent = () => worker.batches.map(writtenBy);
  /** Queues ride along that carry nothing. */
  const carryQueues = (): void => client.carry({ board: () => () => undefined, arrived: () => undefined });

  it('sends at once where no queues ride along, whatever is under way', async () => {
    const answers = await inTurns('a', 'b', 'c');
    await until(() => worker.batches.length === 3);
    expect(sent()).toEqual([['a'], ['b'], ['c']]);
    for (const replies of [[7], [8], [9]]) worker.answer({ kind: 'changes', replies: [[1, replies]] });
    expect(await Promise.all(answers)).toEqual([[7], [8], [9]]);
  });

  it('keeps a second batch waiting at the worker while the first is written, and gathers the rest for the next', async () => {
    carryQueues();
    const answers = await inTurns('a', 'b', 'c', 'd');
    await until(() => worker.batches.length === 2);
    expect(sent()).toEqual([['a'], ['b']]);
    worker.answer({ kind: 'changes', replies: [[1, [1]]] });
    await answers[0];
    await until(() => worker.batches.length === 3);
    expect(sent()).toEqual([['a'], ['b'], ['c', 'd']]);
  });

  it('gives each caller the answer of its own batch, in the order in which the batches left', async () => {
    const [first, second] = await inTurns('a', 'b');
    worker.answer({ kind: 'changes', replies: [[1, [7]]] });
    worker.answer({ kind: 'changes', replies: [[0, 'disk full']] });
    expect(await first).toEqual([7]);
    await expect(second).rejects.toThrow(StoreUnavailableError);
  });

  it('gives reads of the second batch their rows, though the first is still being written', async () => {
    const [first] = await inTurns('a');
    const row = client.read(get('x'));
    await until(() => worker.batches.length === 2);
    worker.answer({ kind: 'reads', replies: [[1, ['row x']]] });
    expect(await row).toEqual(['row x']);
    worker.answer({ kind: 'changes', replies: [[1, [1]]] });
    expect(await first).toEqual([1]);
  });

  it('closes when both batches and what waited behind them are answered', async () => {
    carryQueues();
    const answers = await inTurns('a', 'b', 'c');
    let isClosed = false;
    const closed = client.close().then(() => {
      isClosed = true;
    });
    for (let batch = 0; batch < 3; batch += 1) {
      await until(() => worker.batches.length > Math.min(batch, 2));
      expect(isClosed).toBe(false);
      worker.answer({ kind: 'changes', replies: [[1, [batch]]] });
      await answers[batch];
    }
    await closed;
    expect(await Promise.all(answers)).toEqual([[0], [1], [2]]);
  });

  it('fails every caller of every batch when the worker is gone', async () => {
    const answers = await inTurns('a', 'b', 'c');
    const ends = Promise.allSettled(answers);
    workerPort.close();
    expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await expect(write('d')).rejects.toThrow(StoreUnavailableError);
  });
});

describe('the queues on that way', () => {
  it('promise no call to a message while an older one is being written without such a promise', async () => {
    const { port1, port2 } = new MessageChannel();
    const worker = scripted(port2);
    const clock = new FakeClock();
    const { queue } = consumerOn({ port: port1, firstId: 1 }, [], { clock, timers: clock });
    let ends = 0;
    queue.consume('events', { max: 1, concurrency: 1, visibilityMs: 60_000 }, async (messages) => {
      ends += messages.length;
      return messages.map(() => ({ kind: 'ack' }));
    });
    const send = (body: string) => queue.send([{ queue: 'events', body }]).catch(() => undefined);
    const attempts = () =>
      worker.batches.flatMap(({ changes }) =>
        changes.flatMap((op) => (op[0] === 'commit' ? op[2].map(([, , attempt, , body]) => `${body}#${attempt}`) : [])),
      );
    void send('first');
    await until(() => worker.batches.length === 1);
    void send('while the only call is taken');
    await until(() => worker.batches.length === 2);
    worker.answer({ kind: 'changes', replies: [[1, []]] });
    await until(() => ends === 1);
    void send('when the call is over');
    await until(() => attempts().length === 3);
    expect(attempts()).toEqual(['first#1', 'while the only call is taken#0', 'when the call is over#0']);
    port2.close();
  });
});
