import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { TableStore } from '../ports/table-store.ts';
import { type EventDraft, type ParsedItem, readEnvelope } from '../sources/index.ts';
import { batchesOf, type Incoming, incomingOf } from './ingest-batch.ts';
import { commitBatches } from './ingest-commit.ts';
import { redriveDuplicates } from './ingest-duplicates.ts';

/** What ingest needs. */
export interface IngestPorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
}

/** The body of one call as it came, and its content type (empty when the caller named none). */
export interface IngestInput {
  text: string;
  contentType: string;
}

/** One accepted event; `duplicate` when this very event had been accepted before. */
export interface AcceptedEvent {
  id: string;
  name: string;
  duplicate: boolean;
}

/** One item that could not be understood, by its position in the call. */
export interface RejectedItem {
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
    if (!byId.has(draft.id)) byId.set(draft.id, incomingOf({ ...draft, receivedAtMs }, { text: raw, ours: rawIsOurs }));
  return [...byId.values()];
};

const answerOf = (drafts: readonly DraftWithRaw[], known: ReadonlySet<string>): AcceptedEvent[] => {
  const seen = new Set(known);
  return drafts.map(({ draft: { id, name } }) => {
    const duplicate = seen.has(id);
    seen.add(id);
    return { id, name, duplicate };
  });
};

/**
 * Accepts events that are already normalised; resolves, in the same order, when each of them is in the store and on the queue.
 * Throws StoreUnavailableError when the store cannot take them; what was stored until then is found again by the next attempt.
 */
const acceptEvents =
  (ports: IngestPorts) =>
  async (drafts: readonly DraftWithRaw[]): Promise<AcceptedEvent[]> => {
    if (drafts.length === 0) return [];
    const receivedAtMs = ports.clock.nowMs();
    const known = await commitBatches(ports.outbox, batchesOf(incomingFrom(drafts, receivedAtMs), receivedAtMs));
    await redriveDuplicates(ports, known);
    return answerOf(drafts, new Set(known));
  };

const isEvent = (item: ParsedItem): item is Extract<ParsedItem, { kind: 'event' }> => item.kind === 'event';

const rejectedIn = (items: readonly ParsedItem[]): RejectedItem[] =>
  items.flatMap((item) =>
    item.kind === 'rejected' ? [{ index: item.index, code: item.code, message: item.message }] : [],
  );

/** Takes any supported envelope; resolves when every accepted event is in the store and on the queue. */
export const ingest =
  (ports: IngestPorts) =>
  async (input: IngestInput): Promise<IngestResult> => {
    const items = readEnvelope(input);
    const accepted = await acceptEvents(ports)(items.filter(isEvent));
    return { accepted, rejected: rejectedIn(items) };
  };
