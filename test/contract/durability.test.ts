import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestPlatform, type TestPlatform, temporaryDirectory } from '../support/local-platform.ts';

const KILLS = 12;
/** Lines after which the child is killed, from a fixed sequence: moments differ from kill to kill, not from run to run. */
const linesBefore = (kill: number): number => 1 + ((kill * 7919 + 104_729) % 977);

const packages = dirname(dirname(createRequire(import.meta.url).resolve('libsql')));
const sourceOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = temporaryDirectory();
  await build({
    entryPoints: {
      writer: sourceOf('../fixtures/store-writer.ts'),
      'store-worker': sourceOf('../../shared/adapters/local/worker.ts'),
    },
    outdir: folder,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['libsql'],
    logLevel: 'error',
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

const open = () => openTestPlatform({ dataDir: join(folder, 'data') });

/** Runs the writer until it has reported that many lines, kills it, and gives all it reported. */
const runAndKill = async (round: number): Promise<string[]> => {
  const child = spawn(process.execPath, [join(folder, 'writer.js'), join(folder, 'data'), String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_PATH: packages },
  });
  const lines: string[] = [];
  const ended = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (round === 0 && lines.length === 1)
      await expect(open()).rejects.toMatchObject({ code: 'data-directory-locked' });
    if (lines.length === linesBefore(round)) child.kill('SIGKILL');
  }
  expect(await ended).toEqual([null, 'SIGKILL']);
  return lines;
};

/** What the killed processes were told: the last word about each thing. */
class Promises {
  readonly rows = new Set<string>();
  readonly sent = new Set<string>();
  readonly claims = new Map<string, number>();
  readonly done = new Set<string>();

  note(line: string): void {
    const [what = '', id = '', attempt] = line.split(' ');
    if (what === 'row') this.rows.add(id);
    else if (what === 'sent') this.sent.add(id);
    else if (what === 'claimed') this.claims.set(id, Number(attempt));
    else if (what === 'done') this.done.add(id);
  }
}

const receiveAll = async ({ queue }: TestPlatform, from: 'events' | 'notifications') => {
  const messages = await queue.receive({ queue: from, max: 1_000_000, visibilityMs: 1000 });
  return new Map(messages.map(({ body, attempt }) => [body, attempt]));
};

const missing = (expected: Iterable<string>, found: { has(id: string): boolean }): string[] =>
  [...expected].filter((id) => !found.has(id));

it('is locked for other processes until it is killed, and keeps every confirmed row, message, claim and acknowledgement through kill -9', async () => {
  const promises = new Promises();
  for (let round = 0; round < KILLS; round += 1) {
    const lines = await runAndKill(round);
    expect(lines.length).toBeGreaterThanOrEqual(linesBefore(round));
    for (const line of lines) promises.note(line);
  }
  const platform = await open();
  const rows = new Set((await platform.store.scan({ table: 'events', limit: 1_000_000 })).map(({ pk }) => pk));
  const sent = await receiveAll(platform, 'notifications');
  const worked = await receiveAll(platform, 'events');
  await platform.close();
  expect(missing(promises.rows, rows)).toEqual([]);
  expect(missing(promises.sent, sent)).toEqual([]);
  expect(missing(rows, sent)).toEqual([]); // a row and its message are there together or not at all
  expect(missing(sent.keys(), rows)).toEqual([]);
  expect([...promises.done].filter((id) => worked.has(id))).toEqual([]);
  const unfinished = [...promises.claims].filter(([id]) => !promises.done.has(id));
  const forgotten = unfinished.filter(([id, attempt]) => worked.has(id) && (worked.get(id) ?? 0) <= attempt);
  expect(forgotten).toEqual([]);
  expect(unfinished.filter(([id]) => !worked.has(id)).length).toBeLessThanOrEqual(KILLS); // done, but killed before it could say so
});
