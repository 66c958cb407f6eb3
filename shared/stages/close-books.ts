import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { TableStore, WriteOp } from '../ports/table-store.ts';
import { auditBatch, type BatchAudit } from './audit.ts';
import {
  addCounts,
  CLOSED_KEY,
  type ClosedBooks,
  type Counts,
  countBatch,
  EMPTY_BOOKS,
  type LogBatch,
  logAfter,
  OPEN_PARTITION,
  type OpenBatch,
  openBatches,
  readClosed,
  restsUntilMs,
} from './books.ts';
import type { DeadWork } from './dead-letters.ts';
import { isAsleep, isFinished, nextWakeMs, type Rest, restOf } from './escalation-books.ts';
import type { BatchRef } from './events-log.ts';
import { redrive } from './redrive.ts';
import { putRow, type Stored, unchanged } from './rows.ts';

interface BookPorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
  dead: DeadWork;
}

interface Closing {
  books: ClosedBooks;
  version: { version: number } | undefined;
  redriven: number;
  closed: number;
}

/** A batch younger than this is left to its own course. */
const SETTLING_MS = 60_000;
/** A batch that is not finished after this is put back on its way, then at doubling distances. */
const FIRST_REDRIVE_MS = 300_000;
const PAGE_BATCHES = 200;

const openKey = (batch: string) => ({ table: 'ledger' as const, pk: OPEN_PARTITION, sk: batch });

const auditOf = async (ports: BookPorts, ref: BatchRef): Promise<[BatchAudit, Counts]> => {
  const audit = await auditBatch(ports, ref);
  return [audit, countBatch(audit, ports.dead.batches.has(ref.batch))];
};

/** Writes the closed part; false when another sweep was faster. */
const writeClosed = async (ports: BookPorts, closing: Closing, books: ClosedBooks): Promise<boolean> => {
  const [result] = await ports.store.write([putRow(CLOSED_KEY, books, unchanged(closing.version))]);
  if (result?.applied !== true) return false;
  closing.books = books;
  closing.version = { version: result.version };
  return true;
};

const deleteOpen = (ports: BookPorts, batches: readonly string[]): Promise<unknown> =>
  ports.store.write(batches.map((batch): WriteOp => ({ kind: 'delete', ...openKey(batch), when: 'any' })));

const writeOpening = (ports: BookPorts, opening: readonly OpenBatch[]): Promise<unknown> =>
  ports.store.write(opening.map((open) => putRow(openKey(open.batch), open, 'absent')));

const laterRedrive = (open: OpenBatch, nowMs: number): OpenBatch => ({
  ...open,
  redrives: open.redrives + 1,
  nextRedriveAtMs: nowMs + FIRST_REDRIVE_MS * 2 ** (open.redrives + 1),
});

/** A batch that waits for acknowledgements sleeps until its next look, which is asked for when it is overdue. */
const rest = async (ports: BookPorts, open: Stored<OpenBatch>, { open: resting, looks }: Rest): Promise<number> => {
  const row = putRow(openKey(resting.batch), resting, { version: open.version });
  await ports.outbox.commit([row], looks);
  return looks.length;
};

const redriveOpen = async (ports: BookPorts, open: Stored<OpenBatch>, audit: BatchAudit): Promise<number> => {
  const nowMs = ports.clock.nowMs();
  if (open.value.nextRedriveAtMs > nowMs) return 0;
  const row = putRow(openKey(open.value.batch), laterRedrive(open.value, nowMs), { version: open.version });
  const [result] = await ports.store.write([row]);
  return result?.applied === true ? redrive(ports, open.value, audit) : 0;
};

