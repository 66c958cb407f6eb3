import { parse, stringify, YAMLParseError } from 'yaml';

const placeOf = (error: unknown): string => {
  const place = error instanceof YAMLParseError ? error.linePos?.[0] : undefined;
  return place === undefined ? '' : ` at line ${place.line}, column ${place.col}`;
};

/** The value of a YAML 1.2 text; throws a SyntaxError that says what and where but shows nothing of the text. */
export const parseYaml = (text: string): unknown => {
  try {
    return parse(text, { prettyErrors: true, logLevel: 'error' });
  } catch (error) {
    const code = error instanceof YAMLParseError ? ` (${error.code.toLowerCase().replaceAll('_', ' ')})` : '';
    throw new SyntaxError(`is not YAML${placeOf(error)}${code}`, { cause: error });
  }
};

/** A JSON value as YAML 1.2 text that {@link parseYaml} reads as the same value, in the same order. */
export const yamlText = (value: unknown): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
