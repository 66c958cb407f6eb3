import { beforeEach, describe, expect, it } from 'vitest';
import { carriedEvents } from '../../shared/console/carried-events.ts';
import type { RecordsPorts } from '../../shared/console/console-ports.ts';
import { deliveryReports } from '../../shared/console/delivery-report.ts';
import { eventRoutes } from '../../shared/console/event-routes.ts';
import type { ApiCall } from '../../shared/console/router.ts';
import type { Fallback } from '../../shared/domain/fallback.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { readDelivery } from '../../shared/stages/delivery-end.ts';
import { readLedger } from '../../shared/stages/ledger.ts';
import { sweep } from '../../shared/stages/sweep.ts';
import { readTrace } from '../../shared/stages/trace.ts';
import { rosterOf, type Seen, StageWorld } from '../support/stage-world.ts';

const MINUTE = 60_000;
const QUOTA = { windows: [{ limit: 3, windowMs: MINUTE }], maxSendMs: 5_000 };
const EXPLAINED = { code: '310000', cause: 'keyword' as const, text: 'no keyword', fix: { zh: '加词', en: 'add it' } };
const REFUSED: Outcome = { kind: 'refused', endpointDead: false, ...EXPLAINED };
const RETRY: Outcome = { kind: 'retry', retryAfterMs: 20 * MINUTE, maxAttempts: 9, ...EXPLAINED };

const stepTo = (...names: string[]): Fallback => ({
  afterMs: 5 * MINUTE,
  steps: names.map((name) => ({ target: `spare:${name}`, channel: 'spare', language: 'zh' as const })),
});

let world: StageWorld;
const ledgerOf = () => readLedger({ ...world.platform, clock: world.clock });
const traceOf = (id: string) =>
  readTrace({ store: world.platform.store, roster: { current: () => Promise.resolve(rosterOf(world.targets, [])) } })(
    id,
  );
const at = (channel: string): Seen[] => world.seen.filter((seen) => seen.channel === channel);
const failOn = (channel: string, outcome: Outcome): void => {
  world.answer = (seen) => (seen.channel === channel ? outcome : undefined);
};

const start = (quota?: typeof QUOTA): void => {
  world = new StageWorld({ quota });
  world.target('t');
  world.target('a', { channel: 'spare' });
  world.target('b', { channel: 'spare' });
};

