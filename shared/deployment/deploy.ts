import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHANNEL_NAMES } from '../channels/registry.ts';
import { DEPLOYMENT_FILE } from './finding.ts';
import { environmentOf, readSelection, type Selection, selectFrom, UnknownChannelError } from './selection.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Beside the deployment file, because its paths are relative to where it stands. */
const SELECTED = join(ROOT, '.s.selected.yaml');
const TOOL = createRequire(import.meta.url).resolve('@serverless-devs/s/bin/s');

const select = (known: readonly string[]): Selection | undefined => {
  try {
    return readSelection(process.env, known);
  } catch (error) {
    if (!(error instanceof UnknownChannelError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return undefined;
  }
};

/** Runs Serverless Devs with what FENGHUO_CHANNELS and FENGHUO_NOTIFY_QUEUE leave of the deployment file; answers its exit code, 2 for a wrong name. */
const run = (words: readonly string[]): number => {
  const known = [...CHANNEL_NAMES];
  const selection = select(known);
  if (selection === undefined) return 2;
  writeFileSync(SELECTED, selectFrom(readFileSync(join(ROOT, DEPLOYMENT_FILE), 'utf8'), known, selection));
  try {
    const env = environmentOf(process.env, selection);
    return (
      spawnSync(process.execPath, [TOOL, ...words, '-t', SELECTED], { cwd: ROOT, stdio: 'inherit', env }).status ?? 1
    );
  } finally {
    rmSync(SELECTED, { force: true });
  }
};

process.exitCode = run(process.argv.slice(2));
