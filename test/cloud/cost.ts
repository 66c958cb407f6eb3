import { perEvent } from './budgets.ts';
import type { Figures } from './figures.ts';
import type { FunctionFigures, Measured } from './measure.ts';
import { FREE_REQUESTS, type Prices } from './prices.ts';

const MILLION = 1_000_000;
const DAYS = 30;
/** Units of Function Compute: 75 for 10,000 calls, 1 a second of a processor, 0.15 a GB of memory, 0.05 of disk. Source: as that of its price. */
const CALL_UNITS = 75 / 10_000;
const MEMORY_UNITS = 0.15;
const DISK_UNITS = 0.05;
const DISK_GB = 0.5;
/** Channels of the idle bill. */
const CHANNELS = 3;
/** Beside those of the channels: events, notifications, dead letters. */
const OWN_QUEUES = 3;
/** Each trigger asks again after that long when nothing comes. */
const POLL_SECONDS = 30;
const DAY_SECONDS = 86_400;
/** Calls of the timers a day: each minute, and each five. */
const TIMER_CALLS = { sweep: 1_440, overview: 288 } as const;

/** Assumptions of a cost table. */
export interface CostOptions {
  prices: Prices;
  /** How long a provider takes to answer. */
  providerMs: number;
}

const secondUnits = ({ cpu, memoryMb }: FunctionFigures): number =>
  cpu + (memoryMb / 1_024) * MEMORY_UNITS + DISK_GB * DISK_UNITS;

/** Measured on a whole processor: on a part of one it takes that much longer, as if all of it were work and none of it waiting. */
const callUnits = (figures: FunctionFigures, waitMs: number): number =>
  CALL_UNITS + ((figures.busyMs / figures.invocations / figures.cpu + waitMs) / 1_000) * secondUnits(figures);

const unitsOf = ({ functions }: Measured, providerMs: number): number =>
  Object.entries(functions).reduce((sum, [name, figures]) => {
    const waitMs = name.startsWith('deliver-') ? providerMs : 0;
    return sum + figures.invocations * callUnits(figures, waitMs);
  }, 0);

const capacityOf = ({ tables }: Measured): { read: number; write: number } => {
  const all = Object.values(tables);
  return {
    read: all.reduce((sum, { readUnits }) => sum + readUnits, 0),
    write: all.reduce((sum, { writeUnits }) => sum + writeUnits, 0),
  };
};

const count = (value: number): string => Math.round(value).toLocaleString('en-US');

const usd = (value: number): string => value.toFixed(2);

const priced = (value: number, price: number | undefined): string =>
  price === undefined ? 'no price' : usd(value * price);

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const millionRow = (measured: Measured, { prices, providerMs }: CostOptions): string => {
  const scale = MILLION / measured.events;
  const { smqRequests, rowsWritten, rowsRead } = perEvent(measured);
  const { read, write } = capacityOf(measured);
  const calls = Object.values(measured.functions).reduce((sum, { invocations }) => sum + invocations, 0);
  const units = unitsOf(measured, providerMs) * scale;
  return row([
    String(measured.batch),
    count(smqRequests * MILLION),
    `${count(rowsWritten * MILLION)} / ${count(rowsRead * MILLION)}`,
    `${count(write * scale)} / ${count(read * scale)}`,
    count(calls * scale),
    usd(units * prices.computeUnit),
    usd(((read * scale) / 10_000) * prices.readUnits),
    priced((write * scale) / 10_000, prices.writeUnits),
    priced(smqRequests, prices.smqMillion),
  ]);
};

const timerUnits = ({ functions }: Measured): number =>
  Object.entries(TIMER_CALLS).reduce((sum, [name, calls]) => {
    const figures = functions[name];
    return figures === undefined ? sum : sum + calls * callUnits(figures, 0);
  }, 0);

/** What a day costs on which nothing happens, with three channels, in USD; what has no price is left out. */
export const idleDay = (idle: Measured, { queueDay, computeUnit, readUnits }: Prices): number => {
  const { read } = capacityOf(idle);
  // Both timers were called in each round: the one that is called more often stands for both.
  const reads = (read / idle.events) * TIMER_CALLS.sweep;
  return (CHANNELS + OWN_QUEUES) * queueDay + timerUnits(idle) * computeUnit + (reads / 10_000) * readUnits;
};

const idleRows = (idle: Measured, { prices }: CostOptions): string[] => {
  const queues = CHANNELS + OWN_QUEUES;
  const polls = ((queues - 1) * DAY_SECONDS * DAYS) / POLL_SECONDS;
  const timerCalls = (TIMER_CALLS.sweep + TIMER_CALLS.overview) * DAYS;
  const reads = (capacityOf(idle).read / idle.events) * TIMER_CALLS.sweep * DAYS;
  return [
    row(['queues', String(queues), usd(queues * prices.queueDay * DAYS)]),
    row(['requests of the triggers that find nothing', count(polls), `free up to ${count(FREE_REQUESTS)}`]),
    row(['calls of the timers', count(timerCalls), usd(timerUnits(idle) * DAYS * prices.computeUnit)]),
    row(['units of reading', count(reads), usd((reads / 10_000) * prices.readUnits)]),
    row(['a day', '', usd(idleDay(idle, prices))]),
    row(['a month', '', usd(idleDay(idle, prices) * DAYS)]),
  ];
};

/** The tables of the README: what a million events cost when they come one by one, by 16 and by 100, and what an idle month costs. */
export const costLines = ({ measured, idle }: Pick<Figures, 'measured' | 'idle'>, options: CostOptions): string => {
  const million = measured.filter(({ name }) => /^webhook-/.test(name));
  return [
    '| events in a call | SMQ requests | rows written / read | units written / read | calls of functions | Function Compute | reading | writing | SMQ |',
    '|---|---|---|---|---|---|---|---|---|',
    ...million.map((one) => millionRow(one, options)),
    '',
    '| an idle month, three channels | | USD |',
    '|---|---|---|',
    ...idleRows(idle, options),
  ].join('\n');
};
