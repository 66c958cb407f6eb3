import { readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundlesAlone } from '../support/built.ts';
import { CloudRig } from './cloud-rig.ts';
import { runSettings, WITNESS } from './cloud-settings.ts';
import { EventSender } from './event-sender.ts';
import { judge } from './judge.ts';
import { settleBooks } from './settle-books.ts';

const EVENTS = 300;
const systemEvent = JSON.parse(
  readFileSync(new URL('../fixtures/events/eventbridge.ecs-system-event.json', import.meta.url), 'utf8'),
) as Record<string, unknown>;

describe('the deployed set in a fake cloud', () => {
  const bundles = bundlesAlone();
  let rig: CloudRig;
  beforeAll(async () => {
    rig = await CloudRig.deploy(bundles, { timeFactor: 0.02, duplicateChance: 0.02 });
  });
  afterAll(async () => {
    await rig.close();
    rmSync(bundles, { recursive: true, force: true });
  });

  it('tells every accepted event, through faults of the services and kills of instances, and balances its books', async () => {
    await rig.applySettings(runSettings(rig.cloud.providers.url));
    rig.cloud.faults.on = true;
    const sender = new EventSender(rig);
    await sender.send(40, { batch: 1, callers: 4 });
    for (const name of ['match', 'fanout', 'deliver-webhook'])
      rig.cloud.pool(`fenghuo-dev-${name}`).kill(rig.cloud.random);
    await sender.send(160, { batch: 16, callers: 3 });
    rig.cloud.pool('fenghuo-dev-deliver-webhook').kill(rig.cloud.random);
    await sender.send(100, { batch: 100, callers: 1 });
    await rig.cloud.untilIdle();
    rig.cloud.faults.on = false;
    const ledger = await settleBooks(rig);
    expect(ledger).toMatchObject({ balanced: true, inFlight: 0, deferred: 0, dead: 0, refused: 0 });
    expect(ledger.delivered + ledger.merged).toBe(ledger.accepted);
    const judgement = await judge(rig, sender.ids);
    expect(judgement).toMatchObject({ accepted: EVENTS, told: EVENTS, lost: [], unexplained: [], overQuota: [] });
  });

  it('tells an event of the event bus that a rule of the deployment lets through, and never hears of another', async () => {
    const told = () => rig.cloud.providers.calls.filter(({ place }) => place === WITNESS).length;
    const before = told();
    expect(await rig.cloud.publish({ ...systemEvent, source: 'acs.oss' })).toBe(0);
    expect(await rig.cloud.publish({ ...systemEvent, type: 'ecs:ActionTrail:ApiCall' })).toBe(0);
    expect(await rig.cloud.publish(systemEvent)).toBe(1);
    await settleBooks(rig);
    expect(told()).toBe(before + 1);
  });

  it('tests a contact through the function of its channel, which the console invokes', async () => {
    const answer = await rig.call('console', '/api/contacts/webhook/test', { method: 'POST', body: '{}' });
    expect([answer.status, await answer.json()]).toMatchObject([200, { status: 'delivered' }]);
  });
});
