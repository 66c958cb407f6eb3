import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SmqQueue } from '../../shared/adapters/aliyun/smq-queue.ts';
import { TablestoreStore } from '../../shared/adapters/aliyun/tablestore-store.ts';
import { writeThenSend } from '../../shared/adapters/aliyun/write-then-send.ts';
import { TABLES, type WriteOp } from '../../shared/ports/table-store.ts';
import { deleteOf, keyAt, putOf } from '../fixtures/store-rows.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { SMQ_CREDENTIALS, SmqServer } from '../support/smq-server.ts';
import { OTS_CREDENTIALS, TablestoreServer } from '../support/tablestore-server.ts';
import { describeOutbox } from './outbox.suite.ts';
import { describeTableStore } from './table-store.suite.ts';

/** The SDK dates its calls itself, so the server needs the real time; nothing here depends on it. */
const REAL_CLOCK = { nowMs: () => Date.now() };

/** Longer than a call takes on a busy machine; what waits for an answer that never comes waits less. */
const PATIENT_MS = 30_000;
const IMPATIENT_MS = 500;

const open = async (credentials = async () => ({ ...OTS_CREDENTIALS }), timeoutMs = PATIENT_MS) => {
  const server = new TablestoreServer(
    REAL_CLOCK,
    TABLES.map((table) => `fenghuo_test_${table}`),
  );
  const waits: number[] = [];
  let writes = 0;
  const store = new TablestoreStore({
    endpoint: await server.listen(),
    instance: 'fenghuo',
    credentials,
    sleep: async (ms) => void waits.push(ms),
    random: () => 0.5,
    timeoutMs,
    nameOf: (table) => `fenghuo_test_${table}`,
    nonce: () => {
      writes += 1;
      return `writer-${writes}`;
    },
  });
  const close = async (): Promise<void> => {
    await server.close();
    store.close();
  };
  return { store, server, waits, close };
};

const openOutbox = async () => {
  const clock = new FakeClock();
  const names = ['events', 'notifications'].flatMap((name) => [name, `${name}-dead`]);
  const smq = new SmqServer(clock, { queues: names, visibilityMs: 1_000 });
  const queue = new SmqQueue({
    endpoint: await smq.listen(),
    credentials: async () => ({ ...SMQ_CREDENTIALS }),
    clock,
    sleep: async () => undefined,
    random: () => 0.5,
    nameOf: (name) => name,
    deadName: 'dead',
    visibilityMs: 1_000,
  });
  const tables = await open();
  const close = async (): Promise<void> => {
    await tables.close();
    await smq.close();
    await queue.close();
  };
  return { ...tables, queue, clock, outbox: writeThenSend(tables.store, queue), close };
};

describeTableStore('tablestore', open);
describeOutbox('tablestore and smq', openOutbox);

