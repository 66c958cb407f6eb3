import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryPlatform, type MemoryPlatform } from '../../shared/adapters/local/memory-store.ts';
import { type EventsMessage, eventsMessageSchema, notificationsMessageSchema } from '../../shared/domain/messages.ts';
import { compileRoster } from '../../shared/domain/roster-compile.ts';
import type { Row, TableStore } from '../../shared/ports/table-store.ts';
import { readEventRow } from '../../shared/stages/events-log.ts';
import { ingest } from '../../shared/stages/ingest.ts';
import { readLedger } from '../../shared/stages/ledger.ts';
import { match } from '../../shared/stages/match.ts';
import { ecsEvent } from '../support/ecs-event.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { settingsWith } from '../support/settings-samples.ts';

const settings = settingsWith({ subscriptions: [{ name: 'all', policy: 'page' }] });
const roster = compileRoster(settings, { version: 1, claimChannel: () => undefined });

let clock: FakeClock;
let platform: MemoryPlatform;
beforeEach(() => {
  clock = new FakeClock();
  platform = createMemoryPlatform(clock);
});

const take = async <T>(queue: 'events' | 'notifications', parse: (value: unknown) => T): Promise<T[]> => {
  const messages = await platform.queue.receive({ queue, max: 1_000, visibilityMs: 1 });
  await platform.queue.acknowledge(
    queue,
    messages.map(({ receipt }) => receipt),
  );
  return messages.map(({ body }) => parse(JSON.parse(body)));
};
const batches = (): Promise<EventsMessage[]> => take('events', (value) => eventsMessageSchema.parse(value));

/** Which event is told under which batch. */
const told = async (): Promise<[string, string][]> => {
  const messages = await take('notifications', (value) => notificationsMessageSchema.parse(value));
  return messages
    .flatMap(({ units }) => units)
    .flatMap((unit) => unit.items.map(({ e }): [string, string] => [unit.briefs[e]!.id, unit.batch]));
};

const send = async (numbers: readonly number[], store: TableStore = platform.store): Promise<string[]> => {
  const ports = { store, outbox: platform.outbox, clock };
  const body = { text: JSON.stringify(numbers.map((n) => ecsEvent(n))), contentType: 'application/json' };
  return (await ingest(ports)(body)).accepted.map(({ id }) => id);
};
const decide = (messages: readonly EventsMessage[]) =>
  match({ store: platform.store, outbox: platform.outbox, clock, roster: { current: async () => roster } })(messages);

/** Takes the row of the log away, as if the call that stored the events had not come to write it yet; the result brings it. */
const withhold = async (): Promise<() => Promise<unknown>> => {
  const [log] = await platform.store.range({ table: 'log', pk: 'log', limit: 1 });
  const key = { table: 'log', pk: 'log', sk: log!.sk } as const;
  await platform.store.write([{ ...key, kind: 'delete', when: 'any' }]);
  return () => platform.store.write([{ ...key, kind: 'put', when: 'any', body: log!.body }]);
};

describe('a batch that nobody can find', () => {
  it('tells nothing when its message comes after all, and its events are told by one other batch each', async () => {
    const ids = await send([1, 2, 3]);
    const [late] = await batches();
    const bring = await withhold();
    clock.advance(1_000);
    await send([1]);
    const [adopted] = await batches();
    expect(adopted!.events.map(({ id }) => id)).toEqual([ids[0]]);
    await bring();
    expect(await decide([late!])).toEqual([{ kind: 'done' }]);
    expect(await told()).toEqual([]);
    const [rest] = await batches();
    expect(rest!.events.map(({ id }) => id)).toEqual([ids[1], ids[2]]);
    await decide([adopted!, rest!]);
    expect(await told()).toEqual([
      [ids[0], adopted!.batch],
      [ids[1], rest!.batch],
      [ids[2], rest!.batch],
    ]);
    expect(await readLedger({ store: platform.store, clock })).toMatchObject({ accepted: 3, balanced: true });
  });

  it('may come again and again: nothing is told twice', async () => {
    await send([1, 2]);
    const [late] = await batches();
    await withhold();
    await send([1]);
    const [adopted] = await batches();
    await decide([late!]);
    await decide([late!]);
    const rest = await batches();
    await decide([adopted!, ...rest, ...rest]);
    const messages = await told();
    expect(new Set(messages.map(([event]) => event)).size).toBe(2);
    for (const [event, batch] of messages)
      expect((await readEventRow(platform.store, event))?.batch, event).toBe(batch);
  });

  it('keeps its events when match decides about it in the very moment in which it is given up', async () => {
    const [id] = await send([1]);
    const [late] = await batches();
    await withhold();
    const getMany: TableStore['getMany'] = async (keys) => {
      const rows: (Row | undefined)[] = await platform.store.getMany(keys);
      if (keys[0]?.table === 'decisions') await decide([late!]);
      return rows;
    };
    const store: TableStore = {
      get: (key) => platform.store.get(key),
      getMany,
      range: (query) => platform.store.range(query),
      scan: (query) => platform.store.scan(query),
      write: (ops) => platform.store.write(ops),
    };
    await send([1], store);
    expect(await batches()).toEqual([]);
    expect(await told()).toEqual([[id, late!.batch]]);
  });

  it('is given up again by the next call when the one that gave it up died before it could send', async () => {
    const [id] = await send([1]);
    await batches();
    await withhold();
    const dying: TableStore = {
      get: (key) => platform.store.get(key),
      getMany: (keys) => platform.store.getMany(keys),
      range: (query) => platform.store.range(query),
      scan: (query) => platform.store.scan(query),
      write: async (ops) => {
        await platform.store.write(ops);
        throw new Error('killed');
      },
    };
    await expect(send([1], dying)).rejects.toThrow('killed');
    expect(await batches()).toEqual([]);
    await send([1]);
    const adopted = await batches();
    expect(adopted.map(({ events }) => events.map((event) => event.id))).toEqual([[id]]);
  });

  it('counts what it has left as on its way, when its row of the log came late', async () => {
    await send([1, 2]);
    const bring = await withhold();
    await batches();
    await send([1]);
    await bring();
    expect(await readLedger({ store: platform.store, clock })).toMatchObject({ accepted: 2, inFlight: 2 });
  });
});
