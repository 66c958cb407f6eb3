import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAll } from '../../shared/cli/build.ts';
import { CloudRig } from './cloud-rig.ts';
import { runSettings } from './cloud-settings.ts';
import { EventSender } from './event-sender.ts';
import { judge } from './judge.ts';
import { settleBooks } from './settle-books.ts';

const EVENTS = 300;

describe('the deployed set in a fake cloud', () => {
  let out: string;
  let rig: CloudRig;
  beforeAll(async () => {
    out = mkdtempSync(join(tmpdir(), 'fenghuo-cloud-build-'));
    await buildAll(out);
    rig = await CloudRig.deploy(out, { timeFactor: 0.02, duplicateChance: 0.02 });
  });
  afterAll(async () => {
    await rig.close();
    rmSync(out, { recursive: true, force: true });
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
});