describe('Tablestore', () => {
  let under: Awaited<ReturnType<typeof open>>;
  beforeEach(async () => {
    under = await open();
  });
  afterEach(() => under.close());

  const absent = (sk: string, body = 'x'): WriteOp => ({ ...putOf(keyAt('p', sk), body), when: 'absent' });
  const names = (count: number) => Array.from({ length: count }, (_, at) => String(at).padStart(4, '0'));

  it('writes 200 rows and reads 100 in one call', async () => {
    const sks = names(450);
    await under.store.write(sks.map((sk) => absent(sk)));
    expect(under.server.calls).toEqual(Array.from({ length: 3 }, () => 'BatchWriteRow'));
    const rows = await under.store.getMany(sks.slice(0, 250).map((sk) => keyAt('p', sk)));
    expect(rows.every((row) => row?.version === 1)).toBe(true);
    expect(under.server.calls.slice(3)).toEqual(Array.from({ length: 3 }, () => 'BatchGetRow'));
  });

  it('keeps a call below four megabytes', async () => {
    const body = 'x'.repeat(1_000_000);
    await under.store.write(names(7).map((sk) => absent(sk, body)));
    expect(under.server.calls).toHaveLength(3);
  });

  it('reads on where a range stopped, in both directions', async () => {
    await under.store.write(names(23).map((sk) => absent(sk)));
    under.server.pageRows = 5;
    const sks = async (reverse: boolean) =>
      (await under.store.range({ table: 'lanes', pk: 'p', limit: 20, reverse })).map(({ sk }) => sk);
    expect(await sks(false)).toEqual(names(23).slice(0, 20));
    expect(await sks(true)).toEqual(names(23).reverse().slice(0, 20));
  });

  it.each([
    ['is busy', { status: 503, code: 'OTSServerBusy' }],
    ['throttles', { status: 403, code: 'OTSCapacityUnitExhausted' }],
    ['moves a partition', { status: 503, code: 'OTSPartitionUnavailable' }],
    ['has an internal error', { status: 500, code: 'OTSInternalServerError' }],
    ['drops the connection', 'reset'],
    ['does not answer', 'silence'],
    ['is behind a gateway that answers with a page', 'garbage'],
  ] as const)('tries again, each time later, when the service %s', async (_, fault) => {
    if (fault === 'silence') {
      await under.close();
      under = await open(undefined, IMPATIENT_MS);
    }
    under.server.faults.push(fault, fault);
    expect(await under.store.write([absent('a')])).toEqual([{ applied: true, version: 1 }]);
    under.server.faults.push(fault);
    expect(await under.store.get(keyAt('p', 'a'))).toMatchObject({ body: 'x', version: 1 });
    expect(under.waits).toEqual([50, 100, 50]);
  });

  it.each(['OTSRowOperationConflict', 'OTSServerBusy', 'OTSTimeout'])(
    'asks again for rows that were refused with %s, and only for them',
    async (code) => {
      under.server.faults.push({ rows: code });
      expect(await under.store.write(names(5).map((sk) => absent(sk)))).toEqual(
        Array.from({ length: 5 }, () => ({ applied: true, version: 1 })),
      );
      under.server.faults.push({ rows: code });
      const rows = await under.store.getMany(names(5).map((sk) => keyAt('p', sk)));
      expect(rows.map((row) => row?.sk)).toEqual(names(5));
    },
  );

  it('recognises its own write when the answer was lost, and nobody else’s', async () => {
    under.server.faults.push('done-then-reset');
    expect(await under.store.write([absent('a', 'mine')])).toEqual([{ applied: true, version: 1 }]);
    await under.store.write([absent('b', 'theirs')]);
    under.server.faults.push('reset');
    expect(await under.store.write([absent('b', 'theirs')])).toEqual([{ applied: false, version: 0 }]);
    const onVersion: WriteOp = { ...putOf(keyAt('p', 'a'), 'two'), when: { version: 1 } };
    under.server.faults.push('done-then-reset');
    expect(await under.store.write([onVersion])).toEqual([{ applied: true, version: 2 }]);
    under.server.faults.push('done-then-reset');
    expect(await under.store.write([deleteOf(keyAt('p', 'a'), { version: 2 })])).toEqual([
      { applied: true, version: 0 },
    ]);
  });

  it('gives up as a store that is out of service, with the word of the service and without a secret', async () => {
    under.server.faults.push(...Array.from({ length: 9 }, () => ({ status: 503, code: 'OTSServerBusy' })));
    const error: unknown = await under.store.write([absent('a')]).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'store-unavailable', cause: { code: 'OTSServerBusy' } });
    expect(under.waits).toHaveLength(5);
    expect(JSON.stringify([error, String((error as Error).cause), (error as Error).stack])).not.toContain('ots-key');
  });

  it('does not repeat what will never be taken', async () => {
    await under.close();
    let secret = 'an old secret';
    under = await open(async () => ({ ...OTS_CREDENTIALS, accessKeySecret: secret }));
    await expect(under.store.get(keyAt('p', 'a'))).rejects.toMatchObject({ cause: { code: 'OTSAuthFailed' } });
    expect(under.waits).toEqual([]);
    secret = OTS_CREDENTIALS.accessKeySecret;
    expect(await under.store.get(keyAt('p', 'a'))).toBeUndefined();
  });
});
