import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handler as ingest } from '../../functions/ingest/index.ts';
import { handler as match } from '../../functions/match/index.ts';
import { withoutLeftOut } from '../../shared/runtime/left-out-channels.ts';
import { registerPlatform } from '../../shared/runtime/platform.ts';
import { rosterOf } from '../../shared/runtime/stage-ports.ts';
import { saveSettings } from '../../shared/stages/settings.ts';
import { createTestWorld, type TestWorld } from '../support/test-platform.ts';

const DEPLOYED = new Set(['dingtalk']);
const ROW = { kind: 'put', table: 'windows', pk: 'p', sk: 's', body: '{}', when: 'absent' } as const;
const message = (queue: 'deliver-email' | 'deliver-dingtalk' | 'notifications') => ({
  queue,
  body: '{"kind":"deliver"}',
});

let world: TestWorld;
beforeEach(() => {
  world = createTestWorld({ deployedChannels: DEPLOYED });
  registerPlatform(world.platform);
});
afterEach(() => registerPlatform(undefined));

const received = async (queue: 'deliver-email' | 'deliver-dingtalk' | 'notifications' | 'events') => {
  const messages = await world.memory.queue.receive({ queue, max: 10, visibilityMs: 60_000 });
  return messages.map(({ body }) => JSON.parse(body));
};

const letters = async () => {
  const rows = await world.memory.store.range({ table: 'deadletters', pk: 'deliver-email', limit: 10 });
  return rows.map(({ body }) => JSON.parse(body).reason);
};

describe('a deployment that leaves channels out', () => {
  it('plans nothing for them, and says so', async () => {
    const hook = 'https://oapi.dingtalk.com/robot/send?access_token=token-ops-0001';
    const settings = {
      contacts: [
        { name: 'group', webhook: { url: hook } },
        { name: 'kai', email: 'kai@example.com' },
      ],
      contactGroups: [
        { name: 'all', contacts: ['group', 'kai'] },
        { name: 'mail', contacts: ['kai'] },
      ],
      notificationPolicies: [
        { name: 'now', contactGroups: ['all'] },
        { name: 'mail', contactGroups: ['mail'] },
      ],
      subscriptions: ['now', 'mail'].map((name) => ({ name, products: ['ecs'], policy: name })),
      resourceInstances: [{ assetname: 'out', emailUsername: 'a@163.com', emailPassword: 'invented' }],
    };
    await saveSettings({ ...world.platform, env: {} }, { text: JSON.stringify(settings), format: 'json' });
    const event = { product: 'ECS', name: 'Instance:StateChange', level: 'INFO', resourceId: 'i-1', content: {} };
    await ingest(Buffer.from(JSON.stringify(event)), {});
    await match(Buffer.from(JSON.stringify(await received('events'))), {});
    const [told] = await received('notifications');
    expect(told.units[0].items.map(({ channel }: { channel: string }) => channel)).toEqual(['dingtalk']);
    const [row] = await world.memory.store.scan({ table: 'events', limit: 1 });
    const roster = await rosterOf(world.platform).current();
    const decisions = roster.explain(JSON.parse(row!.body).event);
    expect(decisions).toMatchObject([
      { name: 'matched', detail: expect.stringContaining('not deployed') },
      { name: 'channel-not-deployed' },
    ]);
  });

  it('keeps what was planned for one before it was taken away as a dead letter, and sends the rest', async () => {
    const outbox = withoutLeftOut(world.memory.outbox, DEPLOYED, world.clock);
    const results = await outbox.commit(
      [ROW],
      [message('deliver-email'), message('deliver-dingtalk'), message('notifications')],
    );
    expect(results).toEqual([{ applied: true, version: 1 }]);
    expect(await received('deliver-email')).toEqual([]);
    expect(await received('deliver-dingtalk')).toHaveLength(1);
    expect(await received('notifications')).toHaveLength(1);
    expect(await letters()).toEqual([expect.stringMatching(/^channel-not-deployed/)]);
  });

  it('keeps no letter when another run has done the work', async () => {
    const outbox = withoutLeftOut(world.memory.outbox, DEPLOYED, world.clock);
    await outbox.commit([ROW], []);
    await outbox.commit([ROW], [message('deliver-email')]);
    expect(await letters()).toEqual([]);
  });
});
