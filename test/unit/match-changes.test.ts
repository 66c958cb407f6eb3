import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../shared/domain/event.ts';
import { holdSame, listChangeOf } from '../../shared/domain/list-change.ts';
import type { Roster } from '../../shared/domain/roster.ts';
import { compileRoster } from '../../shared/domain/roster-compile.ts';
import type { Settings, Subscription } from '../../shared/domain/settings.ts';
import { plainRoute } from '../support/linear-matcher.ts';
import { anyEdits, anyWindows, withGates } from '../support/settings-edits.ts';
import { anyEvent, anySettings, eventWith, settingsWith } from '../support/settings-samples.ts';

const claimChannel = (): undefined => undefined;
const compile = (settings: Settings, version: number, previous?: Roster) =>
  compileRoster(settings, { version, claimChannel }, previous);
const routed = (roster: Roster, event: Event) =>
  roster
    .route(event)
    .map(({ channel: _, ...want }) => ({ ...want, rules: [...want.rules] }))
    .sort((a, b) => (a.target < b.target ? -1 : 1));
const expectSame = (found: unknown, wanted: unknown): void => {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) expect(found).toEqual(wanted);
};

describe('a roster made from the one before', () => {
  it('decides after each of many changes as one that is made anew, and as a plain reading of every rule', () => {
    let pairs = 0;
    let wanted = 0;
    const someEvents = fc.array(anyEvent, { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(anySettings, anyEdits, someEvents, (settings, edits, events) => {
        let now = settings;
        let roster = compile(now, 0);
        for (const [version, [edit, at]] of edits.entries()) {
          now = edit(now, at * 100 + version);
          roster = compile(now, version + 1, roster);
          const anew = compile(now, version + 1);
          expect(roster.version).toBe(version + 1);
          expectSame([...roster.targets], [...anew.targets]);
          for (const event of events) {
            expect(roster.route(event)).toEqual(anew.route(event));
            expectSame(routed(roster, event), plainRoute({ settings: now }, event));
            pairs += 1;
            wanted += Number(anew.route(event).length > 0);
          }
          expectSame(roster.explain(events[0]!), anew.explain(events[0]!));
        }
      }),
      { numRuns: 120 },
    );
    expect(pairs).toBeGreaterThan(7_000);
    expect(wanted).toBeGreaterThan(pairs / 5);
  }, 60_000);

  it('keeps merge windows and effective periods with the rules that have them', () => {
    let gated = 0;
    const check = (now: Settings, version: number, before?: Roster): Roster => {
      const roster = compile(now, version, before);
      const anew = compile(now, version);
      for (const event of someEvents) {
        const wants = roster.route(event);
        expectSame(wants, anew.route(event));
        gated += wants.filter(({ gate }) => gate?.merge !== undefined).length;
      }
      return roster;
    };
    const someEvents = fc.sample(anyEvent, { numRuns: 12, seed: 7 });
    fc.assert(
      fc.property(anySettings, anyWindows, anyEdits, (settings, windows, edits) => {
        let now = withGates(settings, windows);
        let roster = check(now, 0);
        for (const [version, [edit, at]] of edits.entries()) {
          now = edit(now, at * 100 + version);
          if (version % 2 === 1) now = withGates(now, windows);
          roster = check(now, version + 1, roster);
        }
      }),
      { numRuns: 60 },
    );
    expect(gated).toBeGreaterThan(200);
  }, 60_000);

  it('leaves the roster before as it is, so that calls in flight end as they began', () => {
    fc.assert(
      fc.property(anySettings, anyEdits, fc.array(anyEvent, { maxLength: 5 }), (settings, edits, events) => {
        const first = compile(settings, 0);
        const before = events.map((event) => first.route(event));
        let now = settings;
        let roster = first;
        for (const [version, [edit, at]] of edits.entries()) {
          now = edit(now, at * 100 + version);
          roster = compile(now, version + 1, roster);
          for (const event of events) roster.route(event);
        }
        expect(events.map((event) => first.route(event))).toEqual(before);
        expect(first.version).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('reads again only the subscriptions that changed', () => {
    let read = 0;
    const watched = (at: number): Subscription =>
      Object.defineProperty({ name: `rule-${at}`, policy: 'page' } as Subscription, 'products', {
        enumerable: true,
        get: () => {
          read += 1;
          return [`p${at % 7}`];
        },
      });
    const list = Array.from({ length: 2_000 }, (_, at) => watched(at));
    const settings = settingsWith({ subscriptions: list });
    const first = compile(settings, 1);
    read = 0;
    const second = compile({ ...settings, subscriptions: list.with(1_000, watched(1_003)) }, 2, first);
    expect(read).toBeLessThan(10);
    const named = (roster: Roster, product: string) =>
      roster.route(eventWith({ product })).flatMap(({ rules }) => rules.length);
    // 1,000 is of p6, 1,003 of p2
    expect(named(second, 'p2')[0]).toBe(named(first, 'p2')[0]! + 1);
    expect(named(second, 'p6')[0]).toBe(named(first, 'p6')[0]! - 1);
  });

  it('is compiled as a whole when another part of the file changed, or the deployment', () => {
    const settings = settingsWith({ subscriptions: [{ name: 's', policy: 'page' }] });
    const first = compile(settings, 1);
    const contacts = [{ name: 'ops', webhook: { type: 'webhook' as const, url: 'https://hook.example.com/new' } }];
    const moved = compile({ ...settings, contacts }, 2, first);
    expect(moved.route(eventWith()).map(({ target }) => target)).not.toEqual(
      first.route(eventWith()).map(({ target }) => target),
    );
    const nowhere = compileRoster(settings, { version: 3, claimChannel, deployed: new Set() }, first);
    expect(nowhere.route(eventWith())).toEqual([]);
  });
});

describe('what became of a list', () => {
  const letters = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 12 });

  it('is told by places that hold the same items in the same order', () => {
    fc.assert(
      fc.property(letters, letters, (old, next) => {
        const change = listChangeOf(old, next, 100)!;
        let last = -1;
        for (const [at, before] of change.from.entries()) {
          if (before < 0) continue;
          expect(old[before]).toBe(next[at]);
          expect(change.to[before]).toBe(at);
          expect(before).toBeGreaterThan(last);
          last = before;
        }
        expect([...change.to].filter((at) => at >= 0)).toHaveLength([...change.from].filter((at) => at >= 0).length);
      }),
    );
  });

  it('finds few differences for few changes, wherever they are, and gives up beyond the limit', () => {
    const old = Array.from({ length: 1_000 }, (_, at) => ({ at }));
    const next = old.toSpliced(900, 100).toSpliced(500, 1, { at: -1 }).toSpliced(20, 0, { at: -2 });
    expect([...listChangeOf(old, next, 103)!.from].filter((at) => at < 0)).toHaveLength(2);
    expect(listChangeOf(old, next, 102)).toBeUndefined();
    expect(listChangeOf(old, [...old].reverse(), 500)).toBeUndefined();
    expect(holdSame(old, [...old])).toBe(true);
    expect(holdSame(old, next)).toBe(false);
    expect(holdSame(undefined, [])).toBe(true);
  });
});
