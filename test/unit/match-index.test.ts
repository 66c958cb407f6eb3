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

describe('the index', () => {
  it('agrees with a plain reading of every rule, and so does explain', () => {
    let wanted = 0;
    let pairs = 0;
    let goingOn = 0;
    let noticed = 0;
    let paced = 0;
    const someEvents = fc.array(anyEvent, { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(anySettings, anyDeployment, someEvents, (settings, deployed, events) => {
        const roster = rosterOf(settings, deployed);
        for (const event of events) {
          const plain = plainRoute({ settings, deployed }, event);
          expect(routed(roster, event)).toEqual(plain);
          // The lane of a push is no rule: it carries what subscriptions ask for.
          const asking = new Set(plain.flatMap(({ rules }) => rules.filter((rule) => !rule.startsWith('push:'))));
          const explained = roster.explain(event).filter(({ name }) => name === 'matched');
          expect(new Set(explained.map(({ rule }) => rule))).toEqual(asking);
          pairs += 1;
          wanted += Number(plain.length > 0);
          goingOn += Number(plain.some(({ fallback }) => fallback !== undefined));
          noticed += Number(plain.some(({ rules }) => rules.some((rule) => rule.startsWith('notice:'))));
          paced += Number(plain.some(({ rule }) => rule.startsWith('push:')));
        }
      }),
      { numRuns: 800 },
    );
    expect(pairs).toBeGreaterThanOrEqual(5_000);
    expect(wanted).toBeGreaterThan(pairs / 10);
    expect(goingOn).toBeGreaterThan(pairs / 50);
    expect(noticed).toBeGreaterThan(pairs / 200);
    expect(paced).toBeGreaterThan(5);
  });

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
