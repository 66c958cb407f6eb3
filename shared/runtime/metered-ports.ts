import type { Channel } from '../channels/channel.ts';
import type { Roster } from '../domain/roster.ts';
import type { HttpClient } from '../ports/http-client.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { TableStore } from '../ports/table-store.ts';
import type { EscalatePorts } from '../stages/escalate.ts';
import type { IngestResult } from '../stages/ingest.ts';
import type { RosterSource } from '../stages/roster-source.ts';
import type { Metrics } from './metrics.ts';

const STORE_CALLS = ['get', 'get-many', 'range', 'scan', 'write', 'commit'] as const;
const OUTCOMES = ['delivered', 'throttled', 'retry', 'ambiguous', 'refused'] as const;
const DECISIONS = [
  'accepted',
  'duplicate',
  'rejected',
  'matched',
  'no-rule',
  'escalated',
  'repeated',
  'acknowledged',
] as const;
const LATENCY_BOUNDS_MS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

const storeCounters = (metrics: Metrics) => {
  const labels = { call: STORE_CALLS };
  const calls = metrics.counter({ name: 'fenghuo_store_calls_total', help: 'Calls to the table store.', labels });
  const rows = metrics.counter({
    name: 'fenghuo_store_rows_total',
    help: 'Rows read, asked for by key, or written.',
    labels,
  });
  return (call: (typeof STORE_CALLS)[number], count: number): void => {
    calls.add(1, { call });
    rows.add(count, { call });
  };
};

/** The same store; its calls and rows are counted. */
export const meteredStore = (store: TableStore, metrics: Metrics): TableStore => {
  const count = storeCounters(metrics);
  return {
    get: (key) => {
      count('get', 1);
      return store.get(key);
    },
    getMany: (keys) => {
      count('get-many', keys.length);
      return store.getMany(keys);
    },
    range: async (query) => {
      const rows = await store.range(query);
      count('range', rows.length);
      return rows;
    },
    scan: async (query) => {
      const rows = await store.scan(query);
      count('scan', rows.length);
      return rows;
    },
    write: (ops) => {
      count('write', ops.length);
      return store.write(ops);
    },
  };
};

/** The same outbox; its commits count as store calls. */
export const meteredOutbox = (outbox: Outbox, metrics: Metrics): Outbox => {
  const count = storeCounters(metrics);
  const messages = metrics.counter({ name: 'fenghuo_messages_sent_total', help: 'Messages put on a queue.' });
  return {
    commit: (writes, outgoing) => {
      count('commit', writes.length);
      messages.add(outgoing.length);
      return outbox.commit(writes, outgoing);
    },
  };
};

/** The same client; its calls are counted by the class of the answer. */
export const meteredHttp = (http: HttpClient, metrics: Metrics): HttpClient => {
  const labels = { status: ['2xx', '3xx', '4xx', '5xx', 'none'] };
  const calls = metrics.counter({ name: 'fenghuo_http_calls_total', help: 'Calls to providers.', labels });
  return {
    send: async (request) => {
      try {
        const response = await http.send(request);
        calls.add(1, { status: `${Math.floor(response.status / 100)}xx` });
        return response;
      } catch (error) {
        calls.add(1, { status: 'none' });
        throw error;
      }
    },
  };
};

/** The same channel; its outcomes and the time they took are counted. */
export const meteredChannel = (channel: Channel, metrics: Metrics): Channel => {
  const channels = { channel: 'code' } as const;
  const outcomes = metrics.counter({
    name: 'fenghuo_attempts_total',
    help: 'Attempts by outcome; the body of the answer decides.',
    labels: { ...channels, outcome: OUTCOMES },
  });
  const latency = metrics.histogram(
    { name: 'fenghuo_attempt_ms', help: 'How long an attempt took.', labels: channels },
    LATENCY_BOUNDS_MS,
  );
  return {
    ...channel,
    send: async (notice, target, ports) => {
      const startedAtMs = ports.clock.nowMs();
      const outcome = await channel.send(notice, target, ports);
      outcomes.add(1, { channel: channel.name, outcome: outcome.kind });
      latency.observe(ports.clock.nowMs() - startedAtMs, { channel: channel.name });
      return outcome;
    },
  };
};

const decisionCounter = (metrics: Metrics) =>
  metrics.counter({
    name: 'fenghuo_decisions_total',
    help: 'Decisions about events by name.',
    labels: { decision: DECISIONS },
  });

/** Counts what ingest decided. */
export const countIngest = (metrics: Metrics): ((result: IngestResult) => void) => {
  const decisions = decisionCounter(metrics);
  const addSome = (decision: (typeof DECISIONS)[number], amount: number): void => {
    if (amount > 0) decisions.add(amount, { decision });
  };
  return ({ accepted, rejected }) => {
    const duplicates = accepted.filter(({ duplicate }) => duplicate).length;
    addSome('accepted', accepted.length - duplicates);
    addSome('duplicate', duplicates);
    addSome('rejected', rejected.length);
  };
};

/** Counts events that went on because nobody acknowledged them. */
export const countWaves = (metrics: Metrics): NonNullable<EscalatePorts['countWave']> => {
  const decisions = decisionCounter(metrics);
  return (kind, events) => decisions.add(events, { decision: kind });
};

/** Counts acknowledgements; a second one of the same message is none. */
export const countAcks = (metrics: Metrics): (() => void) => {
  const decisions = decisionCounter(metrics);
  return () => decisions.add(1, { decision: 'acknowledged' });
};

const meteredRoster = (roster: Roster, count: (wanted: number) => void): Roster => ({
  ...roster,
  route: (event, nowMs) => {
    const wants = roster.route(event, nowMs);
    count(wants.length);
    return wants;
  },
});

/** The same source; what its rosters decide is counted. */
export const meteredRosterSource = (source: RosterSource, metrics: Metrics): RosterSource => {
  const decisions = decisionCounter(metrics);
  const count = (wanted: number): void => {
    if (wanted > 0) decisions.add(wanted, { decision: 'matched' });
    else decisions.add(1, { decision: 'no-rule' });
  };
  let last: { roster: Roster; metered: Roster } | undefined;
  return {
    current: async () => {
      const roster = await source.current();
      if (last?.roster !== roster) last = { roster, metered: meteredRoster(roster, count) };
      return last.metered;
    },
  };
};