describe('a message with a fallback', () => {
  beforeEach(() => start());

  it('goes nowhere else when it is delivered', async () => {
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0, fallback: stepTo('a') })]);
    await world.run(10 * MINUTE, 10_000);
    expect(world.seen.map((seen) => seen.target)).toEqual(['fake:t']);
  });

  it('goes on to the next channel at once when it is refused, and says why it comes that way', async () => {
    failOn('fake', REFUSED);
    const event = world.event();
    await world.send([world.notify([event], { target: 't', intervalMs: 0, fallback: stepTo('a') })]);
    await world.settle();
    expect(world.seen).toMatchObject([
      {
        target: 'spare:a',
        events: [event.id],
        insteadOf: { channel: 'fake', name: 't', why: 'failed' },
      },
    ]);
    expect(await ledgerOf()).toMatchObject({ accepted: 1, delivered: 1, refused: 0, balanced: true });
  });

  it('says in the receipt and in the trace of the first to whom it fell back, and what came of that', async () => {
    failOn('fake', REFUSED);
    const event = world.event();
    await world.send([world.notify([event], { target: 't', intervalMs: 0, fallback: stepTo('a') })]);
    await world.settle();
    const [step] = world.seen;
    const trace = await traceOf(event.id);
    expect(trace?.trace.map(({ name, target }) => [name, target])).toEqual([
      ['accepted', undefined],
      ['matched', 'fake:t'],
      ['refused', 'fake:t'],
      ['fell-back', 'fake:t'],
      ['delivered', 'spare:a'],
    ]);
    expect(trace?.notifications).toMatchObject([
      { target: 'fake:t', status: 'delivered', delivery: step!.id, fellBack: [{ target: 'spare:a', targetName: 'a' }] },
    ]);
    const first = await readDelivery(world.platform.store, world.asked[0]!.id);
    expect(first!.value).toMatchObject({ status: 'refused' });
    expect(await deliveryReports(world.platform.store, [first!.value])).toMatchObject([
      {
        fellBack: { target: 'spare:a', delivery: step!.id, why: 'failed', text: { en: 'Went on to another channel' } },
      },
    ]);
  });

  it('is told on the page with the names of all targets, those of the steps too', async () => {
    failOn('fake', REFUSED);
    const event = world.event();
    await world.send([world.notify([event], { target: 't', intervalMs: 0, fallback: stepTo('a') })]);
    await world.settle();
    const roster = { current: () => Promise.resolve(rosterOf(world.targets, [])) };
    const ports = { ...world.platform, clock: world.clock, roster } as unknown as RecordsPorts;
    const route = eventRoutes(ports).find(({ path }) => path === '/api/events/:id');
    const { body } = await route!.handle({ params: { id: event.id } } as unknown as ApiCall);
    const { trace } = JSON.parse(body) as { trace: { target?: string; targetName?: string }[] };
    const named = trace.filter(({ target }) => target !== undefined);
    expect(named.map(({ target, targetName }) => [target, targetName])).toEqual([
      ['fake:t', 't'],
      ['fake:t', 't'],
      ['fake:t', 't'],
      ['spare:a', 'a'],
    ]);
  });

  it('goes on step by step until one works', async () => {
    world.answer = (seen) => (seen.target === 'spare:b' ? undefined : REFUSED);
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0, fallback: stepTo('a', 'b') })]);
    await world.run(10 * MINUTE, 10_000);
    expect(world.asked.map((seen) => seen.target)).toEqual(['fake:t', 'spare:a', 'spare:b']);
    expect(await ledgerOf()).toMatchObject({ accepted: 1, delivered: 1, balanced: true });
  });

  it('ends as the last step ended when none works', async () => {
    world.answer = () => REFUSED;
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0, fallback: stepTo('a', 'b') })]);
    await world.run(10 * MINUTE, 10_000);
    expect(world.asked).toHaveLength(3);
    expect(await ledgerOf()).toMatchObject({ accepted: 1, refused: 1, delivered: 0, balanced: true });
  });

  it('goes on when the settings no longer have its target', async () => {
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0, fallback: stepTo('a') })]);
    world.targets.delete('fake:t');
    await world.settle();
    expect(world.seen.map((seen) => seen.target)).toEqual(['spare:a']);
  });

  it('goes on when it is given up after its last attempt', async () => {
    failOn('fake', { ...RETRY, maxAttempts: 1 });
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0, fallback: stepTo('a') })]);
    await world.settle();
    expect(world.seen.map((seen) => seen.target)).toEqual(['spare:a']);
  });
});

describe('a message that is late', () => {
  beforeEach(() => start());

  it('goes on after the time that a step may take, and the late one may still arrive: nothing more is sent', async () => {
    const answers = [RETRY];
    world.answer = (seen) => (seen.channel === 'fake' ? answers.shift() : undefined);
    const event = world.event();
    await world.send([world.notify([event], { target: 't', intervalMs: 0, fallback: stepTo('a', 'b') })]);
    const startMs = world.clock.nowMs();
    await world.run(40 * MINUTE, 10_000);
    expect(world.seen.map((seen) => [seen.target, seen.insteadOf?.why])).toEqual([
      ['spare:a', 'late'],
      ['fake:t', undefined],
    ]);
    expect(world.seen[0]!.atMs - startMs).toBe(5 * MINUTE);
    const names = (await traceOf(event.id))?.trace.map(({ name, target }) => `${name} ${target}`);
    expect(names?.slice(2)).toEqual([
      'retry-later fake:t',
      'fell-back fake:t',
      'delivered spare:a',
      'delivered fake:t',
    ]);
    expect(await ledgerOf()).toMatchObject({ accepted: 1, delivered: 1, balanced: true });
  });

  it('is followed by no further step when the first channel delivers after all', async () => {
    world.answer = (seen) => {
      if (seen.channel === 'spare') return RETRY;
      return world.clock.nowMs() < startMs + 6 * MINUTE ? { ...RETRY, retryAfterMs: MINUTE } : undefined;
    };
    const startMs = world.clock.nowMs();
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0, fallback: stepTo('a', 'b') })]);
    await world.run(60 * MINUTE, 10_000);
    const spare = new Set(world.asked.filter((seen) => seen.channel === 'spare').map((seen) => seen.target));
    expect([...spare]).toEqual(['spare:a']);
    expect(at('fake')).toHaveLength(1);
  });

  it('goes on although the queue of its channel stands still, and counts as told', async () => {
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0, fallback: stepTo('a') })]);
    for (let minute = 0; minute < 7; minute += 1) {
      world.clock.advance(MINUTE);
      await world.step('notifications');
      await world.step('deliver-spare');
    }
    expect(world.seen.map((seen) => seen.target)).toEqual(['spare:a']);
    expect(await ledgerOf()).toMatchObject({ accepted: 1, delivered: 1, inFlight: 0, balanced: true });
  });
});

