import { describe, expect, it } from 'vitest';
import { FrontInvoker } from '../../shared/local/front-invoker.ts';
import { FrontRest, sharedCalls } from '../../shared/local/front-rest.ts';
import { callContext } from '../../shared/local/function-bundles.ts';
import type { FromQueueThread } from '../../shared/local/queue-thread-protocol.ts';
import { isOutage } from '../../shared/stages/outage.ts';

describe('the front', () => {
  const shared = () => {
    const calls = sharedCalls();
    return { front: new FrontRest(calls), other: new FrontRest(calls) };
  };

  it('rests when no call has come for 20 ms, and not before, also where the instant no longer fits into 31 bits', () => {
    for (const nowMs of [1_795_694_400_000, 2 ** 31 * 900 + 1_000]) {
      const { front, other } = shared();
      expect(other.rests(nowMs)).toBe(true);
      front.callBegins(nowMs - 10);
      front.callEnds(nowMs - 10);
      expect(other.rests(nowMs - 10)).toBe(false);
      expect(other.rests(nowMs + 9)).toBe(false);
      expect(other.rests(nowMs + 10)).toBe(true);
    }
  });

  it('does not rest while anybody waits for an answer, however long, and counts from the last answer', () => {
    const { front, other } = shared();
    front.callBegins(1_000);
    front.callBegins(1_005);
    expect(other.rests(60_000)).toBe(false);
    front.callEnds(60_000);
    expect(other.rests(90_000)).toBe(false);
    front.callEnds(100_000);
    expect(other.rests(100_019)).toBe(false);
    expect(other.rests(100_020)).toBe(true);
  });
});

describe('functions that the front is asked to call', () => {
  const asking = () => {
    const told: Extract<FromQueueThread, { kind: 'help' }>[] = [];
    const invoker = new FrontInvoker((message) => {
      if (message.kind === 'help') told.push(message);
    });
    const call = (name: 'deliver-webhook' | 'deliver-lark', text: string) =>
      invoker.functions(name)(Buffer.from(text), callContext(name));
    return { told, invoker, call };
  };

  it('get the event, and each caller the answer to its own call, whatever the order', async () => {
    const { told, invoker, call } = asking();
    const ended: string[] = [];
    const calls = [
      call('deliver-webhook', 'one').then(() => ended.push('one')),
      call('deliver-lark', 'two').then(() => ended.push('two')),
    ];
    expect(told.map(({ name, event }) => [name, Buffer.from(event).toString()])).toEqual([
      ['deliver-webhook', 'one'],
      ['deliver-lark', 'two'],
    ]);
    invoker.helped({ kind: 'helped', ask: told[1]!.ask });
    await calls[1];
    invoker.helped({ kind: 'helped', ask: told[0]!.ask });
    await calls[0];
    expect(ended).toEqual(['two', 'one']);
  });

  it('fail here as they failed there: an outage stays one, which costs no message an attempt', async () => {
    const { told, invoker, call } = asking();
    const outage = call('deliver-webhook', 'one').catch((error: unknown) => error);
    const fault = call('deliver-webhook', 'two').catch((error: unknown) => error);
    invoker.helped({ kind: 'helped', ask: told[0]!.ask, fault: { isOutage: true, message: 'the disk is full' } });
    invoker.helped({ kind: 'helped', ask: told[1]!.ask, fault: { isOutage: false, message: 'broken' } });
    expect(await outage).toMatchObject({ message: 'the disk is full' });
    expect([isOutage(await outage), isOutage(await fault)]).toEqual([true, false]);
    expect(await fault).toMatchObject({ message: 'broken' });
  });
});
