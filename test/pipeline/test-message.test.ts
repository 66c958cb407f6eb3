import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { parkTarget } from '../../shared/stages/quota-rows.ts';
import { testTarget } from '../../shared/stages/test-target.ts';
import { unreachable } from '../support/channel-ports.ts';
import { StageWorld, type WorldOptions } from '../support/stage-world.ts';

const QUOTA = { windows: [{ limit: 2, windowMs: 60_000 }], maxSendMs: 5_000 };
const REFUSED: Outcome = {
  kind: 'refused',
  endpointDead: false,
  code: '310000',
  cause: 'keyword',
  text: 'keywords not in content',
  fix: { zh: '加上关键词', en: 'add the keyword' },
};

const worldOf = (options: WorldOptions) => {
  const world = new StageWorld(options);
  const target = world.target('t');
  return {
    world,
    target,
    send: testTarget(world.channel, { ...world.platform, clock: world.clock, ...unreachable }),
  };
};
const worldWith = () => worldOf({ quota: QUOTA });

describe('a test message', () => {
  it('says that it was delivered', async () => {
    const { target, send } = worldWith();
    expect(await send(target, 'en')).toEqual({ status: 'delivered', code: '0', latencyMs: 0 });
  });

  it('says cause and fix in the language of the caller when it was refused', async () => {
    const { world, target, send } = worldWith();
    world.answer = () => REFUSED;
    expect(await send(target, 'zh')).toMatchObject({
      status: 'refused',
      code: '310000',
      cause: 'keyword',
      fix: '加上关键词',
    });
    expect(await send(target, 'en')).toMatchObject({ fix: 'add the keyword' });
  });

  it('counts against the quota and says how long to wait when it is used up', async () => {
    const { world, target, send } = worldWith();
    await send(target, 'en');
    await send(target, 'en');
    expect(await send(target, 'en')).toMatchObject({
      status: 'deferred',
      cause: 'rate',
      fix: expect.stringContaining('again in 2 min'),
    });
    expect(world.seen).toHaveLength(2);
  });

  it('is not sent into the pause that a provider imposed, and says how long that still lasts', async () => {
    const { world, target, send } = worldWith();
    await parkTarget(world.platform.store, target.key, world.clock.nowMs() + 600_000);
    expect(await send(target, 'zh')).toMatchObject({ status: 'deferred', fix: expect.stringContaining('10 分钟后') });
    expect(world.seen).toEqual([]);
  });

  it.each(['with', 'without'])('parks a target %s a quota when the provider answers too fast', async (kind) => {
    const { world, target, send } = kind === 'with' ? worldWith() : worldOf({});
    world.answer = () => ({ ...REFUSED, kind: 'throttled', retryAfterMs: 600_000, cause: 'rate', code: '130101' });
    expect(await send(target, 'en')).toMatchObject({ status: 'deferred', code: '130101' });
    expect(await send(target, 'en')).toMatchObject({ status: 'deferred', code: 'quota' });
  });
});
