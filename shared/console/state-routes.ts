import { readLedger } from '../stages/ledger.ts';
import { type ApiReply, json, text } from './api.ts';
import { type CanaryGauges, createCanaryGauges } from './canary-state.ts';
import type { RecordsPorts } from './console-ports.ts';
import type { Route } from './router.ts';

const READY_KEY = { table: 'ledger', pk: 'ready', sk: '' } as const;
const PROBE_INTERVAL_MS = 1000;

/** Resolves when the store took a write within the last second, else rejects as the store did; a full disk still gives what it has. */
const storeProbe = ({ store, clock }: RecordsPorts): (() => Promise<unknown>) => {
  let last: { atMs: number; result: Promise<unknown> } | undefined;
  return () => {
    const atMs = clock.nowMs();
    const isFresh = last !== undefined && atMs >= last.atMs && atMs - last.atMs < PROBE_INTERVAL_MS;
    if (last === undefined || !isFresh)
      last = {
        atMs,
        result: store.write([{ ...READY_KEY, kind: 'put', body: JSON.stringify({ atMs }), when: 'any' }]),
      };
    return last.result;
  };
};

const readiness = (ports: RecordsPorts, canary: CanaryGauges): (() => Promise<ApiReply>) => {
  const probe = storeProbe(ports);
  return async () => {
    await probe();
    const time = new Date(ports.clock.nowMs()).toISOString();
    return json(200, { status: 'ready', time, ...(await canary.readiness()) });
  };
};

/** The routes about how the system stands: books, health, metrics. */
export const stateRoutes = (ports: RecordsPorts): readonly Route[] => {
  const canary = createCanaryGauges(ports);
  return [
    {
      method: 'GET',
      path: '/api/ledger',
      access: 'guarded',
      summary: 'The books: how many notifications stand where, and whether all are accounted for.',
      handle: async () => json(200, await readLedger(ports)),
    },
    {
      method: 'GET',
      path: '/healthz',
      access: 'open',
      summary: 'The process answers.',
      handle: () => json(200, { status: 'ok' }),
    },
    {
      method: 'GET',
      path: '/readyz',
      access: 'open',
      summary: 'The store takes writes too, asked at most once a second; 503 when it does not.',
      handle: readiness(ports, canary),
    },
    {
      method: 'GET',
      path: '/metrics',
      access: 'open',
      summary: 'Metrics in the text format of Prometheus.',
      handle: async () =>
        text(200, 'text/plain; version=0.0.4; charset=utf-8', `${await ports.metricsText()}${await canary.metrics()}`),
    },
  ];
};
