import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DueHeap } from '../../shared/adapters/local/due-heap.ts';
import { IdRuns } from '../../shared/adapters/local/id-runs.ts';
import { QueueIndex } from '../../shared/adapters/local/queue-index.ts';

describe('the line of ids that wait', () => {
  it('gives ids in the order they came, however they are taken', () => {
    const steps = fc.array(fc.oneof(fc.record({ add: fc.nat(9) }), fc.record({ take: fc.nat(5) })), { maxLength: 80 });
    fc.assert(
      fc.property(steps, (all) => {
        const runs = new IdRuns();
        const model: number[] = [];
        for (const one of all) {
          if ('add' in one) {
            runs.add(one.add);
            model.push(one.add);
          } else expect(runs.take(one.take)).toEqual(model.splice(0, one.take));
          expect(runs.size).toBe(model.length);
        }
        expect(runs.take(1000)).toEqual(model);
      }),
    );
  });

  it('keeps a backlog of a million neighbours as one run, also while it drains and grows', () => {
    const runs = new IdRuns();
    runs.addRun(1, 1_000_000);
    for (let id = 1_000_001; id <= 1_010_000; id += 1) {
      expect(runs.take(1)).toEqual([id - 1_000_000]);
      runs.add(id);
    }
    expect(runs.size).toBe(1_000_000);
    expect(runs.runCount).toBe(1);
  });

  it('lets go of the runs that were taken', () => {
    const runs = new IdRuns();
    for (let id = 0; id < 20_000; id += 2) runs.add(id);
    runs.take(9000);
    expect(runs.runCount).toBeLessThan(2100);
    expect(runs.take(9)[0]).toBe(18_000);
  });
});

describe('the heap of what becomes due', () => {
  it('gives what is due in order of time, and nothing else', () => {
    const dues = fc.array(fc.record({ id: fc.nat(), dueMs: fc.nat(50) }), { maxLength: 60 });
    fc.assert(
      fc.property(dues, fc.array(fc.nat(50), { maxLength: 5 }), (all, moments) => {
        const heap = new DueHeap();
        for (const due of all) heap.add(due);
        let rest = [...all].sort((a, b) => a.dueMs - b.dueMs || a.id - b.id);
        for (const nowMs of moments.sort((a, b) => a - b)) {
          expect(heap.nextMs).toBe(rest[0]?.dueMs ?? Number.POSITIVE_INFINITY);
          expect(heap.takeDue(nowMs)).toEqual(rest.filter(({ dueMs }) => dueMs <= nowMs).map(({ id }) => id));
          rest = rest.filter(({ dueMs }) => dueMs > nowMs);
          expect(heap.size).toBe(rest.length);
        }
      }),
    );
  });
});

describe('the index of one queue', () => {
  it('neither runs out nor ends twice what is on its way to the disk', () => {
    const index = new QueueIndex();
    const receipt = index.claim(7, 1, 1000);
    expect(index.end(receipt)).toBe(7);
    expect(index.end(receipt)).toBeUndefined();
    index.wake(5000);
    expect(index.depth()).toEqual({ ready: 0, delayed: 0, inFlight: 1, dead: 0 });
    index.notEnded(7);
    expect(index.nextMs).toBe(1000);
    index.wake(5000);
    expect(index.take(9)).toEqual([7]);
  });

  it('knows when the next claim runs out', () => {
    const index = new QueueIndex();
    index.claim(1, 1, 3000);
    index.claim(2, 1, 1000);
    expect(index.nextMs).toBe(1000);
    index.wake(1000);
    expect(index.nextMs).toBe(3000);
    expect(index.take(9)).toEqual([2]);
  });
});
