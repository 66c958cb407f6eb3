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

  it('keeps the details of a single event, and counts them for many', () => {
    const event = { ...world.event(), content: { state: 'Stopped', nested: { a: 1 }, empty: '' } };
    expect(digestOfEvent(event).top[0]).toMatchObject({ details: [['state', 'Stopped']], moreDetails: 1 });
    const { top } = digestOfAll([event, { ...world.event(), content: {} }]);
    expect(top.every((brief) => brief.details.length === 0)).toBe(true);
    expect(top.map((brief) => brief.moreDetails).sort()).toEqual([2, undefined]);
  });

  it('shortens long details, takes only a few and counts the rest', () => {
    const content = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`k${index}`, 'x'.repeat(500)]));
    const { details, moreDetails } = detailsOf(content);
    expect(details).toHaveLength(8);
    expect(moreDetails).toBe(22);
    expect(details.every(([, value]) => value.length <= 160)).toBe(true);
  });

  it('counts the fields that ingest had no room for, and nothing that is empty', () => {
    const none = { text: '', list: [], object: {}, nothing: null, unknown: undefined };
    expect(detailsOf({ a: 1, ...none })).toEqual({ details: [['a', '1']] });
    const omitted = { omittedFields: 'b, c and 480 more', omittedFieldCount: 482 };
    expect(detailsOf({ a: 1, ...omitted })).toEqual({ details: [['a', '1']], moreDetails: 482 });
  });

  it('never cuts a detail inside a character', () => {
    const cut = (units: number) => detailsOf({ text: `${'x'.repeat(units)}${'🔥'.repeat(100)}` }).details[0]?.[1] ?? '';
    for (const units of [0, 1]) expect(cut(units)).toMatch(/^x*(?:🔥)+\.\.\.$/u);
  });

  it('refuses to merge nothing', () => {
    expect(() => mergeDigests([])).toThrow(RangeError);
  });
});
