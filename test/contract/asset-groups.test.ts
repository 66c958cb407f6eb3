import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryPlatform } from '../../shared/adapters/local/memory-store.ts';
import { claimChannel } from '../../shared/channels/registry.ts';
import type { AssetGroup, Settings } from '../../shared/domain/settings.ts';
import { registerPlatform } from '../../shared/runtime/platform.ts';
import { assetGroupFindings } from '../../shared/stages/asset-group-findings.ts';
import { type AssetGroupPorts, refreshAssetGroups } from '../../shared/stages/asset-groups.ts';
import { createRosterSource } from '../../shared/stages/roster-source.ts';
import { saveSettings } from '../../shared/stages/settings.ts';
import { compiledSettings } from '../../shared/stages/settings-source.ts';
import { consoleOf, consoleParts } from '../support/console-parts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { refusedWith, SecurityCenterServer } from '../support/security-center-server.ts';
import { eventWith } from '../support/settings-samples.ts';
import { createTestWorld } from '../support/test-platform.ts';
import { testSealer } from '../support/test-sealer.ts';
import type { Reply } from './channel-server.ts';

const MINUTE_MS = 60_000;
const WEB: AssetGroup = { name: 'web', source: 'securityCenter', id: '11' };

const fileWith = (assetGroups: AssetGroup[], rest: Partial<Settings> = {}): Settings => ({
  assetGroups,
  chatbots: assetGroups.map(({ name }) => ({
    name: `bot-${name}`,
    type: 'webhook' as const,
    url: `https://hook.example.com/${name}`,
    assetGroups: [name],
  })),
  ...rest,
});