describe('what was held', () => {
  it('goes on together when the message of its window fails, and its events are found', async () => {
    start();
    const answers = [undefined, REFUSED];
    world.answer = (seen) => (seen.channel === 'fake' ? answers.shift() : undefined);
    const events = Array.from({ length: 5 }, () => world.event());
    await world.send([world.notify(events, { target: 't', intervalMs: MINUTE, fallback: stepTo('a') })]);
    await world.run(5 * MINUTE, 5_000);
    expect(at('spare').map((seen) => seen.total)).toEqual([4]);
    expect(await ledgerOf()).toMatchObject({ accepted: 5, delivered: 1, merged: 4, balanced: true });
    const step = await readDelivery(world.platform.store, at('spare')[0]!.id);
    const carried = await carriedEvents(world.platform.store, step!.value.delivery);
    expect(carried.map(({ id }) => id).toSorted()).toEqual(
      events
        .slice(1)
        .map(({ id }) => id)
        .toSorted(),
    );
  });

  it('goes where the most severe of it would go', async () => {
    start();
    const answers = [undefined, REFUSED];
    world.answer = (seen) => (seen.channel === 'fake' ? answers.shift() : undefined);
    const lane = { target: 't', intervalMs: MINUTE };
    await world.send([
      world.notify([world.event(), world.event()], { ...lane, fallback: stepTo('a') }),
      world.notify([world.event('critical')], { ...lane, fallback: stepTo('b') }),
      world.notify([world.event('high')], lane),
    ]);
    await world.run(5 * MINUTE, 5_000);
    expect(at('spare').map((seen) => [seen.target, seen.total])).toEqual([['spare:b', 3]]);
  });

  it('and waited for a slot goes on as one message when the message of the waiting room fails', async () => {
    start(QUOTA);
    world.answer = (seen) => (seen.channel === 'fake' && seen.total > 1 ? REFUSED : undefined);
    const events = Array.from({ length: 10 }, () => world.event());
    await world.send([world.notify(events, { target: 't', intervalMs: 0, fallback: stepTo('a') })]);
    await world.run(10 * MINUTE, 5_000);
    expect(at('fake')).toHaveLength(3);
    expect(at('spare').map((seen) => seen.total)).toEqual([7]);
    expect(await ledgerOf()).toMatchObject({ accepted: 10, delivered: 3, merged: 7, refused: 0, balanced: true });
    const step = await readDelivery(world.platform.store, at('spare')[0]!.id);
    expect(await carriedEvents(world.platform.store, step!.value.delivery)).toHaveLength(7);
  });
});

