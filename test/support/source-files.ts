import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the project, with a slash at the end. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** One import of a source file. */
export interface Import {
  /** Path of the module inside the project, or the name of a package. */
  module: string;
  typeOnly: boolean;
}

/** One TypeScript file of the project. */
export interface SourceFile {
  path: string;
  text: string;
  /** The text with comments and literals blanked; the code inside of templates is kept. */
  code: string;
  imports: Import[];
}

// What is not code outside of templates: comments, strings, and regular expressions where one can begin.
const NOT_CODE =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|(?<=[=(,:[!&|?;]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y;

/** Walks over a text once and keeps what is code. */
class CodeReader {
  code = '';
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Reads up to the brace that closes what was opened before, or to the end. */
  read(): void {
    let depth = 0;
    while (this.#at < this.#text.length) {
      if (this.#skip()) continue;
      const char = this.#text[this.#at] ?? '';
      depth += Number(char === '{') - Number(char === '}');
      if (depth < 0) return;
      this.code += char;
      this.#at += 1;
    }
  }

  #skip(): boolean {
    if (this.#text[this.#at] === '`') return this.#template();
    NOT_CODE.lastIndex = this.#at;
    const skipped = NOT_CODE.exec(this.#text)?.[0];
    if (skipped === undefined) return false;
    this.code += ' ';
    this.#at += skipped.length;
    return true;
  }

  #template(): true {
    this.#at += 1;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '`') this.#templatePart();
    this.#at += 1;
    this.code += ' ';
    return true;
  }

  #templatePart(): void {
    const substitution = this.#text.startsWith('${', this.#at);
    this.#at += substitution || this.#text[this.#at] === '\\' ? 2 : 1;
    if (!substitution) return;
    this.code += ' ';
    this.read();
    this.#at += 1;
  }
}

/** The text with comments and literals blanked. */
export const codeOf = (text: string): string => {
  const reader = new CodeReader(text);
  reader.read();
  return reader.code;
};

const FROM =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** What a file imports; modules of the project by their path from its root. */
export const importsOf = (path: string, text: string): Import[] =>
  [...text.matchAll(FROM)].map(([, type, plain, dynamic]) => {
    const module = plain ?? dynamic ?? '';
    return {
      module: module.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), module)) : module,
      typeOnly: type !== undefined,
    };
  });

const walk = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return walk(path);
    return path.endsWith('.ts') ? [path] : [];
  });

/** Every TypeScript file below a folder of the project. */
export const readSources = (folder: string): SourceFile[] =>
  walk(folder).map((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    return { path, text, code: codeOf(text), imports: importsOf(path, text) };
  });
