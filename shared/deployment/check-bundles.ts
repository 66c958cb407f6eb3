import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DeployedFunction } from './deployment.ts';
import { DEPLOYMENT_FILE, type Finding, within } from './finding.ts';

const KB = 1_024;
/** The most that a function may have with everything it can load; test/bundle holds each to a smaller budget of its own. */
const MAX_BYTES = 2_000 * KB;

/** Prints what a fresh process finds in a bundle. */
const PROBE = 'process.stdout.write(typeof require(process.argv[1]).handler)';

const isLoadable = (file: string): boolean => {
  try {
    return execFileSync(process.execPath, ['-e', PROBE, file], { encoding: 'utf8', stdio: 'pipe' }) === 'function';
  } catch {
    return false;
  }
};

const bytesIn = (folder: string): number =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

const bundleFindings = (root: string, { props, path }: DeployedFunction): Finding[] => {
  const at = (what: string, fix: string): Finding[] => [
    { file: DEPLOYMENT_FILE, path: within(path, 'code'), what, fix },
  ];
  const folder = join(root, String(props.code));
  const file = join(folder, 'index.js');
  if (!existsSync(file)) return at(`there is no ${String(props.code)}/index.js`, 'Run npm run build');
  const bytes = bytesIn(folder);
  if (bytes > MAX_BYTES) return at(`has ${Math.ceil(bytes / KB)} KB`, `Keep within ${MAX_BYTES / KB} KB`);
  return isLoadable(file)
    ? []
    : at('does not load alone, or exports no handler', 'Build it again, and look at its imports');
};

/** Whether each bundle is built, loads in a process of its own, exports the handler and keeps its size. */
export const checkBundles = (root: string, functions: readonly DeployedFunction[]): Finding[] =>
  functions.flatMap((each) => bundleFindings(root, each));
