import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DeployedFunction } from './deployment.ts';
import { DEPLOYMENT_FILE, type Finding, within } from './finding.ts';

const KB = 1_024;
/** The most that a file with an SDK may have: what stands beside a function is loaded when it is first used. test/bundle has smaller budgets. */
const MAX_BYTES = 900 * KB;

/** Prints what a fresh process finds in a bundle. */
const PROBE = 'process.stdout.write(typeof require(process.argv[1]).handler)';

const isLoadable = (file: string): boolean => {
  try {
    return execFileSync(process.execPath, ['-e', PROBE, file], { encoding: 'utf8', stdio: 'pipe' }) === 'function';
  } catch {
    return false;
  }
};

const tooLarge = (folder: string): string | undefined =>
  readdirSync(folder).find((name) => statSync(join(folder, name)).size > MAX_BYTES);

const bundleFindings = (root: string, { props, path }: DeployedFunction): Finding[] => {
  const at = (what: string, fix: string): Finding[] => [
    { file: DEPLOYMENT_FILE, path: within(path, 'code'), what, fix },
  ];
  const folder = join(root, String(props.code));
  const file = join(folder, 'index.js');
  if (!existsSync(file)) return at(`there is no ${String(props.code)}/index.js`, 'Run npm run build');
  const large = tooLarge(folder);
  if (large !== undefined) return at(`${large} is larger than ${MAX_BYTES / KB} KB`, 'Look at what it imports');
  return isLoadable(file)
    ? []
    : at('does not load alone, or exports no handler', 'Build it again, and look at its imports');
};

/** Whether each bundle is built, loads in a process of its own, exports the handler and keeps its size. */
export const checkBundles = (root: string, functions: readonly DeployedFunction[]): Finding[] =>
  functions.flatMap((each) => bundleFindings(root, each));
