import type { Clock } from './clock.ts';
import type { Outbox } from './outbox.ts';
import type { MessageQueue, QueueName } from './queue.ts';
import type { TableStore } from './table-store.ts';

/** A queue that tells when its next message is due, so that a simulated clock can jump there. */
interface SimulatedQueue extends MessageQueue {
  /** The earliest instant at which a message of any queue is visible, and that queue; undefined when all are empty. */
  nextDueMs(): { queue: QueueName; atMs: number } | undefined;
}

/** A platform that is gone when the simulation is over. */
export interface SimulatedPlatform {
  store: TableStore;
  queue: SimulatedQueue;
  outbox: Outbox;
}

/** What a simulation needs of the world around it. */
export interface Simulator {
  /** An empty platform whose messages become visible by this clock. */
  createPlatform(clock: Clock): SimulatedPlatform;
  /** Gives other work of the process a turn when this one has worked for some milliseconds; call it often. */
  breathe(): Promise<void>;
}
