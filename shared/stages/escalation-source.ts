import { compileEscalations, type EscalationBook } from '../domain/escalation-plan.ts';
import { compileDirectory, type RosterOptions } from '../domain/roster-directory.ts';
import type { DocumentPorts } from './settings-document.ts';
import { compiledSettings, type SettingsSource } from './settings-source.ts';

/** What the settings in force say about events that nobody acknowledges, without the rest of the rules; read only when somebody asks. */
export const createEscalationSource = (
  ports: DocumentPorts,
  options: Omit<RosterOptions, 'version'>,
): SettingsSource<EscalationBook | undefined> =>
  compiledSettings(ports, (settings, version) =>
    compileEscalations(settings, compileDirectory(settings, { ...options, version }).parts),
  );
