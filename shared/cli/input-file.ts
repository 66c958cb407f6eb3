import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { refused } from './command-result.ts';

/** A file that was named on the command line. */
export interface InputFile {
  name: string;
  text: string;
  /** Content type by the ending of the name; JSON unless it says otherwise. */
  contentType: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.form': 'application/x-www-form-urlencoded',
  '.yaml': 'application/yaml',
  '.yml': 'application/yaml',
};

/** Reads a file, or standard input for `-`; throws CommandError when it cannot be read. */
export const readInput = (name: string): InputFile => {
  try {
    const text = readFileSync(name === '-' ? 0 : name, 'utf8');
    return { name, text, contentType: TYPES[extname(name).toLowerCase()] ?? 'application/json' };
  } catch (cause) {
    throw refused(`${name}: cannot be read`, { cause });
  }
};
