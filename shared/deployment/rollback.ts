import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Of a program that could not be started. */
const NOT_STARTED = 127;

interface Command {
  words: readonly string[];
  cwd: string;
}

const run = ({ words: [program = '', ...rest], cwd }: Command): number =>
  spawnSync(program, rest, { cwd, stdio: 'inherit' }).status ?? NOT_STARTED;

const commitOf = (ref: string, cwd: string): string | undefined => {
  const { status, stdout } = spawnSync('git', ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], { cwd });
  return status === 0 ? stdout.toString('utf8').trim() : undefined;
};

/** Runs one after the other until one fails; answers its exit code. */
const runAll = (commands: readonly Command[]): number => {
  for (const command of commands) {
    const code = run(command);
    if (code !== 0) return code;
  }
  return 0;
};

/**
 * Deploys an earlier commit from a clean copy of it: its functions and its template, with the packages of its lock file. Rows that
 * were written meanwhile stay as they are. Answers the exit code of what failed, 2 when there is no such commit.
 */
const rollback = (ref: string, repository: string): number => {
  const commit = commitOf(ref, repository);
  if (commit === undefined) {
    process.stderr.write(`There is no commit ${ref}, so there is nothing to go back to.\n`);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'fenghuo-rollback-'));
  try {
    return runAll([
      { words: ['git', 'worktree', 'add', '--quiet', '--detach', folder, commit], cwd: repository },
      { words: ['npm', 'ci', '--no-audit', '--no-fund'], cwd: folder },
      { words: ['npm', 'run', 'deployment', '--', 'deploy', '-y'], cwd: folder },
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    run({ words: ['git', 'worktree', 'prune'], cwd: repository });
  }
};

const [, , ref] = process.argv;
if (ref === undefined) {
  process.stderr.write('Name the tag or commit to go back to: npm run rollback -- deployed-dev\n');
  process.exitCode = 2;
} else process.exitCode = rollback(ref, process.cwd());
