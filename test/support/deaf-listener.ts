import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** Listens with a queue of one and then stops for good, so that its queue stays full once it is. */
const LISTENER = `
const { parentPort, workerData } = require('node:worker_threads');
const server = require('node:net').createServer();
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  Atomics.wait(new Int32Array(workerData), 0, 0);
});`;

const QUEUE_FILLERS = 6;

/** A port of this machine on which a connection is neither made nor refused, as behind a firewall that drops. Linux only. */
export const openDeafListener = async (): Promise<{ port: number; close(): Promise<void> }> => {
  const worker = new Worker(LISTENER, { eval: true, workerData: new SharedArrayBuffer(4) });
  const [port] = (await once(worker, 'message')) as [number];
  const fillers: Socket[] = Array.from({ length: QUEUE_FILLERS }, () => connect(port, '127.0.0.1'));
  for (const filler of fillers) filler.on('error', () => undefined);
  await Promise.all(fillers.slice(0, 2).map((filler) => once(filler, 'connect')));
  const close = async (): Promise<void> => {
    for (const filler of fillers) filler.destroy();
    await worker.terminate();
  };
  return { port, close };
};