/** A batch that is held overnight is looked at again in the morning; reading it in every sweep would cost more than the night brought in. */
const restOrRedrive = async (ports: BookPorts, open: Stored<OpenBatch>, audit: BatchAudit): Promise<number> => {
  const heldUntilMs = restsUntilMs(audit);
  const untilMs = heldUntilMs === undefined ? undefined : Math.min(heldUntilMs, nextWakeMs(audit));
  if (untilMs === undefined || untilMs <= ports.clock.nowMs()) return redriveOpen(ports, open, audit);
  const row = { ...open.value, restsUntilMs: untilMs };
  await ports.store.write([putRow(openKey(open.value.batch), row, { version: open.version })]);
  return 0;
};

/** Looks at every open batch again: closes what is finished by now, puts back on its way what is stuck. */
const revisitOpen = async (ports: BookPorts, closing: Closing): Promise<boolean> => {
  await writeOpening(ports, closing.books.opening);
  await deleteOpen(ports, closing.books.justClosed);
  let { counts } = closing.books;
  const finished: string[] = [];
  for await (const open of openBatches(ports.store)) {
    const nowMs = ports.clock.nowMs();
    if (isAsleep(open.value, nowMs)) continue;
    const [audit, batchCounts] = await auditOf(ports, open.value);
    if (isFinished(audit, batchCounts)) {
      counts = addCounts(counts, batchCounts);
      finished.push(open.value.batch);
      continue;
    }
    const resting = restOf(open.value, { audit, counts: batchCounts }, nowMs);
    closing.redriven +=
      resting === undefined ? await restOrRedrive(ports, open, audit) : await rest(ports, open, resting);
  }
  if (finished.length === 0) return true;
  if (!(await writeClosed(ports, closing, { ...closing.books, counts, opening: [], justClosed: finished })))
    return false;
  closing.closed += finished.length;
  await deleteOpen(ports, finished);
  return true;
};

const openOf = (batch: LogBatch): OpenBatch => ({
  batch: batch.batch,
  receivedAtMs: batch.receivedAtMs,
  redrives: 0,
  nextRedriveAtMs: batch.receivedAtMs + FIRST_REDRIVE_MS,
});

/** Moves the cursor over one page of the log; what is not finished is named in the same write and then gets a row of its own. */
const closePage = async (ports: BookPorts, closing: Closing, page: readonly LogBatch[]): Promise<boolean> => {
  let { counts } = closing.books;
  const open: LogBatch[] = [];
  for (const batch of page) {
    const [audit, batchCounts] = await auditOf(ports, batch);
    if (isFinished(audit, batchCounts)) counts = addCounts(counts, batchCounts);
    else open.push(batch);
  }
  const cursor = page.at(-1)?.sk ?? closing.books.cursor;
  const opening = open.map(openOf);
  // Still named for the next sweep: one that slept meanwhile may write their rows again.
  const { justClosed } = closing.books;
  if (!(await writeClosed(ports, closing, { counts, cursor, opening, justClosed }))) return false;
  await writeOpening(ports, opening);
  closing.closed += page.length - open.length;
  return true;
};

const closeLog = async (ports: BookPorts, closing: Closing): Promise<void> => {
  const untilMs = ports.clock.nowMs() - SETTLING_MS;
  let page: LogBatch[] = [];
  for await (const batch of logAfter(ports.store, closing.books.cursor)) {
    if (batch.receivedAtMs > untilMs) break;
    page.push(batch);
    if (page.length < PAGE_BATCHES) continue;
    if (!(await closePage(ports, closing, page))) return;
    page = [];
  }
  if (page.length > 0) await closePage(ports, closing, page);
};

/** Closes the books of everything that is finished, and puts back on its way what is stuck. Two runs at once do no harm. */
export const closeBooks = async (ports: BookPorts): Promise<{ redriven: number; closed: number }> => {
  const stored = await readClosed(ports.store);
  const closing: Closing = { books: stored?.value ?? EMPTY_BOOKS, version: stored, redriven: 0, closed: 0 };
  if (await revisitOpen(ports, closing)) await closeLog(ports, closing);
  return { redriven: closing.redriven, closed: closing.closed };
};
