import { describe, expect, it } from 'vitest';
import type { ProviderCall } from '../support/fake-cloud/provider-world.ts';
import type { CloudRig } from './cloud-rig.ts';
import { LIMITS, WITNESS } from './cloud-settings.ts';
import { judge } from './judge.ts';

const call = (place: string, numbers: number[], more: Partial<ProviderCall> = {}): ProviderCall => ({
  place,
  numbers,
  atMs: 0,
  key: '',
  answer: 'accepted',
  ...more,
});

/** A rig of which only the record of its providers and the traces of its events exist. */
const rigOf = (calls: ProviderCall[], unknown: readonly string[] = []): CloudRig => {
  const trace = (path: string) => (unknown.includes(path.split('/').at(-1) ?? '') ? [{ name: 'attempt-unknown' }] : []);
  const read = async (path: string) => (path.startsWith('/api/events/') ? { trace: trace(path) } : { items: [] });
  return { cloud: { providers: { calls } }, read } as unknown as CloudRig;
};

const ids = new Map([
  [1, 'evt_1'],
  [2, 'evt_2'],
]);
const [dingtalk] = LIMITS;

describe('the judge of a run', () => {
  it('finds nothing wrong when each event was told once to the witness', async () => {
    const rig = rigOf([call(WITNESS, [1]), call(WITNESS, [2]), call(dingtalk!.place, [1])]);
    expect(await judge(rig, ids)).toMatchObject({ told: 2, lost: [], duplicates: 0, unexplained: [], overQuota: [] });
  });

  it('names an event that the witness never heard of, or only refused', async () => {
    const rig = rigOf([call(WITNESS, [1], { answer: 'refused' }), call(dingtalk!.place, [2])]);
    expect(await judge(rig, ids)).toMatchObject({ told: 0, lost: [1, 2], refused: 1 });
  });

  it('excuses a message that came twice only when its receipts tell of an attempt without an answer', async () => {
    const calls = [1, 1, 2, 2].map((n) => call(WITNESS, [n]));
    expect(await judge(rigOf(calls, ['evt_1']), ids)).toMatchObject({
      duplicates: 2,
      unexplained: [{ place: WITNESS, number: 2, times: 2 }],
    });
  });

  it('takes a message whose answer was cut off for told', async () => {
    const rig = rigOf([call(WITNESS, [1], { answer: 'reset' }), call(WITNESS, [1]), call(WITNESS, [2])]);
    expect(await judge(rig, ids)).toMatchObject({ told: 2, duplicates: 1 });
  });

  it('finds each sliding window with one call more than the limit, and none that only touches it', async () => {
    const { place, limit, windowMs } = dingtalk!;
    const calls = (lastMs: number) =>
      Array.from({ length: limit + 1 }, (_, at) => call(place, [], { atMs: at === limit ? lastMs : at }));
    expect((await judge(rigOf(calls(windowMs - 1)), ids)).overQuota).toHaveLength(1);
    expect((await judge(rigOf(calls(windowMs)), ids)).overQuota).toEqual([]);
  });
});
