import { describe, expect, test } from 'vitest';
import { alertmanagerAlert, cloudMonitorEvent, kindOf, numberIn } from './events.ts';
import { createWatcher } from './watcher.ts';

const body = (n: number): Buffer => Buffer.from(cloudMonitorEvent(n, kindOf(0), 0));

describe('watcher', () => {
  test('is complete and content when each event came once', () => {
    const watcher = createWatcher({ from: 5, count: 3, targets: 1 });
    for (const n of [7, 5, 6]) watcher.note({ path: '/hook/0', body: body(n), atMs: n });
    expect(watcher.complete()).toBe(true);
    expect(watcher.result()).toMatchObject({ missing: 0, duplicates: 0, strangers: 0, requests: 3 });
    expect([...watcher.result().arrivedMs]).toEqual([5, 6, 7]);
  });

  test('names the events that never came', () => {
    const watcher = createWatcher({ from: 5, count: 3, targets: 1 });
    watcher.note({ path: '/hook/0', body: body(6), atMs: 1 });
    expect(watcher.complete()).toBe(false);
    expect(watcher.result()).toMatchObject({ missing: 2, missingNumbers: [5, 7] });
  });

  test('names an event that came twice and keeps its first arrival', () => {
    const watcher = createWatcher({ from: 0, count: 1, targets: 1 });
    for (const atMs of [3, 4]) watcher.note({ path: '/hook/0', body: body(0), atMs });
    expect(watcher.result()).toMatchObject({ missing: 0, duplicates: 1, duplicateNumbers: [0] });
    expect(watcher.result().arrivedMs[0]).toBe(3);
  });

  test('wants each event once on every target', () => {
    const watcher = createWatcher({ from: 0, count: 1, targets: 2 });
    watcher.note({ path: '/hook/1', body: body(0), atMs: 1 });
    expect(watcher.result()).toMatchObject({ missing: 1, duplicates: 0 });
    watcher.note({ path: '/hook/1', body: body(0), atMs: 2 });
    expect(watcher.result()).toMatchObject({ missing: 1, duplicates: 1 });
    watcher.note({ path: '/hook/0', body: body(0), atMs: 3 });
    expect(watcher.complete()).toBe(true);
  });

  test('counts messages about events that nobody sent', () => {
    const watcher = createWatcher({ from: 5, count: 1, targets: 1 });
    for (const n of [4, 6]) watcher.note({ path: '/hook/0', body: body(n), atMs: 1 });
    watcher.note({ path: '/hook/0', body: Buffer.from('{}'), atMs: 1 });
    expect(watcher.result()).toMatchObject({ missing: 1, strangers: 3 });
  });

  test('adds up what merged messages tell on each path', () => {
    const watcher = createWatcher({ from: 0, count: 0, targets: 1 });
    for (const total of [7, 2_493]) {
      watcher.note({ path: '/hook/3', body: Buffer.from(`{"data":{"digest":{"total":${total},"top":[]}}}`), atMs: 1 });
    }
    expect(watcher.totals()).toEqual([{ path: '/hook/3', total: 2_500 }]);
  });
});

test('finds an event by its number in both forms of about 1 KB', () => {
  for (const form of [cloudMonitorEvent, alertmanagerAlert]) {
    const text = Buffer.from(form(123_456, kindOf(77), 0));
    expect(numberIn(text)).toBe(123_456);
    expect(text.length).toBeGreaterThan(980);
    expect(text.length).toBeLessThan(1_060);
  }
});

test('gives ten thousand different kinds', () => {
  const kinds = Array.from({ length: 10_000 }, (_, index) => JSON.stringify(kindOf(index)));
  expect(new Set(kinds).size).toBe(10_000);
});