describe('asset groups from Security Center', () => {
  let center: SecurityCenterServer;
  let clock: FakeClock;
  let memory: ReturnType<typeof createMemoryPlatform>;
  let ports: AssetGroupPorts & { sealer: typeof testSealer; env: Record<string, string> };
  beforeEach(async () => {
    center = new SecurityCenterServer();
    clock = new FakeClock();
    memory = createMemoryPlatform(clock);
    const stored = { store: memory.store, sealer: testSealer, clock, env: {} };
    const settings = compiledSettings(stored, (current) => current);
    ports = { ...stored, settings, openapi: await center.open() };
  });
  afterEach(() => center.close());

  const save = (settings: Settings) => saveSettings(ports, { text: JSON.stringify(settings), format: 'json' });
  const refresh = () => refreshAssetGroups(ports)();
  const roster = () => createRosterSource(ports, () => undefined);
  const told = async (id: string, source = roster()): Promise<string[]> => {
    const event = eventWith({ resource: { id, type: 'instance', name: '', arn: '' } });
    return (await source.current()).route(event).map(({ rule }) => rule);
  };
  const findings = async (settings: Settings) =>
    (await assetGroupFindings(memory.store, settings)).map(({ path, what, why }) => `${path}: ${what}; ${why}`);
  const rowsLeft = async () => (await memory.store.scan({ table: 'assets', limit: 100 })).map(({ pk }) => pk).sort();

  it('have the assets that Security Center lists, by id and by uuid, over all pages, and no others', async () => {
    center.fill(11, 205);
    center.fill(12, 3);
    await save(fileWith([WEB]));
    expect(await refresh()).toEqual({ assetGroups: 1, assetGroupsFailed: 0, assetGroupsUnread: 0 });
    expect(await told('i-11x0')).toEqual(['chatbot:bot-web']);
    expect(await told('uuid-i-11x204')).toEqual(['chatbot:bot-web']);
    expect(await told('i-12x0')).toEqual([]);
    expect(center.calls.map(({ form }) => form.NextToken)).toEqual(['', '100', '200']);
    expect(center.calls[0]).toMatchObject({
      action: 'DescribeCloudCenterInstances',
      form: { Criteria: '[{"name":"groupId","value":"11"}]', UseNextToken: 'true', PageSize: '100' },
    });
  });

  it('are read page by page where the service gives no tokens, and rightly where it knows no condition', async () => {
    center.fill(11, 120);
    center.fill(12, 120);
    center.paging = 'numbers';
    center.knowsCriteria = false;
    await save(fileWith([WEB]));
    await refresh();
    expect(center.calls.map(({ form }) => form.CurrentPage)).toEqual([undefined, '2', '3']);
    expect(await told('i-11x119')).toEqual(['chatbot:bot-web']);
    expect(await told('i-12x0')).toEqual([]);
  });

  it('are found by their name, the default group by its flag, with one list for all of them', async () => {
    center.groups = [
      { GroupId: 10, GroupName: '未分组', GroupFlag: '0' },
      { GroupId: 11, GroupName: 'web', GroupFlag: 1 },
    ];
    center.fill(10, 1);
    center.fill(11, 1);
    await save(
      fileWith([
        { name: 'web', source: 'securityCenter' },
        { name: 'rest', source: 'securityCenter', default: true },
      ]),
    );
    await refresh();
    expect(center.calls.filter(({ action }) => action === 'DescribeAllGroups')).toHaveLength(1);
    expect(await told('i-11x0')).toEqual(['chatbot:bot-web']);
    expect(await told('i-10x0')).toEqual(['chatbot:bot-rest']);
    expect(await told('i-new')).toEqual(['chatbot:bot-rest']);
  });

  it('narrow no chatbot before they were read, so that nothing is lost meanwhile', async () => {
    await save(fileWith([WEB, { name: 'rest', default: true }]));
    expect(await told('i-any')).toEqual(['chatbot:bot-rest', 'chatbot:bot-web']);
  });

  it('have the patterns of the file besides the assets of the service', async () => {
    center.fill(11, 1);
    await save(fileWith([{ ...WEB, resources: ['i-extra*'] }]));
    await refresh();
    expect(await told('i-extra7')).toEqual(['chatbot:bot-web']);
    expect(await told('i-other')).toEqual([]);
  });

  it('are read again after ten minutes, not before, and a warm instance follows within a minute', async () => {
    center.fill(11, 1);
    await save(fileWith([WEB]));
    await refresh();
    const warm = roster();
    expect(await told('i-11x1', warm)).toEqual([]);
    center.fill(11, 2);
    clock.advance(9 * MINUTE_MS);
    await refresh();
    expect(center.calls).toHaveLength(1);
    clock.advance(MINUTE_MS);
    await refresh();
    expect(center.calls).toHaveLength(2);
    expect(await told('i-11x1', warm)).toEqual(['chatbot:bot-web']);
    expect(await rowsLeft()).toEqual(['groups', 'members']);
  });

  it('cost a warm instance one small read a minute, and nothing is compiled anew while they are the same', async () => {
    center.fill(11, 1);
    await save(fileWith([WEB]));
    await refresh();
    const warm = roster();
    const first = await warm.current();
    const { reads } = memory.calls;
    expect(await warm.current()).toBe(first);
    expect(memory.calls.reads).toBe(reads + 1);
    clock.advance(10 * MINUTE_MS);
    await refresh();
    const later = memory.calls.reads;
    expect(await warm.current()).toBe(first);
    expect(memory.calls.reads).toBe(later + 2);
  });

  it.each<[string, Reply, string]>([
    ['permission denied', refusedWith(403, 'NoPermission'), 'NoPermission'],
    ['throttled', refusedWith(400, 'Throttling.User'), 'Throttling.User'],
    ['an error of the server', refusedWith(500, 'ServerError'), 'ServerError'],
    ['an error with status 200', refusedWith(200, 'InternalError'), 'InternalError'],
    ['an object without a list', { body: '{"RequestId":"R-1"}' }, 'EANSWER'],
    ['a list of another form', { body: '{"Instances":{"Instance":[]}}' }, 'EANSWER'],
    ['a web page', { status: 502, body: '<html>' }, 'EANSWER'],
    ['a cut connection', 'reset', 'ECONNRESET'],
  ])('keep their last good copy after %s, and a finding says since when', async (_, reply, code) => {
    center.fill(11, 1);
    const settings = fileWith([WEB]);
    await save(settings);
    await refresh();
    clock.advance(10 * MINUTE_MS);
    center.trouble = () => reply;
    expect(await refresh()).toEqual({ assetGroups: 1, assetGroupsFailed: 1, assetGroupsUnread: 0 });
    expect(await told('i-11x0')).toEqual(['chatbot:bot-web']);
    expect(await told('i-other')).toEqual([]);
    expect(await findings(settings)).toEqual([
      `assetGroups[0]: Security Center has not given its members since 2026-01-05T08:10:00.000Z (${code}); its members are those of 2026-01-05T08:00:00.000Z`,
    ]);
  });

  it('say what chatbots get when they could never be read, and what to do', async () => {
    center.trouble = () => refusedWith(403, 'NoPermission');
    const settings = fileWith([WEB]);
    await save(settings);
    expect(await refresh()).toEqual({ assetGroups: 1, assetGroupsFailed: 1, assetGroupsUnread: 1 });
    expect(await told('i-any')).toEqual(['chatbot:bot-web']);
    const [finding] = await assetGroupFindings(memory.store, settings);
    expect(finding).toMatchObject({
      why: 'chatbots with this group are told about all assets',
      fix: expect.stringContaining('yundun-sas:DescribeCloudCenterInstances'),
    });
  });

  it('are tried again after one minute, then two and four, at most ten, and recover', async () => {
    center.fill(11, 1);
    center.trouble = () => refusedWith(503, 'ServiceUnavailable');
    const settings = fileWith([WEB]);
    await save(settings);
    const triedAt: number[] = [];
    for (let minute = 0; minute <= 40; minute += 1) {
      const before = center.calls.length;
      await refresh();
      if (center.calls.length > before) triedAt.push(minute);
      clock.advance(MINUTE_MS);
    }
    expect(triedAt).toEqual([0, 1, 3, 7, 15, 25, 35]);
    center.trouble = () => undefined;
    clock.advance(10 * MINUTE_MS);
    expect(await refresh()).toMatchObject({ assetGroupsFailed: 0 });
    expect(await findings(settings)).toEqual([]);
  });

  it('ask nothing more in the same round after being throttled, and read the rest in the next', async () => {
    center.fill(11, 1);
    center.fill(12, 1);
    const throttledOnce = refusedWith(429, 'Throttling');
    center.trouble = () => (center.calls.length === 1 ? throttledOnce : undefined);
    await save(fileWith([WEB, { name: 'db', source: 'securityCenter', id: '12' }]));
    await refresh();
    expect(center.calls).toHaveLength(1);
    clock.advance(MINUTE_MS);
    expect(await refresh()).toEqual({ assetGroups: 2, assetGroupsFailed: 0, assetGroupsUnread: 0 });
  });

  it('keep what they had when a later page fails, never half of the new', async () => {
    center.fill(11, 150);
    await save(fileWith([WEB]));
    await refresh();
    clock.advance(10 * MINUTE_MS);
    center.fill(11, 150, 'new-');
    center.trouble = ({ form }) => (form.NextToken === '100' ? refusedWith(500, 'ServerError') : undefined);
    await refresh();
    expect(await told('i-11x149')).toEqual(['chatbot:bot-web']);
    expect(await told('new-11x0')).toEqual([]);
  });

  it('give up on tokens that go round in a circle and on a group that is too large', async () => {
    const settings = fileWith([WEB]);
    await save(settings);
    const page = { Instances: [{ InstanceId: 'i-1' }], PageInfo: { NextToken: 'again' } };
    center.trouble = () => ({ body: JSON.stringify(page) });
    await refresh();
    expect(center.calls).toHaveLength(2);
    expect((await findings(settings))[0]).toContain('(EPAGING)');
    clock.advance(MINUTE_MS);
    center.trouble = () => ({
      body: JSON.stringify({ ...page, PageInfo: { NextToken: String(center.calls.length) } }),
    });
    await refresh();
    expect(center.calls).toHaveLength(202);
    expect((await findings(settings))[0]).toContain('(EBUDGET)');
  });

  it('say when Security Center has no group of that name, and when a group is empty', async () => {
    center.groups = [{ GroupId: 12, GroupName: 'db', GroupFlag: 1 }];
    const settings = fileWith([
      { name: 'web', source: 'securityCenter' },
      { name: 'db', source: 'securityCenter' },
    ]);
    await save(settings);
    await refresh();
    const [missing, empty] = await findings(settings);
    expect(missing).toContain('(group-not-found)');
    expect(empty).toBe(
      'assetGroups[1]: Security Center lists no asset in it; chatbots that have no other group are told nothing',
    );
  });

  it('of another id or centre are other groups, and what nobody needs any more is forgotten', async () => {
    center.fill(11, 1);
    center.fill(12, 1);
    await save(fileWith([WEB]));
    await refresh();
    await save(fileWith([{ ...WEB, id: '12' }]));
    expect(await told('i-any')).toEqual(['chatbot:bot-web']);
    await refresh();
    expect(await told('i-12x0')).toEqual(['chatbot:bot-web']);
    expect(await told('i-11x0')).toEqual([]);
    await save(fileWith([{ ...WEB, id: '12' }], { securityCenter: { region: 'outside' } }));
    expect(await told('i-any')).toEqual(['chatbot:bot-web']);
    await save({});
    await refresh();
    expect(await rowsLeft()).toEqual([]);
  });

  it('ask nobody when no group comes from Security Center', async () => {
    await save(fileWith([{ name: 'web', resources: ['i-1'] }]));
    expect(await refresh()).toEqual({ assetGroups: 0, assetGroupsFailed: 0, assetGroupsUnread: 0 });
    expect(center.calls).toEqual([]);
  });

  it('fit into rows of the store when they are many', async () => {
    center.fill(11, 9_000);
    await save(fileWith([WEB]));
    await refresh();
    expect(await told('uuid-i-11x8999')).toEqual(['chatbot:bot-web']);
    const rows = await memory.store.scan({ table: 'assets', limit: 100 });
    expect(rows.length).toBeGreaterThan(4);
    for (const { body } of rows) expect(Buffer.byteLength(body)).toBeLessThan(256 * 1_024);
  });

  it('are read by the function of the sweep, which counts them in the metrics', async () => {
    const { platform } = createTestWorld({ openapi: ports.openapi });
    registerPlatform(platform);
    const { handler } = await import('../../functions/sweep/index.ts');
    const sweepOnce = () => handler(Buffer.from('{}'), {});
    expect(await sweepOnce()).toMatchObject({ redriven: 0, assetGroups: 0 });
    center.trouble = () => refusedWith(403, 'NoPermission');
    const settings = fileWith([WEB]);
    await saveSettings({ ...platform, env: {} }, { text: JSON.stringify(settings), format: 'json' });
    expect(await sweepOnce()).toMatchObject({ assetGroups: 1, assetGroupsFailed: 1 });
    expect(platform.metrics.text()).toContain('fenghuo_asset_groups{state="failed"} 1');
    registerPlatform(undefined);
  });

  it('that fail are in the answer to whoever saves settings', async () => {
    const { platform } = createTestWorld({ openapi: ports.openapi });
    const saved = { ...platform, settings: compiledSettings(platform, (current) => current) };
    const roster = createRosterSource(platform, () => undefined);
    const metricsText = () => Promise.resolve('');
    const api = consoleOf({
      ...platform,
      roster,
      ...consoleParts({ ...platform, claimChannel }, { channels: [] }),
      claimChannel,
      parseYaml: JSON.parse,
      metricsText,
    });
    const put = async (settings: Settings) => {
      const headers = { authorization: `Bearer ${platform.accessToken}` };
      const call = { method: 'PUT', path: '/api/settings', query: {}, headers, body: JSON.stringify(settings) };
      return JSON.parse((await api(call)).body).findings.map(({ path }: { path: string }) => path);
    };
    expect(await put(fileWith([WEB]))).not.toContain('assetGroups[0]');
    center.trouble = () => refusedWith(403, 'NoPermission');
    await refreshAssetGroups(saved)();
    expect(await put(fileWith([WEB]))).toContain('assetGroups[0]');
  });

  it('survive two refreshes at once', async () => {
    center.fill(11, 150);
    await save(fileWith([WEB]));
    await Promise.all([refresh(), refresh(), refresh()]);
    expect(await told('i-11x149')).toEqual(['chatbot:bot-web']);
    expect(await rowsLeft()).toEqual(['groups', 'members']);
  });
});
