import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import {
  type ArrivedTuple,
  type ChangeOp,
  type FromWorker,
  type PushTuple,
  REFUSED,
  type Reply,
  type ToWorker,
} from './protocol.ts';
import { returnPlaces, takePlace } from './room.ts';
import type { StoreEngine } from './store-engine.ts';

interface Client {
  port: MessagePort;
  /** Present for the client that consumes. */
  room: Int32Array | undefined;
}

interface Batch extends ToWorker {
  client: Client;
}

const isDone = (op: ChangeOp, reply: Reply | undefined): boolean =>
  op[0] === 'commit' && reply?.[0] === 1 && !(reply[1] as number[]).includes(REFUSED);

const without = ([id, queue, attempt, dueMs, body]: PushTuple): ArrivedTuple => [
  id,
  queue,
  attempt,
  dueMs,
  attempt === 0 ? '' : body,
];

/** Serves the clients of the store: whatever any of them has asked for by now shares one transaction. Belongs to the worker thread. */
export class StoreServer {
  readonly #engine: StoreEngine;
  #clients: Client[] = [];

  constructor(engine: StoreEngine) {
    this.#engine = engine;
  }

  /** Serves one more client; the one with `room` consumes, and hears of every message that others put on a queue. */
  connect(port: MessagePort, room?: Int32Array): void {
    const client: Client = { port, room };
    this.#clients.push(client);
    port.on('message', (message: ToWorker) => this.#serve({ client, ...message }));
    port.on('close', () => {
      this.#clients = this.#clients.filter((one) => one !== client);
    });
  }

  /** Hangs up on every client, so that the thread can end. */
  close(): void {
    for (const { port } of this.#clients) port.close();
  }

  #serve(first: Batch): void {
    const batches = [first, ...this.#clients.flatMap(waitingOf)];
    for (const { client, reads } of batches)
      if (reads.length > 0) answer(client, { kind: 'reads', replies: this.#engine.read(reads) });
    const changing = batches.filter(({ changes }) => changes.length > 0);
    if (changing.length > 0) this.#change(changing);
  }

  #change(batches: readonly Batch[]): void {
    const consumer = this.#clients.find(({ room }) => room !== undefined);
    for (const batch of batches) if (batch.client !== consumer) promise(batch.changes, consumer?.room);
    const replies = this.#engine.change(batches.flatMap(({ changes }) => changes));
    const arrived: ArrivedTuple[] = [];
    let at = 0;
    for (const { client, changes } of batches) {
      const own = replies.slice(at, at + changes.length);
      at += changes.length;
      // places that stayed unused are free before anybody hears of it
      if (client !== consumer) arrived.push(...arrivals(changes, own, consumer?.room));
      answer(client, { kind: 'changes', replies: own });
    }
    if (consumer !== undefined && arrived.length > 0) answer(consumer, { kind: 'arrived', messages: arrived });
  }
}

const answer = ({ port }: Client, message: FromWorker): void => port.postMessage(message);

/** What a client has sent by now and nobody has looked at. */
const waitingOf = (client: Client): Batch[] => {
  const batches: Batch[] = [];
  for (let next = receiveMessageOnPort(client.port); next !== undefined; next = receiveMessageOnPort(client.port))
    batches.push({ client, ...(next.message as ToWorker) });
  return batches;
};

/** Marks messages as claimed by the consumer while it has room for them, so that writing and claiming them are one. */
const promise = (changes: readonly ChangeOp[], room: Int32Array | undefined): void => {
  if (room === undefined) return;
  for (const op of changes) {
    if (op[0] !== 'commit') continue;
    for (const message of op[2]) if (message[3] === 0 && takePlace(room)) message[2] = 1;
  }
};

/** The messages that became durable; places of those that did not are given back. */
const arrivals = (
  changes: readonly ChangeOp[],
  replies: readonly Reply[],
  room: Int32Array | undefined,
): ArrivedTuple[] => {
  const arrived: ArrivedTuple[] = [];
  for (const [index, op] of changes.entries()) {
    if (op[0] !== 'commit') continue;
    if (isDone(op, replies[index])) for (const message of op[2]) arrived.push(without(message));
    else if (room !== undefined) returnPlaces(room, op[2].filter(([, , attempt]) => attempt === 1).length);
  }
  return arrived;
};
