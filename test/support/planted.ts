import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One secret, and the part of it by which it is found in whatever it was made into. */
export interface Planted {
  name: string;
  /** Letters and digits that occur nowhere else, none of them among what a mask shows. */
  core: string;
}

/** Where something was searched, and what was found there. */
export interface Leak {
  where: string;
  secret: string;
  spelling: string;
}

/** The characters of Base64 that follow from these bytes alone, wherever they stand in a longer text. */
const base64Of = (core: string, before: number): string => {
  const encoded = Buffer.from('\0'.repeat(before) + core).toString('base64');
  const first = Math.ceil((before * 8) / 6);
  return encoded.slice(first, Math.floor(((before + core.length) * 8) / 6));
};

const urlSafe = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_');

const everyByte = (core: string, spell: (byte: string) => string): string =>
  [...Buffer.from(core)].map((byte) => spell(byte.toString(16).padStart(2, '0'))).join('');

/** How a secret can be written: as it is, inside of Base64 and hexadecimal, percent-encoded, JSON- and HTML-escaped, backwards. */
const spellingsOf = (core: string): [string, string][] => {
  const base64 = [0, 1, 2].map((before) => base64Of(core, before));
  return [
    ['plain', core],
    ...base64.map((text): [string, string] => ['base64', text]),
    ...base64.map((text): [string, string] => ['base64url', urlSafe(text)]),
    ['hex', everyByte(core, (byte) => byte)],
    ['percent', everyByte(core, (byte) => `%${byte}`)],
    ['json', everyByte(core, (byte) => `\\u00${byte}`)],
    ['html', everyByte(core, (byte) => `&#x${byte};`)],
    ['backwards', [...core].reverse().join('')],
    ['utf16', [...core].join('\0')],
  ];
};

/** Base64 has two cases that mean different things; everything else is searched without regard to case. */
const occursIn = (texts: { exact: string; lower: string }, [spelling, form]: [string, string]): boolean =>
  spelling.startsWith('base64') ? texts.exact.includes(form) : texts.lower.includes(form.toLowerCase());

/** Every planted secret that occurs in these bytes, in any spelling. */
export const leaksIn = (where: string, bytes: Buffer | string, planted: readonly Planted[]): Leak[] => {
  const exact = typeof bytes === 'string' ? Buffer.from(bytes).toString('latin1') : bytes.toString('latin1');
  const texts = { exact, lower: exact.toLowerCase() };
  return planted.flatMap(({ name, core }) =>
    spellingsOf(core)
      .filter((spelling) => occursIn(texts, spelling))
      .map(([spelling]) => ({ where, secret: name, spelling })),
  );
};

/** The same for every file below a directory, raw as it is on the disk. */
export const leaksInFiles = (directory: string, planted: readonly Planted[]): Leak[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      return leaksIn(path.slice(directory.length + 1), readFileSync(path), planted);
    });
