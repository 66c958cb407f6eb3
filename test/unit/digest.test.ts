import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  briefOf,
  detailsOf,
  digestOfBriefs,
  digestOfEvent,
  mergeDigests,
  SHOWN_EVENTS,
  worstLevel,
} from '../../shared/domain/digest.ts';
import type { Event } from '../../shared/domain/event.ts';
import { LEVELS, type Level } from '../../shared/domain/level.ts';
import { StageWorld } from '../support/stage-world.ts';

const world = new StageWorld();
const digestOfAll = (events: readonly Event[]) => digestOfBriefs(events.map(briefOf));
const levels = fc.array(fc.constantFrom<Level>(...LEVELS), { minLength: 1, maxLength: 60 });

describe('a digest', () => {
  it('counts every event exactly, in all, by level and by name, however it was merged', () => {
    fc.assert(
      fc.property(levels, fc.integer({ min: 1, max: 7 }), (wanted, size) => {
        const events = wanted.map((level) => world.event(level));
        const parts = Array.from({ length: Math.ceil(events.length / size) }, (_, index) =>
          digestOfAll(events.slice(index * size, index * size + size)),
        );
        const merged = mergeDigests(parts);
        expect(merged.total).toBe(events.length);
        expect(Object.values(merged.byLevel).reduce((sum, count) => sum + count, 0)).toBe(events.length);
        expect(merged.byName.reduce((sum, entry) => sum + entry.count, merged.otherNames)).toBe(events.length);
        for (const level of LEVELS)
          expect(merged.byLevel[level] ?? 0).toBe(wanted.filter((one) => one === level).length);
        expect(merged).toEqual({ ...mergeDigests([...parts].reverse()) });
      }),
    );
  });

  it('shows the most severe first, then the oldest, and no more than fit', () => {
    const events = ['info', 'critical', 'low', 'high', 'critical', ...Array.from({ length: 12 }, () => 'info')].map(
      (level) => world.event(level as Level),
    );
    const { top } = digestOfAll(events);
    expect(top).toHaveLength(SHOWN_EVENTS);
    expect(top.slice(0, 5).map((brief) => brief.level)).toEqual(['critical', 'critical', 'high', 'low', 'info']);
    expect(worstLevel(digestOfAll(events))).toBe('critical');
  });

  it('keeps counting when more names come than are counted apart', () => {
    const events = Array.from({ length: 120 }, (_, index) => ({ ...world.event('info'), name: `Name${index}` }));
    const digest = mergeDigests([digestOfAll(events), digestOfAll(events)]);
    expect(digest.byName).toHaveLength(50);
    expect(digest.byName.reduce((sum, entry) => sum + entry.count, digest.otherNames)).toBe(240);
  });

  it('keeps the details of a single event and leaves them out of many', () => {
    const event = { ...world.event(), content: { state: 'Stopped', nested: { a: 1 }, empty: '' } };
    expect(digestOfEvent(event).top[0]?.details).toEqual([['state', 'Stopped']]);
    expect(digestOfAll([event, world.event()]).top.every((brief) => brief.details.length === 0)).toBe(true);
  });

  it('shortens long details and takes only a few', () => {
    const content = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`k${index}`, 'x'.repeat(500)]));
    const details = detailsOf(content);
    expect(details).toHaveLength(8);
    expect(details.every(([, value]) => value.length <= 160)).toBe(true);
  });

  it('refuses to merge nothing', () => {
    expect(() => mergeDigests([])).toThrow(RangeError);
  });
});
