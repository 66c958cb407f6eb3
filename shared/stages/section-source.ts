import type { DocumentPorts } from './settings-document.ts';
import { createSnapshots } from './settings-snapshots.ts';
import { type CompileSettings, compiledSettings, type SettingsSource } from './settings-source.ts';

/** The lists of a file, which may be long; a timer that needs a single section neither reads nor keeps them. */
const WITHOUT: ReadonlySet<string> = new Set([
  'contacts',
  'contactGroups',
  'notificationPolicies',
  'subscriptions',
  'assetGroups',
  'chatbots',
  'resourceInstances',
]);

/** What the sections of the settings in force compile to, without the lists of contacts, rules and the like. */
export const createSectionSource = <Compiled>(
  { store, sealer }: DocumentPorts,
  compile: CompileSettings<Compiled>,
): SettingsSource<Compiled> =>
  compiledSettings({ store, sealer, snapshots: createSnapshots({ store, sealer }, WITHOUT) }, compile);
