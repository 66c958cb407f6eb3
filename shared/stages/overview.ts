import * as z from 'zod/mini';
import type { Event } from '../domain/event.ts';
import { type OpenRisks, type OverviewBooks, overviewEvent } from '../domain/overview-event.ts';
import { overviewDueMs } from '../domain/overview-schedule.ts';
import { type Settings, timezoneOf } from '../domain/settings.ts';
import type { Clock } from '../ports/clock.ts';
import type { OpenApi } from '../ports/openapi.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { RowKey, TableStore } from '../ports/table-store.ts';
import { batchesOf, incomingOf } from './ingest-batch.ts';
import { commitBatches } from './ingest-commit.ts';
import { readLedger } from './ledger.ts';
import { countSections } from './overview-counts.ts';
import { putRow, readStored, type Stored, unchanged } from './rows.ts';
import { createSectionSource } from './section-source.ts';
import { readOpenRisks, SecurityCenterError } from './security-center-api.ts';
import type { DocumentPorts } from './settings-document.ts';
import type { SettingsSource } from './settings-source.ts';

/** What an overview needs. */
export interface OverviewPorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
  openapi: OpenApi;
  settings: SettingsSource<Settings>;
}

/** What a run of the timer did. */
export interface OverviewReport {
  /** The overview that was due; absent when none was. */
  event?: string;
}

const WEEK_MS = 7 * 86_400_000;

const KEY: RowKey = { table: 'ledger', pk: 'overview', sk: '' };

const booksSchema = z.object({
  delivered: z.number(),
  merged: z.number(),
  suppressed: z.number(),
  deferred: z.number(),
  refused: z.number(),
  dead: z.number(),
});

/** The overview that was sent last: when it was due, up to when it told, and how the books stood. */
const stateSchema = z.object({ dueMs: z.number(), toMs: z.number(), books: booksSchema });

type State = z.infer<typeof stateSchema>;

const EMPTY: OverviewBooks = { delivered: 0, merged: 0, suppressed: 0, deferred: 0, refused: 0, dead: 0 };

/** The sections of the settings in force, for the overview. */
export const createOverviewSettings = (ports: DocumentPorts): SettingsSource<Settings> =>
  createSectionSource(ports, (settings) => settings);

const booksOf = async (ports: OverviewPorts): Promise<OverviewBooks> => {
  const { delivered, merged, suppressed, deferred, refused, dead } = await readLedger(ports);
  return { delivered, merged, suppressed, deferred, refused, dead };
};

/** What has happened since; what waits is told as it stands, because it grows and shrinks. */
const since = (now: OverviewBooks, before: OverviewBooks): OverviewBooks => ({
  delivered: now.delivered - before.delivered,
  merged: now.merged - before.merged,
  suppressed: now.suppressed - before.suppressed,
  deferred: now.deferred,
  refused: now.refused - before.refused,
  dead: now.dead - before.dead,
});

/** What is open, where the account may ask for it; an overview without it is better than none. */
const openOf = async ({ openapi }: OverviewPorts, settings: Settings): Promise<OpenRisks | undefined> => {
  try {
    const centre = settings.securityCenter?.region ?? 'mainland';
    return await readOpenRisks({ openapi, centre, mayCall: () => true });
  } catch (error) {
    if (error instanceof SecurityCenterError) return undefined;
    throw error;
  }
};

interface Build {
  settings: Settings;
  books: OverviewBooks;
  before: State | undefined;
  toMs: number;
  key: string;
}

const eventOf = async (ports: OverviewPorts, { settings, books, before, toMs, key }: Build): Promise<Event> => {
  const fromMs = before?.toMs ?? toMs - WEEK_MS;
  const sections = await countSections(ports.store, settings, { fromMs, toMs });
  const account = settings.account ?? '';
  const open = await openOf(ports, settings);
  const told = since(books, before?.books ?? EMPTY);
  const facts = { fromMs, toMs, account, key, sections, books: told, ...(open === undefined ? {} : { open }) };
  return overviewEvent(facts, ports.clock.nowMs());
};

/** Puts the event on the way of every event; one that was sent before is recognised by its id. */
const accept = async (ports: OverviewPorts, event: Event): Promise<void> => {
  const raw = { text: JSON.stringify(event.content), ours: true };
  await commitBatches(ports, batchesOf([incomingOf(event, raw)], ports.clock.nowMs()));
};

const remember = (ports: OverviewPorts, stored: Stored<State> | undefined, state: State): Promise<unknown> =>
  ports.store.write([putRow(KEY, state, unchanged(stored))]);

/**
 * Sends the overview that is due, once however often and wherever this runs; one that was missed is sent late. The first run only
 * remembers where the week begins. Without `overview` in the settings nothing is sent.
 */
export const sendDueOverview = (ports: OverviewPorts) => async (): Promise<OverviewReport> => {
  const settings = await ports.settings.current();
  if (settings.overview === undefined) return {};
  const dueMs = overviewDueMs(settings.overview, timezoneOf(settings), ports.clock.nowMs());
  const stored = await readStored(ports.store, stateSchema, KEY);
  if (stored !== undefined && stored.value.dueMs >= dueMs) return {};
  const books = await booksOf(ports);
  if (stored === undefined) {
    await remember(ports, stored, { dueMs, toMs: ports.clock.nowMs(), books });
    return {};
  }
  const build = { settings, books, before: stored.value, toMs: dueMs, key: String(dueMs) };
  const event = await eventOf(ports, build);
  await accept(ports, event);
  await remember(ports, stored, { dueMs, toMs: dueMs, books });
  return { event: event.id };
};

/** Builds an overview of the time since the last one, at most a week when there was none, and sends it now; the next one that is due is not changed by it. */
export const sendOverviewNow = async (ports: OverviewPorts): Promise<Event> => {
  const settings = await ports.settings.current();
  const before = (await readStored(ports.store, stateSchema, KEY))?.value;
  const toMs = ports.clock.nowMs();
  const books = await booksOf(ports);
  const event = await eventOf(ports, { settings, books, before, toMs, key: `now ${toMs}` });
  await accept(ports, event);
  return event;
};
