import type { ConsolePorts } from './console-ports.ts';

/** A settings text, and a parser for its kind of YAML where it is YAML. */
export interface SettingsText {
  text: string;
  format: 'json' | 'yaml';
  parseYaml?: (text: string) => unknown;
}

/**
 * A settings text that can be read at once. The reader of YAML is brought by the first text that needs it; where it finds a fault, the parser
 * given here throws that.
 */
export const settingsInput = async (
  { parseYaml }: Pick<ConsolePorts, 'parseYaml'>,
  text: string,
  format: SettingsText['format'],
): Promise<SettingsText> => {
  if (format === 'json') return { text, format };
  try {
    const value = await parseYaml(text);
    return { text, format, parseYaml: () => value };
  } catch (error) {
    const fail = (): never => {
      throw error;
    };
    return { text, format, parseYaml: fail };
  }
};
