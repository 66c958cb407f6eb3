import type { RunningContender } from './contender.ts';
import type { ReportRow } from './report.ts';

/** Sums of every metric family of a Prometheus text, over all its labels. */
export type MetricSums = ReadonlyMap<string, number>;

/** What one delivered event cost in calls; a family that the host does not tell is absent. */
export type CallsPerEvent = ReadonlyMap<string, number>;

/** Counter families that the rows are about, and how they read. */
const FAMILIES = new Map([
  ['fenghuo_store_calls_total', 'store calls'],
  ['fenghuo_store_rows_total', 'rows written or read'],
  ['fenghuo_store_commits_total', 'durable transactions'],
  ['fenghuo_queue_messages_total', 'queue messages'],
  ['fenghuo_http_calls_total', 'HTTP calls to providers'],
]);

const addLine = (sums: Map<string, number>, line: string): void => {
  const found = /^([a-zA-Z_:][\w:]*)(?:\{.*\})? (\S+)/.exec(line);
  if (found?.[1] !== undefined) sums.set(found[1], (sums.get(found[1]) ?? 0) + Number(found[2]));
};

/** Sums the samples of a Prometheus text by family. */
export const sumMetrics = (text: string): MetricSums => {
  const sums = new Map<string, number>();
  for (const line of text.split('\n')) addLine(sums, line);
  return sums;
};

const metricsText = async (running: RunningContender): Promise<string> => {
  const headers = { authorization: `Bearer ${running.entrance.token ?? ''}` };
  const answer = await fetch(`${running.url}/metrics`, { headers }).catch(() => undefined);
  const text = (await answer?.text()) ?? '';
  return answer?.ok === true ? text : '';
};

/** The metrics of a running system, summed by family; empty when it tells none. */
export const readMetrics = async (running: RunningContender): Promise<MetricSums> =>
  sumMetrics(await metricsText(running));

const WORK_IN_HAND = /^fenghuo_queue_messages\{.*state="(?:ready|inFlight)".*\}/;

/** Queue messages that are ready or being worked on; undefined when the system does not tell. */
export const workInHand = async (running: RunningContender): Promise<number | undefined> => {
  const lines = (await metricsText(running)).split('\n').filter((line) => WORK_IN_HAND.test(line));
  if (lines.length === 0) return undefined;
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
};

/** What happened between two readings, for each event. */
export const callsBetween = (span: { before: MetricSums; after: MetricSums; events: number }): CallsPerEvent => {
  const calls = new Map<string, number>();
  for (const family of FAMILIES.keys()) {
    const after = span.after.get(family);
    if (after !== undefined) calls.set(family, (after - (span.before.get(family) ?? 0)) / span.events);
  }
  return calls;
};

/** Calls per event as rows; they inform, their budget is set where calls cost money. */
export const callRows = (calls: CallsPerEvent = new Map()): ReportRow[] =>
  [...calls].map(([family, ours]) => ({
    row: `${FAMILIES.get(family) ?? family} of an event`,
    unit: 'per event',
    ours,
  }));
