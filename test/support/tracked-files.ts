import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './source-files.ts';

// What a checkout makes and never keeps; only asked for where there is no Git, as in an unpacked archive.
const MADE_HERE = new Set(['.git', 'node_modules', 'dist', 'coverage', '.fenghuo', 'bench.json']);

const walk = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter(({ name }) => !MADE_HERE.has(name))
    .flatMap((entry) => (entry.isDirectory() ? walk(`${folder}${entry.name}/`) : [`${folder}${entry.name}`]));

/** Paths of all files that belong to the project, relative to its root. */
export const trackedFiles = (): string[] => {
  if (!existsSync(join(ROOT, '.git'))) return walk('');
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' });
  return listed.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path)));
};

/** The text of one tracked file. */
export const textOfTracked = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
