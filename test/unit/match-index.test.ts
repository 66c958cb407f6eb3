import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../shared/domain/event.ts';
import type { Roster } from '../../shared/domain/roster.ts';
import { compileRoster } from '../../shared/domain/roster-compile.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { checkSettings } from '../../shared/domain/settings-text.ts';
import { plainRoute } from '../support/linear-matcher.ts';
import { anyDeployment, anyEvent, anySettings, eventWith, settingsWith } from '../support/settings-samples.ts';

const claimChannel = (): undefined => undefined;
const rosterOf = (settings: Settings, deployed?: ReadonlySet<string>) =>
  compileRoster(settings, { version: 1, claimChannel, ...(deployed ? { deployed } : {}) });
const routed = (roster: Roster, event: Event) =>
  roster
    .route(event)
    .map(({ channel: _, ...want }) => ({ ...want, rules: [...want.rules] }))
    .sort((a, b) => (a.target < b.target ? -1 : 1));

/** Compares as text first, because that is quick and nearly always enough. */
const expectSame = (found: unknown, wanted: unknown): void => {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) expect(found).toEqual(wanted);
};

/** How often the things were met that the pairs are about. */
const seen = {
  pairs: 0,
  wanted: 0,
  goingOn: 0,
  byPattern: 0,
  byGroup: 0,
  noticed: 0,
  paced: 0,
  stopped: new Set<string>(),
};

const compareOne = (roster: Roster, world: Parameters<typeof plainRoute>[0], event: Event): void => {
  const plain = plainRoute(world, event);
  expectSame(routed(roster, event), plain);
  const asking = new Set(plain.flatMap(({ rules }) => rules));
  const rules = (world.settings.subscriptions ?? []).filter(({ name }) => asking.has(`subscription:${name}`));
  seen.byPattern += rules.filter(({ pattern }) => Object.keys(pattern ?? {}).length > 0).length;
  seen.byGroup += rules.filter(({ applicationGroups }) => applicationGroups?.length).length;
  seen.pairs += 1;
  seen.wanted += Number(plain.length > 0);
  seen.goingOn += Number(plain.some(({ fallback }) => fallback !== undefined));
  seen.noticed += Number(plain.some(({ rules }) => rules.some((rule) => rule.startsWith('notice:'))));
  seen.paced += Number(plain.some(({ rule }) => rule.startsWith('push:')));
};

const compareExplained = (roster: Roster, event: Event): void => {
  const explained = roster.explain(event);
  for (const { name } of explained) seen.stopped.add(name);
  const matched = explained.filter(({ name }) => name === 'matched').map(({ rule }) => rule);
  // The lane of a push is no rule: it carries what subscriptions ask for.
  const asking = roster.route(event).flatMap(({ rules }) => rules.filter((rule) => !rule.startsWith('push:')));
  expectSame([...new Set(matched)].sort(), [...new Set(asking)].sort());
};

describe('the index', () => {
  it('agrees with a plain reading of every rule in 20,000 pairs of settings and events, and so does explain', () => {
    const someEvents = fc.array(anyEvent, { minLength: 25, maxLength: 25 });
    fc.assert(
      fc.property(anySettings, anyDeployment, someEvents, (settings, deployed, events) => {
        const roster = rosterOf(settings, deployed);
        for (const event of events) compareOne(roster, { settings, deployed }, event);
        for (const event of events.slice(0, 5)) compareExplained(roster, event);
      }),
      { numRuns: 800 },
    );
    expect(seen.pairs).toBe(20_000);
    expect(seen.wanted).toBeGreaterThan(seen.pairs / 10);
    expect(seen.goingOn).toBeGreaterThan(seen.pairs / 50);
    expect(seen.byPattern).toBeGreaterThan(300);
    expect(seen.byGroup).toBeGreaterThan(50);
    expect(seen.noticed).toBeGreaterThan(seen.pairs / 200);
    expect(seen.paced).toBeGreaterThan(5);
    expect([...seen.stopped]).toEqual(
      expect.arrayContaining(['pattern-not-wanted', 'group-not-wanted', 'blacklisted']),
    );
  }, 60_000);

  it('generates settings that the checker accepts', () => {
    fc.assert(
      fc.property(anySettings, (settings) => checkSettings(settings, {}).kind === 'ok'),
      { numRuns: 200 },
    );
  });

  it('gives the same answer for the same event however often it is asked, in any order', () => {
    fc.assert(
      fc.property(anySettings, fc.array(anyEvent, { maxLength: 6 }), (settings, events) => {
        const roster = rosterOf(settings);
        const first = events.map((event) => roster.route(event));
        expect(
          [...events]
            .reverse()
            .map((event) => roster.route(event))
            .reverse(),
        ).toEqual(first);
      }),
      { numRuns: 100 },
    );
  });

  it('finds a rule whose lists are too long for the index', () => {
    const many = (word: string) => Array.from({ length: 300 }, (_, at) => `${word}${at}`);
    const settings = settingsWith({
      subscriptions: [
        { name: 'wide', products: many('p'), eventTypes: many('T'), eventNames: many('N'), policy: 'page' },
        { name: 'types', products: ['p1'], eventTypes: many('T'), policy: 'page' },
        { name: 'resources', resources: many('i-'), products: ['p2'], policy: 'page' },
      ],
    });
    const rulesFor = (parts: Parameters<typeof eventWith>[0]) =>
      rosterOf(settings)
        .route(eventWith(parts))
        .flatMap(({ rules }) => rules);
    expect(rulesFor({ product: 'p1', type: 'T299', name: 'N7' })).toEqual(['subscription:types', 'subscription:wide']);
    expect(rulesFor({ product: 'p1', type: 'T299', name: 'other' })).toEqual(['subscription:types']);
    expect(rulesFor({ product: 'p1', type: 'T300', name: 'N7' })).toEqual([]);
    const resource = { id: 'i-299', type: '', name: '', arn: '' };
    expect(rulesFor({ product: 'p2', resource })).toEqual(['subscription:resources']);
    expect(rulesFor({ product: 'p3', resource })).toEqual([]);
  });

  it('looks at few candidates when thousands of rules differ by resource, name or account only', () => {
    let looked = 0;
    const look = () => {
      looked += 1;
      return { keywords: ['root'] };
    };
    const subscriptions = Array.from({ length: 9_000 }, (_, at) =>
      Object.defineProperty(
        {
          name: `rule-${at}`,
          products: ['ecs'],
          policy: 'page',
          ...[{ resources: [`i-${at}`] }, { eventNames: [`Name${at}`] }, { accounts: [String(at)] }][at % 3],
        },
        'content',
        { get: look, enumerable: true },
      ),
    );
    const roster = rosterOf(settingsWith({ subscriptions }));
    looked = 0;
    const resource = { id: 'i-3', type: '', name: '', arn: '' };
    const wants = roster.route(eventWith({ product: 'ecs', name: 'Name4', account: '5', resource }));
    expect(wants.flatMap(({ rules }) => rules)).toEqual([
      'subscription:rule-3',
      'subscription:rule-4',
      'subscription:rule-5',
    ]);
    expect(looked).toBe(3);
  });
});
