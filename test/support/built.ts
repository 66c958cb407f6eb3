import { cpSync, mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildAll, builtMs } from '../../shared/cli/build.ts';
import { ROOT } from './source-files.ts';

/** Where `npm run build` puts the bundles, and where every test finds them: they are built once, before the first test. */
export const DIST = join(ROOT, 'dist');

/** The bundles once more, in a folder of their own. */
export const copyBundles = (to: string): void => {
  for (const name of ['package.json', 'local', 'functions', 'cli', 'deployment'])
    cpSync(join(DIST, name), join(to, name), { recursive: true });
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

/** Builds unless every source is older than the last build: vitest calls this once, before it starts its workers. */
export const setup = async (): Promise<void> => {
  if (Math.max(...SOURCES.map(newestMs)) >= builtMs(DIST)) await buildAll(DIST);
};
