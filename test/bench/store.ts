import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MessageVerdict } from '../../shared/adapters/local/consumer.ts';
import { type LocalPlatform, openLocalPlatform } from '../../shared/adapters/local/open.ts';
import type { WriteOp } from '../../shared/ports/table-store.ts';

/** One line of the report; `floor` is what one thread of libsql reached by itself, 0 where nothing was measured. */
export interface StoreFigure {
  name: string;
  perSecond: number;
  cpuMicros: number;
  floor: number;
}

interface Case {
  name: string;
  floor: number;
  run(platform: LocalPlatform, untilMs: number): Promise<number>;
}

const RUN_MS = 1000;
const ACK: MessageVerdict = { kind: 'ack' };
const clock = { nowMs: () => Date.now() };
let serial = 0;

const nextKey = (): string => {
  serial += 1;
  return `evt_${(1e12 + serial).toString(32)}${Math.random().toString(36).slice(2, 14)}`;
};

const putOf = (body: string): WriteOp => ({
  kind: 'put',
  table: 'events',
  pk: nextKey(),
  sk: '',
  body,
  when: 'absent',
});

const repeat = async (untilMs: number, step: () => Promise<number>): Promise<number> => {
  let count = 0;
  while (performance.now() < untilMs) count += await step();
  return count;
};

const together = async (callers: number, loop: () => Promise<number>): Promise<number> => {
  const counts = await Promise.all(Array.from({ length: callers }, loop));
  return counts.reduce((sum, count) => sum + count, 0);
};

interface PutLoad {
  rows: number;
  bytes: number;
  callers: number;
  floor?: number;
}

const puts = ({ rows, bytes, callers, floor = 0 }: PutLoad): Case => ({
  name: `put, callers ${callers}, rows a call ${rows}, ${bytes} B`,
  floor,
  run: ({ store }, untilMs) => {
    const body = JSON.stringify({ text: 'x'.repeat(bytes - 11) });
    const step = async () => (await store.write(Array.from({ length: rows }, () => putOf(body)))).length;
    return together(callers, () => repeat(untilMs, step));
  },
});

const bodies = (size: number) =>
  Array.from({ length: size }, () => ({ queue: 'events' as const, body: JSON.stringify({ text: 'y'.repeat(1000) }) }));

const pulled = (size: number, floor: number): Case => ({
  name: `queue, push + receive + acknowledge, ${size} a call`,
  floor,
  run: ({ queue }, untilMs) =>
    repeat(untilMs, async () => {
      await queue.send(bodies(size));
      const got = await queue.receive({ queue: 'events', max: size, visibilityMs: 60_000 });
      await queue.acknowledge(
        'events',
        got.map(({ receipt }) => receipt),
      );
      return got.length;
    }),
});

const handedOver = (size: number, callers: number, floor: number): Case => ({
  name: `queue, push + consume, callers ${callers}, ${size} a call`,
  floor,
  run: async ({ queue }, untilMs) => {
    let seen = 0;
    const stop = queue.consume('events', { max: 100, concurrency: 4, visibilityMs: 60_000 }, async (messages) => {
      seen += messages.length;
      return messages.map(() => ACK);
    });
    const step = async () => {
      await queue.send(bodies(size));
      return size;
    };
    await together(callers, () => repeat(untilMs, step));
    await stop();
    return seen;
  },
});

const reads = (keys: number, callers: number): Case => ({
  name: `get, callers ${callers}, keys a call ${keys}, 1200 B`,
  floor: 0,
  run: async ({ store }, untilMs) => {
    const puts = Array.from({ length: 2000 }, () => putOf('z'.repeat(1200)));
    await store.write(puts);
    const some = () => Array.from({ length: keys }, () => puts[Math.floor(Math.random() * puts.length)] ?? putOf(''));
    return together(callers, () => repeat(untilMs, async () => (await store.getMany(some())).length));
  },
});

const CASES: Case[] = [
  puts({ rows: 1, bytes: 300, callers: 1, floor: 5400 }),
  puts({ rows: 1, bytes: 300, callers: 16 }),
  puts({ rows: 1, bytes: 300, callers: 64 }),
  puts({ rows: 16, bytes: 300, callers: 1 }),
  puts({ rows: 100, bytes: 300, callers: 1, floor: 138_000 }),
  puts({ rows: 100, bytes: 300, callers: 4, floor: 138_000 }),
  puts({ rows: 1, bytes: 1200, callers: 1 }),
  puts({ rows: 16, bytes: 1200, callers: 4 }),
  puts({ rows: 100, bytes: 1200, callers: 1 }),
  puts({ rows: 100, bytes: 1200, callers: 4 }),
  reads(1, 1),
  reads(1, 64),
  reads(100, 4),
  pulled(1, 2158),
  pulled(16, 22_000),
  pulled(100, 52_000),
  handedOver(1, 1, 2158),
  handedOver(1, 64, 2158),
  handedOver(16, 1, 22_000),
  handedOver(16, 8, 22_000),
  handedOver(100, 1, 52_000),
  handedOver(100, 4, 52_000),
];

const measure = async ({ name, floor, run }: Case, runMs: number): Promise<StoreFigure> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'fenghuo-bench-'));
  const platform = await openLocalPlatform({ dataDir, clock });
  await run(platform, performance.now() + runMs / 4);
  const [startMs, cpu] = [performance.now(), process.cpuUsage()];
  const count = await run(platform, startMs + runMs);
  const seconds = (performance.now() - startMs) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await platform.close();
  rmSync(dataDir, { recursive: true });
  return { name, floor, perSecond: Math.round(count / seconds), cpuMicros: (user + system) / count };
};

/** Measures the embedded store and queue; `runMs` for each line. */
export const benchStore = async (runMs = RUN_MS): Promise<StoreFigure[]> => {
  const figures: StoreFigure[] = [];
  for (const one of CASES) figures.push(await measure(one, runMs));
  return figures;
};

const lineOf = ({ name, perSecond, cpuMicros, floor }: StoreFigure): string => {
  const ratio = floor > 0 ? `${floor.toLocaleString('en').padStart(9)}  ${(perSecond / floor).toFixed(2)}x` : '';
  return `${name.padEnd(62)}${perSecond.toLocaleString('en').padStart(10)} /s ${cpuMicros.toFixed(1).padStart(7)} us ${ratio}`;
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(`${'what'.padEnd(62)}${'rate'.padStart(13)} ${'CPU'.padStart(10)} ${'one thread'.padStart(9)}`);
  for (const figure of await benchStore()) console.log(lineOf(figure));
}
