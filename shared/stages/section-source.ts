import type { DocumentPorts } from './settings-document.ts';
import { createSnapshots } from './settings-snapshots.ts';
import { type CompileSettings, compiledSettings, type SettingsSource } from './settings-source.ts';

/** The lists of a file, which may be long; a timer that needs a single section neither reads nor keeps them. */
const LISTS = [
  'contacts',
  'contactGroups',
  'notificationPolicies',
  'subscriptions',
  'assetGroups',
  'chatbots',
  'resourceInstances',
] as const;

/**
 * What the sections of the settings in force compile to, without the lists of contacts, rules and the like, but with those that are
 * asked for.
 */
export const createSectionSource = <Compiled>(
  { store, sealer }: DocumentPorts,
  compile: CompileSettings<Compiled>,
  wanted: readonly (typeof LISTS)[number][] = [],
): SettingsSource<Compiled> => {
  const without = new Set(LISTS.filter((list) => !wanted.includes(list)));
  return compiledSettings({ store, sealer, snapshots: createSnapshots({ store, sealer }, without) }, compile);
};
