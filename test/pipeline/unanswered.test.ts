import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { readDelivery } from '../../shared/stages/delivery-end.ts';
import { readLedger } from '../../shared/stages/ledger.ts';
import { sweep } from '../../shared/stages/sweep.ts';
import { StageWorld } from '../support/stage-world.ts';

const MINUTE = 60_000;
const EXPLAINED = { code: 'ETIMEDOUT', cause: 'network' as const, text: 'no answer', fix: { zh: '', en: '' } };
const AMBIGUOUS: Outcome = { kind: 'ambiguous', retryAfterMs: 1_000, maxAttempts: 9, ...EXPLAINED };
const FALLBACK = {
  afterMs: 30 * MINUTE,
  steps: [{ target: 'spare:a', channel: 'spare', language: 'en' as const }],
};
const QUOTA = {
  windows: [
    { limit: 1, windowMs: MINUTE },
    { limit: 5, windowMs: 60 * MINUTE },
  ],
  maxSendMs: 5_000,
};

const start = (quota?: typeof QUOTA): StageWorld => {
  const world = new StageWorld({ quota, channel: { repeatsUnanswered: false } });
  world.target('t');
  world.target('a', { channel: 'spare' });
  return world;
};

const stateOf = async (world: StageWorld, id: string) => (await readDelivery(world.platform.store, id))?.value;
const settleFor = async (world: StageWorld, minutes: number): Promise<void> => {
  for (let minute = 0; minute < minutes; minute += 1) {
    await world.run(MINUTE, 10_000);
    await sweep({ ...world.platform, clock: world.clock })();
  }
};

interface Step {
  kind: 'send' | 'crash' | 'race' | 'advance';
  calls: number;
  answer: Outcome | undefined;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('send', 'send', 'crash', 'crash', 'race', 'advance'),
  calls: fc.integer({ min: 1, max: 12 }),
  answer: fc.constantFrom<(Outcome | undefined)[]>(undefined, AMBIGUOUS, { ...AMBIGUOUS, kind: 'retry' }),
});

const perform = async (world: StageWorld, { kind, calls }: Step): Promise<void> => {
  if (kind === 'send')
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0, fallback: FALLBACK })]);
  await world.step('notifications');
  if (kind === 'crash') await world.step('deliver-fake', { crashAfter: calls });
  if (kind === 'race')
    await Promise.all([1, 2, 3].map((seed) => world.step('deliver-fake', { max: 1, jitter: seed + calls })));
  if (kind === 'advance') world.clock.advance(calls * 5_000);
};

describe('on a channel where nothing is sent twice, an attempt without an answer', () => {
  it('ends the message as dead, says in both languages that it may have arrived, and the fallback takes over', async () => {
    const world = start();
    world.answer = (seen) => (seen.channel === 'fake' ? AMBIGUOUS : undefined);
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0, fallback: FALLBACK })]);
    await settleFor(world, 5);
    expect(world.asked.map((seen) => seen.channel)).toEqual(['fake', 'spare']);
    expect(await stateOf(world, world.asked[0]!.id)).toMatchObject({
      status: 'dead',
      reason: 'attempt-unknown',
      code: 'ETIMEDOUT',
      attempts: [{ name: 'attempt-unknown' }],
      fix: { en: expect.stringContaining('may have arrived'), zh: expect.stringContaining('可能已经送达') },
    });
  });

  it('is not repeated when the sender dies before it hears the answer', async () => {
    const world = start();
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0 })]);
    await world.step('notifications');
    // claim and health, mark, receipt
    await world.step('deliver-fake', { crashAfter: 4 });
    expect(world.asked).toHaveLength(1);
    await settleFor(world, 12);
    expect(world.asked).toHaveLength(1);
    expect(await stateOf(world, world.asked[0]!.id)).toMatchObject({ status: 'dead', reason: 'attempt-unknown' });
    expect(await readLedger({ ...world.platform, clock: world.clock })).toMatchObject({ dead: 1, balanced: true });
  });

  it('that never began is no attempt: a sender that died before it marked one leaves it to the next', async () => {
    const world = start();
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0 })]);
    await world.step('notifications');
    await world.step('deliver-fake', { crashAfter: 2 });
    expect(world.asked).toHaveLength(0);
    await settleFor(world, 5);
    expect(world.seen).toHaveLength(1);
  });

  it('that is certainly not delivered is repeated', async () => {
    const world = start();
    const answers: Outcome[] = [{ ...AMBIGUOUS, kind: 'retry' }];
    world.answer = () => answers.shift();
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0 })]);
    await settleFor(world, 2);
    expect(world.asked).toHaveLength(2);
    expect(world.seen).toHaveLength(1);
  });

  it('is never repeated, wherever senders die, race and come again; and what has a fallback is told', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), fc.boolean(), async (steps, limited) => {
        const world = start(limited ? QUOTA : undefined);
        const answers = steps.map(({ answer }) => answer);
        world.answer = (seen) => (seen.channel === 'fake' ? answers.shift() : undefined);
        for (const one of steps) await perform(world, one);
        await settleFor(world, 90);
        const arrived = world.seen.filter((seen) => seen.channel === 'fake').map((seen) => seen.id);
        expect(arrived).toEqual([...new Set(arrived)]);
        const wanted = steps.filter(({ kind }) => kind === 'send').length;
        const ledger = await readLedger({ ...world.platform, clock: world.clock });
        expect(ledger).toMatchObject({ accepted: wanted, dead: 0, deferred: 0, inFlight: 0, balanced: true });
        expect(ledger.delivered + ledger.merged).toBe(wanted);
      }),
      { numRuns: Number(process.env.FENGHUO_TEST_RUNS ?? 60) },
    );
  });
});
