import type { LocalQueue } from '../adapters/local/local-queue.ts';
import type { Metrics } from '../runtime/metrics.ts';
import { QUEUE_TRIGGERS } from './queue-pumps.ts';

const STATES = ['ready', 'delayed', 'inFlight', 'dead'] as const;

/** Adds how deep the queues of this machine are. */
export const measureQueues = (metrics: Metrics, queue: LocalQueue): void => {
  metrics.gauge(
    { name: 'fenghuo_queue_messages', help: 'Messages in a queue now.', labels: { queue: 'code', state: STATES } },
    () =>
      QUEUE_TRIGGERS.flatMap((trigger) => {
        const depth = queue.depth(trigger.queue);
        return STATES.map((state) => ({ value: depth[state], labels: { queue: trigger.queue, state } }));
      }),
  );
};

/** Adds what the whole process uses. */
export const measureProcess = (metrics: Metrics): void => {
  metrics.gauge({ name: 'process_resident_memory_bytes', help: 'Resident memory.' }, () => [
    { value: process.memoryUsage.rss() },
  ]);
  metrics.gauge({ name: 'process_cpu_seconds_total', help: 'CPU time used.' }, () => {
    const { user, system } = process.cpuUsage();
    return [{ value: (user + system) / 1_000_000 }];
  });
};
