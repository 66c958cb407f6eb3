import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runTool } from '../support/deployment-tool.ts';
import { ROOT } from '../support/source-files.ts';

const SCRIPT = join(ROOT, 'shared/deployment/rollback.ts');
const IDENTITY = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];

describe('going back', () => {
  let repository: string;
  let target: string;

  const git = (...words: string[]): string =>
    execFileSync('git', [...IDENTITY, ...words], { cwd: repository, encoding: 'utf8' });
  const write = (file: string, content: unknown): void =>
    writeFileSync(join(repository, file), typeof content === 'string' ? content : JSON.stringify(content));
  const back = (...words: string[]) => runTool(['tsx', SCRIPT, ...words], { env: { TARGET: target }, cwd: repository });

  beforeEach(() => {
    repository = mkdtempSync(join(tmpdir(), 'fenghuo-repository-'));
    target = join(mkdtempSync(join(tmpdir(), 'fenghuo-target-')), 'deployed');
    git('init', '--quiet', '--initial-branch=main');
    // Deploys what stands in its own folder, with the words it was called with.
    write(
      'deploy.mjs',
      "import { copyFileSync } from 'node:fs';\nif (process.argv.slice(2).join(' ') !== 'deploy -y') process.exit(9);\ncopyFileSync('version', process.env.TARGET);\n",
    );
    write('package.json', { name: 'app', version: '1.0.0', scripts: { deployment: 'node deploy.mjs' } });
    write('package-lock.json', {
      name: 'app',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: { '': { name: 'app', version: '1.0.0' } },
    });
    write('version', 'good');
    git('add', '-A');
    git('commit', '--quiet', '-m', 'good');
    git('tag', 'deployed-dev');
    write('version', 'bad');
    git('commit', '--quiet', '-am', 'bad');
  });
  afterEach(() => {
    rmSync(repository, { recursive: true, force: true });
    rmSync(join(target, '..'), { recursive: true, force: true });
  });

  it('deploys what the tag names and leaves the checkout as it is', async () => {
    write('version', 'edited');
    const { code, output } = await back('deployed-dev');
    expect(code, output).toBe(0);
    expect(readFileSync(target, 'utf8')).toBe('good');
    expect(readFileSync(join(repository, 'version'), 'utf8')).toBe('edited');
    expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
  });

  it('says that there is nothing to go back to before the first deployment', async () => {
    const { code, output } = await back('deployed-prod');
    expect(code).toBe(2);
    expect(output).toContain('no commit deployed-prod');
    expect(existsSync(target)).toBe(false);
  });

  it('fails when the earlier version cannot be deployed either', async () => {
    git('tag', 'broken');
    write('package.json', { name: 'app', version: '1.0.0', scripts: { deployment: 'exit 7' } });
    git('commit', '--quiet', '-am', 'broken');
    const { code } = await back('HEAD');
    expect(code).toBe(7);
    expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
  });

  it('wants to know where to', async () => {
    expect((await back()).code).toBe(2);
  });
});
