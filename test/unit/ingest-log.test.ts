import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryPlatform, type MemoryPlatform } from '../../shared/adapters/local/memory-store.ts';
import { BadCursorError, type LogQuery, readLog } from '../../shared/stages/events-log.ts';
import { ingest } from '../../shared/stages/ingest.ts';
import { FakeClock } from '../support/fake-clock.ts';

let clock: FakeClock;
let platform: MemoryPlatform;
let startMs: number;

const sendBatch = async (call: number, size: number): Promise<void> => {
  const events = Array.from({ length: size }, (_, n) => ({
    id: `E-${call}-${n}`,
    product: n % 2 === 0 ? 'ECS' : 'RDS',
    name: n % 2 === 0 ? 'Instance:SystemMaintenance.Reboot:Scheduled' : 'Instance_Failover',
    level: n % 2 === 0 ? 'CRITICAL' : 'WARN',
    resourceId: `acs:ecs:cn-hangzhou:135:instance/i-${call}-${n}`,
    content: {},
  }));
  await ingest({ ...platform, clock })({ text: JSON.stringify(events), contentType: '' });
};

const ids = async (query: Partial<LogQuery>): Promise<string[]> => {
  const { entries } = await readLog(platform.store, { limit: 1_000, ...query });
  return entries.map(({ resource }) => resource.id);
};

beforeEach(async () => {
  clock = new FakeClock();
  startMs = clock.nowMs();
  platform = createMemoryPlatform(clock);
  for (let call = 0; call < 4; call += 1) {
    await sendBatch(call, 3);
    clock.advance(1_000);
  }
});

describe('the list of events', () => {
  it('is newest first', async () => {
    expect((await ids({})).slice(0, 4)).toEqual(['i-3-2', 'i-3-1', 'i-3-0', 'i-2-2']);
  });

  it('keeps to its bounds, both inclusive', async () => {
    expect(await ids({ from: startMs + 1_000, to: startMs + 1_000 })).toEqual(['i-1-2', 'i-1-1', 'i-1-0']);
    expect(await ids({ to: startMs - 1 })).toEqual([]);
  });

  it('filters by product, level, status and words in names, ids and titles', async () => {
    expect(await ids({ product: 'rds' })).toEqual(['i-3-1', 'i-2-1', 'i-1-1', 'i-0-1']);
    expect(await ids({ level: 'critical' })).toHaveLength(8);
    expect(await ids({ status: 'scheduled' })).toHaveLength(8);
    expect(await ids({ q: '系统维护' })).toHaveLength(8);
    expect(await ids({ q: 'STANDBY' })).toHaveLength(4);
    expect(await ids({ q: 'i-2-1' })).toEqual(['i-2-1']);
    expect(await ids({ q: 'nowhere' })).toEqual([]);
  });

  it('finds an event by its id or the beginning of it, and no word inside the random part', async () => {
    const id = (await readLog(platform.store, { limit: 1 })).entries[0]!.id;
    const found = async (q: string) =>
      (await readLog(platform.store, { limit: 99, q })).entries.map((entry) => entry.id);
    expect(await found(id)).toEqual([id]);
    expect(await found(id.slice(0, -2))).toEqual([id]);
    expect(await found(id.slice(-5))).toEqual([]);
    expect(await found(id.toUpperCase())).toEqual([]);
  });

  it('pages without gap or repeat, for every page size and filter', async () => {
    const all = await ids({});
    const levels = fc.constantFrom(undefined, 'critical' as const, 'medium' as const);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 13 }), levels, async (limit, level) => {
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await readLog(platform.store, { limit, level, cursor });
          expect(page.entries.length).toBeLessThanOrEqual(limit);
          seen.push(...page.entries.map(({ resource }) => resource.id));
          cursor = page.cursor;
        } while (cursor !== undefined);
        const wanted = level === undefined ? all : await ids({ level });
        expect(seen).toEqual(wanted);
      }),
      { numRuns: 40 },
    );
  });

  it('goes on over many rows', async () => {
    for (let call = 10; call < 260; call += 1) await sendBatch(call, 1);
    expect(await ids({ q: 'i-0-0' })).toEqual(['i-0-0']);
    expect((await ids({})).length).toBe(262);
  });

  it('refuses a cursor that it did not give', async () => {
    for (const cursor of ['', 'x', '1.2', '../../etc', `${'9'.repeat(13)}-b.x`])
      await expect(readLog(platform.store, { limit: 1, cursor })).rejects.toThrow(BadCursorError);
  });
});