describe('a process that dies', () => {
  it.each(Array.from({ length: 14 }, (_, calls) => calls + 1))(
    'after call %i between the refusal and the next channel leaves nothing untold and tells it once',
    async (crashAfter) => {
      start();
      failOn('fake', REFUSED);
      await world.send([world.notify([world.event()], { target: 't', intervalMs: 0, fallback: stepTo('a') })]);
      await world.step('notifications');
      await world.step('deliver-fake', { crashAfter });
      await world.run(3 * MINUTE, 5_000);
      expect(new Set(at('spare').map((seen) => seen.id)).size).toBe(1);
      await sweep({ ...world.platform, clock: world.clock })();
      expect(await ledgerOf()).toMatchObject({ accepted: 1, delivered: 1, balanced: true });
    },
  );

  it('and whose message is lost is made up for by the sweep', async () => {
    start();
    failOn('fake', REFUSED);
    const fallback = { ...stepTo('a'), afterMs: 60 * MINUTE };
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0, fallback })]);
    await world.step('notifications');
    await world.step('deliver-fake');
    await forgetStep();
    expect(await ledgerOf()).toMatchObject({ accepted: 1, deferred: 1, refused: 0, balanced: true });
    await sweepAfter(2 * MINUTE);
    expect(at('spare')).toHaveLength(0);
    await sweepAfter(4 * MINUTE);
    await world.settle();
    expect(at('spare')).toHaveLength(1);
    expect(await ledgerOf()).toMatchObject({ accepted: 1, delivered: 1, balanced: true });
  });
});

describe('a slow sender whose message another one took over and delivered', () => {
  it('does not send it on to another channel when its own attempt is refused at last', async () => {
    start();
    let answerFirst: (outcome: Outcome) => void = () => undefined;
    const slow = new Promise<Outcome>((resolve) => {
      answerFirst = resolve;
    });
    const answers: (Promise<Outcome> | undefined)[] = [slow];
    world.answer = () => answers.shift();
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0, fallback: stepTo('a') })]);
    await world.step('notifications');
    const first = world.step('deliver-fake');
    while (world.asked.length === 0) await Promise.resolve();
    world.clock.advance(40_000);
    await world.step('deliver-fake');
    answerFirst(REFUSED);
    await first;
    await world.run(10 * MINUTE, 10_000);
    expect(world.asked.map((seen) => seen.target)).toEqual(['fake:t', 'fake:t']);
    expect(await ledgerOf()).toMatchObject({ accepted: 1, delivered: 1, balanced: true });
  });
});

describe('a step that was recorded and never reached its queue', () => {
  it('is sent as it was made when the sweep finds out', async () => {
    start();
    failOn('fake', REFUSED);
    const fallback = { ...stepTo('a', 'b'), afterMs: 60 * MINUTE };
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0, fallback })]);
    await world.step('notifications');
    await world.step('deliver-fake');
    await loseMessages();
    expect(await ledgerOf()).toMatchObject({ accepted: 1, deferred: 1, balanced: true });
    await sweepAfter(2 * MINUTE);
    await sweepAfter(4 * MINUTE);
    await world.settle();
    expect(at('spare')).toMatchObject([{ target: 'spare:a', total: 1, insteadOf: { why: 'failed' } }]);
    expect(await ledgerOf()).toMatchObject({ accepted: 1, delivered: 1, balanced: true });
  });
});

const sweepAfter = async (ms: number): Promise<void> => {
  world.clock.advance(ms);
  await sweep({ ...world.platform, clock: world.clock })();
};

const loseMessages = async (): Promise<void> => {
  const lost = await world.platform.queue.receive({ queue: 'deliver-spare', max: 9, visibilityMs: 1 });
  await world.platform.queue.acknowledge(
    'deliver-spare',
    lost.map(({ receipt }) => receipt),
  );
};

/** As if the run had died before it recorded that the first delivery goes on. */
const forgetStep = async (): Promise<void> => {
  const record = { table: 'decisions' as const, pk: world.asked[0]!.id, sk: 'fallback' };
  const row = await world.platform.store.get(record);
  const step = { table: 'decisions' as const, pk: JSON.parse(row!.body).delivery as string, sk: 'step' };
  await world.platform.store.write([
    { kind: 'delete', ...record, when: 'any' },
    { kind: 'delete', ...step, when: 'any' },
  ]);
  await loseMessages();
};
