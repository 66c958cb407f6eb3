import { describe, expect, it } from 'vitest';
import { createMemoryPlatform } from '../../shared/adapters/local/memory-store.ts';
import type { Event } from '../../shared/domain/event.ts';
import { idOf } from '../../shared/domain/ids.ts';
import type { Level } from '../../shared/domain/level.ts';
import { messageSchema } from '../../shared/domain/messages.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { eventRowOf } from '../../shared/stages/events-log.ts';
import { batchesOf, incomingOf } from '../../shared/stages/ingest-batch.ts';
import { commitBatches } from '../../shared/stages/ingest-commit.ts';
import { sendDueOverview, sendOverviewNow } from '../../shared/stages/overview.ts';
import { unreachable } from '../support/channel-ports.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { CrashError, guarded } from '../support/guarded-platform.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Monday, 08:00 in UTC; nine o'clock of Thursday in Shanghai is 65 hours later. */
const TO_THURSDAY = 65 * HOUR;

const world = (settings: Settings = { account: '1234', overview: {} }) => {
  const clock = new FakeClock();
  const platform = createMemoryPlatform(clock);
  const ports = { ...platform, ...unreachable, clock, settings: { current: () => Promise.resolve(settings) } };
  let count = 0;
  const happen = async (type: string, level: Level, product = 'sas'): Promise<void> => {
    count += 1;
    const nowMs = clock.nowMs();
    const event: Event = {
      id: idOf('evt', nowMs, [String(count)]),
      source: 'cloudmonitor-event',
      product,
      type,
      name: type,
      status: '',
      level,
      vendorLevel: '',
      resource: { id: '', type: '', name: '', arn: '' },
      region: '',
      account: '',
      receivedAtMs: nowMs,
      content: {},
    };
    await commitBatches(platform, batchesOf([incomingOf(event, { text: '{}', ours: true })], nowMs));
  };
  const overviews = async (): Promise<Event[]> => {
    const rows = await platform.store.scan({ table: 'events', limit: 1_000 });
    return rows.map((row) => eventRowOf(row).event).filter(({ source }) => source === 'overview');
  };
  const onItsWay = async (): Promise<string[]> => {
    const messages = await platform.queue.receive({ queue: 'events', max: 100, visibilityMs: 1 });
    return messages
      .map(({ body }) => messageSchema.parse(JSON.parse(body)))
      .flatMap((message) => (message.kind === 'events' ? message.events : []))
      .filter(({ source }) => source === 'overview')
      .map(({ id }) => id);
  };
  return { clock, platform, ports, happen, overviews, onItsWay, send: sendDueOverview(ports) };
};

describe('the weekly overview', () => {
  it('remembers at first where the week begins, and then goes out on Thursday at nine, once', async () => {
    const { clock, send, overviews, onItsWay } = world();
    expect(await send()).toEqual({});
    clock.advance(TO_THURSDAY - 1);
    expect(await send()).toEqual({});
    clock.advance(1);
    const { event } = await send();
    expect(await send()).toEqual({});
    expect((await overviews()).map(({ id }) => id)).toEqual([event]);
    expect(await onItsWay()).toEqual([event]);
    clock.advance(7 * DAY);
    await send();
    expect(await overviews()).toHaveLength(2);
  });

  it('counts what Security Center said in the span by item and level, and nothing else', async () => {
    const { clock, send, happen, overviews } = world();
    await happen('Suspicious', 'critical');
    clock.advance(1_000);
    await send();
    await happen('Vulnerability', 'high');
    await happen('Vulnerability', 'high');
    await happen('Emergency Vulnerability', 'critical');
    await happen('System-Baseline-cnt', 'medium');
    await happen('Suspicious', 'low');
    await happen('AccessKeyLeak', 'critical');
    await happen('StatusNotification', 'critical', 'ecs');
    clock.advance(TO_THURSDAY);
    await send();
    const [overview] = await overviews();
    expect(overview).toMatchObject({ product: 'sas', type: 'Overview', level: 'info', account: '1234' });
    expect(overview?.content).toMatchObject({
      overview_vulnerabilities: '3 (1 / 2 / 0 / 0 / 0)',
      overview_baselineRisks: '1 (0 / 0 / 1 / 0 / 0)',
      overview_configAssessment: '0',
      overview_alerts: '2 (1 / 0 / 0 / 1 / 0)',
    });
  });

  it('tells what Security Center counts as open, and goes without where it may not ask', async () => {
    const { clock, ports, overviews } = world();
    const body = {
      RequestId: 'r',
      TotalStatistics: { VulAsapSum: '12', VulLaterSum: 3, HealthMediumTotal: 4, SuspiciousSeriousTotal: 1 },
    };
    const asked: string[] = [];
    const openapi = {
      call: (request: { action: string; endpoint: string }) => {
        asked.push(`${request.endpoint} ${request.action}`);
        return Promise.resolve({ status: 200, body });
      },
    };
    const refused = { call: () => Promise.resolve({ status: 403, body: { Code: 'NoPermission' } }) };
    await sendOverviewNow({ ...ports, openapi });
    clock.advance(1);
    await sendOverviewNow({ ...ports, openapi: refused });
    const [first, second] = await overviews();
    expect(asked).toEqual(['tds.cn-shanghai.aliyuncs.com DescribeTotalStatistics']);
    expect(first?.content.overviewOpen).toBe('12 / 3 · 0 / 4 / 0 · 1 / 0 / 0');
    expect(second?.content).not.toHaveProperty('overviewOpen');
  });

  it('leaves out the sections whose overview is switched off', async () => {
    const cloudMonitorPush = { vulnerability: { details: true }, baseline: { overview: false } };
    const { clock, send, overviews } = world({ overview: {}, securityCenter: { cloudMonitorPush } });
    await send();
    clock.advance(TO_THURSDAY);
    await send();
    const [overview] = await overviews();
    expect(Object.keys(overview?.content ?? {})).toEqual([
      'overviewSince',
      'overview_configAssessment',
      'overview_alerts',
      'overviewTold',
      'overviewNotTold',
    ]);
  });

  it('comes late when nothing ran at its hour, and one for all that were missed', async () => {
    const { clock, send, overviews } = world();
    await send();
    clock.advance(TO_THURSDAY + 30 * DAY);
    await send();
    await send();
    expect(await overviews()).toHaveLength(1);
  });

  it('is not sent when the settings do not ask for it', async () => {
    const { clock, send, overviews } = world({});
    await send();
    clock.advance(30 * DAY);
    expect(await send()).toEqual({});
    expect(await overviews()).toEqual([]);
  });

  it('goes out once although a run dies at any point, or two run at once', async () => {
    for (let crashAfter = 0; crashAfter < 8; crashAfter += 1) {
      const { clock, platform, ports, send, overviews, onItsWay } = world();
      await send();
      clock.advance(TO_THURSDAY);
      await sendDueOverview({ ...ports, ...guarded(platform, { crashAfter }) })().catch((error: unknown) => {
        if (!(error instanceof CrashError)) throw error;
      });
      await Promise.all([send(), send()]);
      await send();
      expect(await overviews()).toHaveLength(1);
      expect(new Set(await onItsWay()).size).toBe(1);
    }
  });

  it('is sent by hand as often as asked, which does not change when it is due', async () => {
    const { clock, ports, send, overviews } = world();
    await send();
    clock.advance(DAY);
    const first = await sendOverviewNow(ports);
    clock.advance(1);
    const second = await sendOverviewNow(ports);
    expect(first.id).not.toBe(second.id);
    clock.advance(TO_THURSDAY - DAY);
    await send();
    expect(await overviews()).toHaveLength(3);
  });
});
