import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './source-files.ts';

/** Where `npm run build` puts the bundles, and where every test finds them: they are built once, before the first test. */
export const DIST = join(ROOT, 'dist');

/** What a build makes; its age is that of the first. */
const BUILT = ['package.json', 'local', 'functions', 'cli', 'deployment'];

/** The bundles once more, in a folder of their own. */
export const copyBundles = (to: string): void => {
  for (const name of BUILT) cpSync(join(DIST, name), join(to, name), { recursive: true });
};

/** Copies the bundles to where they find no packages but those of Node, as in the cloud; whoever asks removes the folder. */
export const bundlesAlone = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'fenghuo-bundles-'));
  copyBundles(folder);
  return folder;
};

/** What goes into a bundle; a folder changes with the names in it. */
const SOURCES = ['shared', 'functions', 'package-lock.json'].map((name) => join(ROOT, name));

const newestMs = (path: string): number => {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMs(join(path, name))), found.mtimeMs);
};

const builtMs = (): number => {
  const marker = join(DIST, 'package.json');
  return existsSync(marker) ? statSync(marker).mtimeMs : 0;
};

/**
 * Builds unless every source is older than the last build: vitest calls this once, before it starts its workers. When that fails nothing
 * stays that is out of date: tests of bundles fail, and all others say what is wrong.
 */
export const setup = (): void => {
  if (Math.max(...SOURCES.map(newestMs)) < builtMs()) return;
  try {
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  } catch {
    for (const name of BUILT) rmSync(join(DIST, name), { recursive: true, force: true });
    console.error('The build failed, see above: no test of a bundle can pass.');
  }
};
