import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryPlatform, type MemoryPlatform } from '../../shared/adapters/local/memory-store.ts';
import { inbox } from '../../shared/channels/inbox/index.ts';
import { inboxRoutes } from '../../shared/console/inbox-routes.ts';
import { createRouter } from '../../shared/console/router.ts';
import { StoreUnavailableError, type TableStore } from '../../shared/ports/table-store.ts';
import { countUnread, markRead, readInbox } from '../../shared/stages/inbox.ts';
import { aMergedNotice, aNotice, aTarget } from '../fixtures/providers/notice.ts';
import { channelPorts } from '../support/channel-ports.ts';
import { FakeClock } from '../support/fake-clock.ts';

let clock: FakeClock;
let memory: MemoryPlatform;

beforeEach(() => {
  clock = new FakeClock();
  memory = createMemoryPlatform(clock);
});

const idOf = (n: number): string => `dlv_${String(n).padStart(10, '0')}`;

const deliver = (n: number, store: TableStore = memory.store, address = 'ops-lead') =>
  inbox.send(
    aNotice({ id: idOf(n), link: `https://console.example.com/${n}` }),
    aTarget({ channel: 'inbox', address }),
    {
      ...channelPorts({ store, clock }),
    },
  );

const deliverAll = async (count: number): Promise<void> => {
  for (let n = 1; n <= count; n += 1) await deliver(n);
};

const call = async (method: string, path: string, more: { query?: Record<string, string>; body?: unknown } = {}) => {
  const router = createRouter(inboxRoutes({ store: memory.store, clock }), () => {});
  const body = more.body === undefined ? '' : JSON.stringify(more.body);
  const reply = await router({ method, path, query: more.query ?? {}, headers: {}, body });
  return JSON.parse(reply.body);
};

const list = (query: Record<string, string> = {}) => call('GET', '/api/inbox/ops-lead', { query });

describe('an internal message', () => {
  it('says what happened as plain text, with level, language, link and time, and is unread', async () => {
    expect(await deliver(1)).toEqual({ kind: 'delivered', code: '0' });
    const { user, unread, items } = await list();
    expect([user, unread]).toEqual(['ops-lead', 1]);
    expect(items).toEqual([
      {
        id: idOf(1),
        title: '[Critical] ECS · Instance will be restarted for system maintenance · i-bp1fenghuo00000001',
        text: expect.stringMatching(/^Level: Critical\nWhat happened: /),
        level: 'critical',
        language: 'en',
        link: 'https://console.example.com/1',
        events: 1,
        time: new Date(clock.nowMs()).toISOString(),
        read: false,
      },
    ]);
  });

  it('of many events names their number and the worst level', async () => {
    const notice = aMergedNotice(44, { language: 'zh' });
    await inbox.send(notice, aTarget({ channel: 'inbox', address: 'ops-lead' }), channelPorts({ store: memory.store }));
    expect((await list()).items).toMatchObject([
      { events: 44, level: 'critical', title: expect.stringContaining('44') },
    ]);
  });

  it('is there once however often it is delivered, and stays read', async () => {
    await deliver(1);
    clock.advance(1_000);
    await call('POST', '/api/inbox/ops-lead/read', { body: { ids: [idOf(1)] } });
    const [{ time, readAt }] = (await list()).items;
    clock.advance(60_000);
    expect((await deliver(1)).kind).toBe('delivered');
    const again = await list();
    expect(again.unread).toBe(0);
    expect(again.items).toMatchObject([{ time, read: true, readAt }]);
    expect(Date.parse(readAt) - Date.parse(time)).toBe(1_000);
  });

  it('is completed by its repetition when an attempt died on the way', async () => {
    // The store takes one write of the two and is gone.
    const dying: TableStore = {
      ...memory.store,
      write: async (ops) => {
        await memory.store.write(ops.slice(0, 1));
        throw new StoreUnavailableError('gone');
      },
    };
    expect(await deliver(1, dying)).toMatchObject({ kind: 'retry', code: 'store-unavailable' });
    expect((await list()).items).toEqual([]);
    await deliver(1);
    expect(await list()).toMatchObject({ unread: 1, items: [{ id: idOf(1), read: false }] });
  });

  it('is tried again when the store is away, and refused without a user', async () => {
    memory.outage = true;
    expect(await deliver(1)).toMatchObject({ kind: 'retry', cause: 'other', fix: { zh: expect.any(String) } });
    memory.outage = false;
    expect(await deliver(1, memory.store, '  ')).toMatchObject({ kind: 'refused', endpointDead: true });
  });

  it('belongs to no URL', () => {
    expect(inbox.claims(new URL('https://ops-lead.example.com'))).toBe(false);
  });
});

