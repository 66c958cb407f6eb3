import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { TableStore } from '../ports/table-store.ts';
import { readEnvelope } from '../sources/index.ts';
import { Gatherer } from './gatherer.ts';
import { batchesOf, type Incoming, incomingOf } from './ingest-batch.ts';
import { commitBatches } from './ingest-commit.ts';
import { redriveDuplicates } from './ingest-duplicates.ts';

/** What ingest needs. */
export interface IngestPorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
  /** A moment in which calls wait for each other; left out, they wait only while others are being stored. */
  lingerForCalls?: () => Promise<void>;
}

/** The body of one call as it came, and its content type (empty when the caller named none). */
export interface IngestInput {
  text: string;
  contentType: string;
}

/** One accepted event; `duplicate` when this very event had been accepted before. */
interface AcceptedEvent {
  id: string;
  name: string;
  duplicate: boolean;
}

/** One item that could not be understood, by its position in the call. */
interface RejectedItem {
  index: number;
  code: string;
  message: string;
}

/** What became of one call; `accepted` events are durable and on their way. */
export interface IngestResult {
  accepted: AcceptedEvent[];
  rejected: RejectedItem[];
}

/** What a call brings, as far as it must be kept until it is stored. */
interface Call {
  incoming: Incoming[];
  rejected: RejectedItem[];
}

/** An event that came several times, in one call or in several, is stored once. */
const unique = (incoming: readonly Incoming[]): Incoming[] => {
  const byId = new Map<string, Incoming>();
  for (const item of incoming) if (!byId.has(item.id)) byId.set(item.id, item);
  return byId.size === incoming.length ? [...incoming] : [...byId.values()];
};

/** What a call is told; `seen` are the ids that were there before it and grow by its own. */
const answerOf = (incoming: readonly Incoming[], seen: Set<string>): AcceptedEvent[] =>
  incoming.map(({ id, name }) => {
    const duplicate = seen.has(id);
    seen.add(id);
    return { id, name, duplicate };
  });

/**
 * Accepts the events of several calls at once; resolves, in the same order, when each of them is in the store and on the queue. Throws
 * StoreUnavailableError when the store cannot take them; what was stored until then is found again by the next attempt.
 */
const acceptTogether =
  (ports: IngestPorts) =>
  async (calls: readonly (readonly Incoming[])[]): Promise<AcceptedEvent[][]> => {
    const known = await commitBatches(ports.outbox, batchesOf(unique(calls.flat()), ports.clock.nowMs()));
    await redriveDuplicates(ports, known);
    const seen = new Set(known);
    return calls.map((incoming) => answerOf(incoming, seen));
  };

const readCall = (input: IngestInput): Call => {
  const call: Call = { incoming: [], rejected: [] };
  for (const item of readEnvelope(input)) {
    if (item.kind === 'event')
      call.incoming.push(incomingOf(item.draft, { text: item.raw, ours: item.rawIsOurs === true }));
    else call.rejected.push({ index: item.index, code: item.code, message: item.message });
  }
  return call;
};

/**
 * Takes any supported envelope; resolves when every accepted event is in the store and on the queue. Calls that come while others are
 * being stored are stored together: one batch, one message, however many callers send their events one by one.
 */
export const ingest = (ports: IngestPorts): ((input: IngestInput) => Promise<IngestResult>) => {
  const gathered = new Gatherer(acceptTogether(ports), ports.lingerForCalls);
  return async (input) => {
    const { incoming, rejected } = readCall(input);
    return { accepted: incoming.length === 0 ? [] : await gathered.add(incoming), rejected };
  };
};
