import type { LocalQueue } from '../adapters/local/local-queue.ts';
import type { Metrics } from '../runtime/metrics.ts';
import { QUEUE_TRIGGERS } from './queue-pumps.ts';

const STATES = ['ready', 'delayed', 'inFlight', 'dead'] as const;

/** Adds what only this machine can tell: how deep the queues are and how much memory the process holds. */
export const measureHost = (metrics: Metrics, queue: LocalQueue): void => {
  metrics.gauge(
    { name: 'fenghuo_queue_messages', help: 'Messages in a queue now.', labels: { queue: 'code', state: STATES } },
    () =>
      QUEUE_TRIGGERS.flatMap((trigger) => {
        const depth = queue.depth(trigger.queue);
        return STATES.map((state) => ({ value: depth[state], labels: { queue: trigger.queue, state } }));
      }),
  );
  metrics.gauge({ name: 'process_resident_memory_bytes', help: 'Resident memory.' }, () => [
    { value: process.memoryUsage.rss() },
  ]);
  metrics.gauge({ name: 'process_cpu_seconds_total', help: 'CPU time used.' }, () => {
    const { user, system } = process.cpuUsage();
    return [{ value: (user + system) / 1_000_000 }];
  });
};