describe('the inbox', () => {
  it('is listed newest first, page by page, each message once, also while others come in', async () => {
    await deliverAll(7);
    const first = await list({ limit: '3' });
    await deliver(8);
    const second = await list({ limit: '3', cursor: first.cursor });
    const third = await list({ limit: '3', cursor: second.cursor });
    const ids = [first, second, third].flatMap(({ items }) => items.map(({ id }: { id: string }) => id));
    expect(ids).toEqual([7, 6, 5, 4, 3, 2, 1].map(idOf));
    expect(third.cursor).toBeUndefined();
    expect(third.unread).toBe(8);
  });

  it('has no further page when the last one is just full', async () => {
    await deliverAll(3);
    expect((await list({ limit: '3' })).cursor).toBeUndefined();
    const page = await list({ limit: '2' });
    expect((await list({ limit: '1', cursor: page.cursor })).cursor).toBeUndefined();
  });

  it('shows what is unread alone', async () => {
    await deliverAll(5);
    await call('POST', '/api/inbox/ops-lead/read', { body: { ids: [idOf(5), idOf(2)] } });
    const page = await list({ unread: '1', limit: '2' });
    expect(page.items.map(({ id }: { id: string }) => id)).toEqual([4, 3].map(idOf));
    expect((await list({ unread: '1', limit: '2', cursor: page.cursor })).items).toMatchObject([{ id: idOf(1) }]);
    expect(page.unread).toBe(3);
  });

  it('of one user tells nothing of another, whatever their names are', async () => {
    await deliver(1, memory.store, '值班:unread 🔥/x');
    expect(await list()).toMatchObject({ unread: 0, items: [] });
    const path = `/api/inbox/${encodeURIComponent('值班:unread 🔥/x')}`;
    expect(await call('GET', path)).toMatchObject({ unread: 1, items: [{ id: idOf(1) }] });
    expect(await call('POST', '/api/inbox/ops-lead/read', { body: { ids: [idOf(1)] } })).toMatchObject({ marked: 0 });
    expect(await call('GET', path)).toMatchObject({ unread: 1 });
  });

  it('marks some or all as read, keeps the first instant, and passes over what is not there', async () => {
    await deliverAll(250);
    const read = (body: unknown) => call('POST', '/api/inbox/ops-lead/read', { body });
    expect(await read({ ids: [idOf(1), idOf(1), 'dlv_none'] })).toEqual({ user: 'ops-lead', marked: 1, unread: 249 });
    clock.advance(5_000);
    expect(await read({ all: true })).toEqual({ user: 'ops-lead', marked: 249, unread: 0 });
    expect(await read({ all: true })).toMatchObject({ marked: 0 });
    expect(await read({ ids: [idOf(1)] })).toMatchObject({ marked: 0 });
    const { items } = await list({ limit: '500' });
    expect(Date.parse(items[0].readAt) - Date.parse(items.at(-1).readAt)).toBe(5_000);
  });

  it('counts a message as read once when two read it at the same time', async () => {
    await deliverAll(20);
    const ports = { store: memory.store, clock };
    const marked = await Promise.all([markRead(ports, 'ops-lead'), markRead(ports, 'ops-lead')]);
    expect(marked[0] + marked[1]).toBe(20);
    expect(await countUnread(memory.store, 'ops-lead')).toBe(0);
  });

  it('never shows a read message as unread, even when a mark was left behind', async () => {
    await deliver(1);
    const key = { table: 'inbox', pk: 'unread:ops-lead', sk: idOf(1) } as const;
    await markRead({ store: memory.store, clock }, 'ops-lead');
    await memory.store.write([{ kind: 'put', ...key, body: '{}', when: 'any' }]);
    const page = await readInbox(memory.store, { user: 'ops-lead', limit: 9, unreadOnly: true });
    expect(page.messages).toEqual([]);
    await markRead({ store: memory.store, clock }, 'ops-lead');
    expect(await countUnread(memory.store, 'ops-lead')).toBe(0);
  });

  it.each([
    ['nothing', undefined],
    ['neither', {}],
    ['both', { ids: ['dlv_1'], all: true }],
    ['all: false', { all: false }],
    ['ids that are none', { ids: ['../x'] }],
    ['too many ids', { ids: Array.from({ length: 501 }, (_, n) => `dlv_${n}`) }],
    ['another key', { id: 'dlv_1' }],
  ])('refuses to mark with %s', async (_, body) => {
    await expect(call('POST', '/api/inbox/ops-lead/read', { body })).rejects.toMatchObject({ status: 400 });
  });

  it('refuses a bad query', async () => {
    const bad: Record<string, string>[] = [{ unread: 'yes' }, { cursor: '../x' }, { limit: '0' }];
    for (const query of bad) await expect(list(query)).rejects.toMatchObject({ status: 400 });
    await expect(call('GET', '/api/inbox/%20')).rejects.toMatchObject({ status: 400 });
  });
});
