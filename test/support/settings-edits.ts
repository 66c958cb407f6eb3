import fc from 'fast-check';
import type { Settings, Subscription } from '../../shared/domain/settings.ts';
import { anySettings, anySubscription } from './settings-samples.ts';

/** One change of a file. What it leaves alone stays the very same object, as in settings that are loaded after a change. */
export type Edit = (settings: Settings, at: number) => Settings;

const withSubscriptions = (settings: Settings, change: (list: Subscription[]) => Subscription[]): Settings => ({
  ...settings,
  subscriptions: change([...(settings.subscriptions ?? [])]),
});

const place = (list: readonly unknown[], at: number): number => at % Math.max(1, list.length);

const fresh = anySubscription.map(
  (parts): Omit<Subscription, 'name'> => JSON.parse(JSON.stringify(parts)) as Omit<Subscription, 'name'>,
);

const replaced = fresh.map(
  (parts): Edit =>
    (settings, at) =>
      withSubscriptions(settings, (list) =>
        list.map((one, index) => (index === place(list, at) ? { ...parts, name: one.name } : one)),
      ),
);

const added = fresh.map(
  (parts): Edit =>
    (settings, at) =>
      withSubscriptions(settings, (list) => list.toSpliced(place(list, at), 0, { ...parts, name: `later-${at}` })),
);

const removed: Edit = (settings, at) => withSubscriptions(settings, (list) => list.toSpliced(place(list, at), 1));

const toggled: Edit = (settings, at) =>
  withSubscriptions(settings, (list) =>
    list.map((one, index) => (index === place(list, at) ? { ...one, enabled: one.enabled === false } : one)),
  );

const turned: Edit = (settings) => withSubscriptions(settings, (list) => list.reverse());

const policiesTurned: Edit = (settings) => ({
  ...settings,
  notificationPolicies: [...(settings.notificationPolicies ?? [])].reverse(),
});

/** The same words in new objects, as when a whole file is read anew. */
const copied: Edit = (settings) => JSON.parse(JSON.stringify(settings)) as Settings;

/** Policies, chatbots, contacts or asset groups of another file over the same names. */
const otherParts = fc
  .tuple(
    anySettings,
    fc.constantFrom('notificationPolicies' as const, 'chatbots' as const, 'contacts' as const, 'language' as const),
  )
  .map(
    ([other, part]): Edit =>
      (settings) => ({ ...settings, [part]: other[part] }),
  );

const otherGroups: Edit = (settings, at) => ({
  ...settings,
  assetGroups: [
    { name: 'default', default: true },
    { name: 'web', resources: at % 2 === 0 ? ['i-db*'] : ['i-web*'] },
    { name: 'none' },
  ],
});

const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 4, arbitrary: replaced },
  { weight: 3, arbitrary: added },
  { weight: 2, arbitrary: fc.constantFrom(removed, toggled) },
  { weight: 1, arbitrary: fc.constantFrom(turned, copied, policiesTurned, otherGroups) },
  { weight: 1, arbitrary: otherParts },
);

/** Changes of a file, one after the other, each with the place that it is about. */
export const anyEdits = fc.array(fc.tuple(edit, fc.nat({ max: 999 })), { minLength: 8, maxLength: 14 });

/** Merge windows to be spread over the subscriptions of a file. */
export const anyWindows = fc.array(fc.constantFrom(undefined, '1m', '5m', '30m'), { minLength: 3, maxLength: 5 });

/** The file with merge windows on subscriptions that have none, and an effective period on its first policy. */
export const withGates = (settings: Settings, windows: readonly (string | undefined)[]): Settings => ({
  ...settings,
  subscriptions: settings.subscriptions?.map((one, at) => {
    const window = windows[(at + one.name.length) % windows.length];
    return window === undefined || one.merge !== undefined ? one : { ...one, merge: { window } };
  }),
  notificationPolicies: settings.notificationPolicies?.map((one, at) =>
    at === 0 && one.effective === undefined ? { ...one, effective: { from: '08:00', to: '09:00' } } : one,
  ),
});
