import { readLedger } from '../stages/ledger.ts';
import { type ApiReply, json, text } from './api.ts';
import type { ConsolePorts } from './console-ports.ts';
import type { Route } from './router.ts';

const ready = async ({ store, clock }: ConsolePorts): Promise<ApiReply> => {
  await store.get({ table: 'settings', pk: 'current', sk: '' });
  return json(200, { status: 'ready', time: new Date(clock.nowMs()).toISOString() });
};

/** The routes about how the system stands: books, health, metrics. */
export const stateRoutes = (ports: ConsolePorts): readonly Route[] => [
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
    summary: 'The store answers too; 503 when it does not.',
    handle: () => ready(ports),
  },
  {
    method: 'GET',
    path: '/metrics',
    access: 'open',
    summary: 'Metrics in the text format of Prometheus.',
    handle: () => text(200, 'text/plain; version=0.0.4; charset=utf-8', ports.metricsText()),
  },
];
