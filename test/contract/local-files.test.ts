import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreUnavailableError } from '../../shared/ports/table-store.ts';
import { keyAt, putOf } from '../fixtures/store-rows.ts';
import { openTestPlatform, temporaryDirectory } from '../support/local-platform.ts';

const LIBSQL = createRequire(import.meta.url).resolve('libsql');

describe('the data directory of one machine', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = temporaryDirectory();
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));
  const open = (options = {}) => openTestPlatform({ dataDir, ...options });

  it('gives everything back after it was closed and opened again', async () => {
    const first = await open();
    await first.store.write([putOf(keyAt('p', 's'), 'kept')]);
    await first.queue.send([
      { queue: 'events', body: 'claimed' },
      { queue: 'events', body: 'waiting' },
      { queue: 'events', body: 'late', delayMs: 1000 },
      { queue: 'notifications', body: 'bad' },
    ]);
    await first.queue.receive({ queue: 'events', max: 1, visibilityMs: 3_600_000 });
    const [bad] = await first.queue.receive({ queue: 'notifications', max: 1, visibilityMs: 1000 });
    await first.queue.bury('notifications', bad?.receipt ?? '', 'poison');
    await first.close();

    const second = await open();
    expect(await second.store.get(keyAt('p', 's'))).toMatchObject({ body: 'kept', version: 1 });
    expect(second.queue.depth('events')).toEqual({ ready: 2, delayed: 1, inFlight: 0, dead: 0 });
    expect(second.queue.depth('notifications')).toEqual({ ready: 0, delayed: 0, inFlight: 0, dead: 1 });
    const messages = await second.queue.receive({ queue: 'events', max: 9, visibilityMs: 1000 });
    expect(messages.map(({ body, attempt }) => [body, attempt])).toEqual([
      ['claimed', 2],
      ['waiting', 1],
    ]);
    second.clock.advance(1000);
    expect(await second.queue.receive({ queue: 'events', max: 1, visibilityMs: 1000 })).toHaveLength(1);
    expect(await second.queue.deadLetters('notifications', 9)).toMatchObject([{ body: 'bad', reason: 'poison' }]);
    await second.close();
  });

  it('has nothing of a refused commit, also after it was opened again', async () => {
    const first = await open();
    const refused = { ...putOf(keyAt('p', 's'), 'x'), when: { version: 7 } };
    await first.outbox.commit([refused], [{ queue: 'events', body: 'never' }]);
    await first.close();
    const second = await open();
    expect(second.queue.depth('events')).toEqual({ ready: 0, delayed: 0, inFlight: 0, dead: 0 });
    await second.close();
  });

  it('never gives a message id twice, also when the queue was empty in between', async () => {
    const ids = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      const platform = await open();
      await platform.queue.send([{ queue: 'events', body: 'x' }]);
      const [message] = await platform.queue.receive({ queue: 'events', max: 1, visibilityMs: 1000 });
      ids.add(message?.id ?? '');
      await platform.queue.acknowledge('events', [message?.receipt ?? '']);
      await platform.close();
    }
    expect(ids.size).toBe(3);
  });

  it('is for its owner alone', async () => {
    const inner = join(dataDir, 'made', 'here');
    const platform = await openTestPlatform({ dataDir: inner });
    await platform.store.write([putOf(keyAt('p', 's'), 'x')]);
    expect(statSync(inner).mode & 0o777).toBe(0o700);
    for (const file of ['fenghuo.db', 'fenghuo.db-wal', 'fenghuo.db-shm', 'fenghuo.lock']) {
      expect([file, statSync(join(inner, file)).mode & 0o777]).toEqual([file, 0o600]);
    }
    await platform.close();
  });

  it('refuses a second platform of the same process, and lets the first go on', async () => {
    const first = await open();
    for (let round = 0; round < 2; round += 1) {
      await expect(open()).rejects.toMatchObject({
        code: 'data-directory-locked',
        message: expect.stringContaining(dataDir),
      });
    }
    expect(await first.store.write([putOf(keyAt('p', 's'), 'x')])).toEqual([{ applied: true, version: 1 }]);
    await first.close();
    await (await open()).close();
  });

  it('lets another program read the main file while it runs', async () => {
    const platform = await open();
    await platform.store.write([putOf(keyAt('p', 's'), 'seen')]);
    const script = `const D = require(${JSON.stringify(LIBSQL)}); const db = new D(process.argv[1]);
      console.log(db.prepare('SELECT body FROM lanes').raw(true).all([]).flat().join());`;
    const seen = execFileSync(process.execPath, ['-e', script, join(dataDir, 'fenghuo.db')], { encoding: 'utf8' });
    expect(seen.trim()).toBe('seen');
    expect(await platform.store.write([putOf(keyAt('p', 's'), 'x')])).toEqual([{ applied: true, version: 2 }]);
    await platform.close();
  });

  it('refuses every operation once it is closed, and may be closed twice', async () => {
    const platform = await open();
    await platform.close();
    await platform.close();
    await expect(platform.store.get(keyAt('p', 's'))).rejects.toBeInstanceOf(StoreUnavailableError);
    await expect(platform.store.write([putOf(keyAt('p', 's'), 'x')])).rejects.toBeInstanceOf(StoreUnavailableError);
    await expect(platform.queue.send([{ queue: 'events', body: 'x' }])).rejects.toBeInstanceOf(StoreUnavailableError);
  });

  it('finishes what was asked for before it is closed', async () => {
    const platform = await open();
    const write = platform.store.write([putOf(keyAt('p', 's'), 'x')]);
    const read = platform.store.get(keyAt('p', 'other'));
    await platform.close();
    expect(await write).toEqual([{ applied: true, version: 1 }]);
    expect(await read).toBeUndefined();
  });

  it('says so when the data cannot be opened', async () => {
    writeFileSync(join(dataDir, 'fenghuo.db'), 'this is no database, but long enough to be taken for one'.repeat(40));
    await expect(open()).rejects.toMatchObject({ code: 'store-unavailable' });
    rmSync(join(dataDir, 'fenghuo.db'));
    await (await open()).close();
  });

  it('says so when the data is of a newer format', async () => {
    await (await open()).close();
    const script = `const D = require(${JSON.stringify(LIBSQL)}); new D(process.argv[1]).exec('PRAGMA user_version = 99');`;
    execFileSync(process.execPath, ['-e', script, join(dataDir, 'fenghuo.db')]);
    const refused = await open().catch((error: Error) => error);
    expect(refused).toMatchObject({
      code: 'store-unavailable',
      cause: { message: expect.stringContaining('format 99') },
    });
  });

  it('says so when the place of the directory is taken by a file', async () => {
    mkdirSync(join(dataDir, 'x'));
    writeFileSync(join(dataDir, 'x', 'file'), '');
    await expect(open({ dataDir: join(dataDir, 'x', 'file') })).rejects.toMatchObject({ code: 'store-unavailable' });
  });

  describe('when the worker dies', () => {
    const worker = (source: string) => new URL(`data:text/javascript,${encodeURIComponent(source)}`);
    const opening = "import { parentPort } from 'node:worker_threads';";
    const state = "parentPort.postMessage({ kind: 'opened', state: { nextId: 1, queues: [] } });";

    it.each(['throw new Error("broken")', 'process.exit(3)'])('does not open: %s', async (source) => {
      await expect(open({ workerUrl: worker(source) })).rejects.toMatchObject({ code: 'store-unavailable' });
    });

    it.each(['throw new Error("broken")', 'process.exit(3)'])(
      'fails what is under way and what comes: %s',
      async (end) => {
        const source = `${opening} ${state} parentPort.on('message', () => { ${end} });`;
        const platform = await open({ workerUrl: worker(source) });
        const stop = platform.queue.consume('events', { max: 1, concurrency: 1, visibilityMs: 1 }, async () => []);
        const asked = [
          platform.store.get(keyAt('p', 's')),
          platform.queue.send([{ queue: 'events', body: 'x' }]),
          platform.store.write([putOf(keyAt('p', 's'), 'x')]),
        ];
        for (const { status } of await Promise.allSettled(asked)) expect(status).toBe('rejected');
        await expect(platform.store.get(keyAt('p', 's'))).rejects.toBeInstanceOf(StoreUnavailableError);
        await stop();
        await platform.close();
      },
    );
  });
});
