import type { QueueCounts } from '../support/smq-counts.ts';
import type { Measured } from './measure.ts';

/** One figure beside its bound. */
export interface Budget {
  what: string;
  scenario: string;
  value: number;
  bound: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Queues that something went through: polls of the others run by the clock, and are in the bill of an idle month. */
export const usedQueues = ({ queues }: Measured): [string, QueueCounts][] =>
  Object.entries(queues).filter(([, { messages, delete: deleted }]) => messages + deleted > 0);

/** What one event of a scenario cost. */
export const perEvent = (measured: Measured) => {
  const { events, tables, calls } = measured;
  return {
    smqRequests: sum(usedQueues(measured).map(([, one]) => one.send + one.receive + one.delete + one.other)) / events,
    rowsWritten: sum(Object.values(tables).map(({ rowsWritten }) => rowsWritten)) / events,
    rowsRead: sum(Object.values(tables).map(({ rowsRead }) => rowsRead)) / events,
    storeCalls: sum(Object.values(calls)) / events,
  };
};

const BOUNDS: readonly [scenario: string, smq: number, written: number, read: number, calls?: number][] = [
  ['webhook-16', 0.8, 4, 3, 0.5],
  ['robot-16', 0.8, 4, 3, 0.5],
  ['webhook-100', 0.15, 1.5, 1],
  ['lane-100', 0.15, 1.5, 1],
];

const named = (measured: readonly Measured[], name: string): Measured => {
  const found = measured.find((one) => one.name === name);
  if (found === undefined) throw new Error(`nothing was measured as ${name}`);
  return found;
};

const OWN_QUEUES = ['deliver-dingtalk'];

/** Messages that events which were merged into an open window cost beside those of their batch. */
const openWindow = (measured: readonly Measured[]): Budget => {
  const { queues } = named(measured, 'open-window');
  const value = sum(OWN_QUEUES.map((queue) => queues[queue]?.messages ?? 0));
  return {
    what: 'messages of its own for an event merged into an open window',
    scenario: 'open-window',
    value,
    bound: 0,
  };
};

const LATENCY_MS = 200;

/** How much longer than the slowest answer of its provider a warm batch holds a function. */
const held = (measured: readonly Measured[]): Budget => {
  const figures = named(measured, 'held').functions['deliver-webhook'];
  const value = (figures?.medianMs ?? Number.NaN) - LATENCY_MS;
  return { what: 'ms beside the slowest provider call, batch of 16', scenario: 'held', value, bound: 50 };
};

/** The figures of the issue beside their bounds. */
export const budgetsOf = (measured: readonly Measured[]): Budget[] => [
  ...BOUNDS.flatMap(([scenario, smq, written, read, calls]) => {
    const value = perEvent(named(measured, scenario));
    const rows: Budget[] = [
      { what: 'SMQ requests a notification', scenario, value: value.smqRequests, bound: smq },
      { what: 'rows written a notification', scenario, value: value.rowsWritten, bound: written },
      { what: 'rows read a notification', scenario, value: value.rowsRead, bound: read },
    ];
    if (calls !== undefined)
      rows.push({ what: 'store calls a notification', scenario, value: value.storeCalls, bound: calls });
    return rows;
  }),
  openWindow(measured),
  held(measured),
];

/** The budgets as a table of Markdown. */
export const budgetLines = (budgets: readonly Budget[]): string =>
  [
    '| figure | scenario | measured | bound | |',
    '|---|---|---|---|---|',
    ...budgets.map(({ what, scenario, value, bound }) => {
      const verdict = value <= bound ? 'kept' : 'not kept';
      return `| ${what} | ${scenario} | ${Number(value.toFixed(3))} | ${bound} | ${verdict} |`;
    }),
  ].join('\n');
