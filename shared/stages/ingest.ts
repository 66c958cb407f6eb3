import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { TableStore } from '../ports/table-store.ts';
import { type EventDraft, eventFrom, type ParsedItem, readEnvelope } from '../sources/index.ts';
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

/** One normalised event and the body that it was read from. */
interface DraftWithRaw {
  draft: EventDraft;
  raw: string;
  rawIsOurs?: boolean;
}

const incomingFrom = (drafts: readonly DraftWithRaw[], receivedAtMs: number): Incoming[] => {
  const byId = new Map<string, Incoming>();
  for (const { draft, raw, rawIsOurs = false } of drafts)
    if (!byId.has(draft.id))
      byId.set(draft.id, incomingOf(eventFrom(draft, receivedAtMs), { text: raw, ours: rawIsOurs }));
  return [...byId.values()];
};

/** What a call is told; `seen` are the ids that were there before it and grow by its own. */
const answerOf = (drafts: readonly DraftWithRaw[], seen: Set<string>): AcceptedEvent[] =>
  drafts.map(({ draft: { id, name } }) => {
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
  async (calls: readonly (readonly DraftWithRaw[])[]): Promise<AcceptedEvent[][]> => {
    const receivedAtMs = ports.clock.nowMs();
    const incoming = incomingFrom(calls.flat(), receivedAtMs);
    const known = await commitBatches(ports.outbox, batchesOf(incoming, receivedAtMs));
    await redriveDuplicates(ports, known);
    const seen = new Set(known);
    return calls.map((drafts) => answerOf(drafts, seen));
  };

const isEvent = (item: ParsedItem): item is Extract<ParsedItem, { kind: 'event' }> => item.kind === 'event';

const rejectedIn = (items: readonly ParsedItem[]): RejectedItem[] =>
  items.flatMap((item) =>
    item.kind === 'rejected' ? [{ index: item.index, code: item.code, message: item.message }] : [],
  );

/**
 * Takes any supported envelope; resolves when every accepted event is in the store and on the queue. Calls that come while others are
 * being stored are stored together: one batch, one message, however many callers send their events one by one.
 */
export const ingest = (ports: IngestPorts): ((input: IngestInput) => Promise<IngestResult>) => {
  const gathered = new Gatherer(acceptTogether(ports), ports.lingerForCalls);
  return async (input) => {
    const items = readEnvelope(input);
    const drafts = items.filter(isEvent);
    const accepted = drafts.length === 0 ? [] : await gathered.add(drafts);
    return { accepted, rejected: rejectedIn(items) };
  };
};
