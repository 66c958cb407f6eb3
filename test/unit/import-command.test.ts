import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseYaml } from '../../shared/adapters/local/yaml.ts';
import { runCommand } from '../../shared/cli/commands.ts';
import { checkSettings } from '../../shared/domain/settings-text.ts';

const URL_OF_ROBOT = "https://oapi.dingtalk.com/robot/send?access_token=invented'1";

let directory: string;

const file = (name: string, value: unknown): string => {
  const path = join(directory, name);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
};

const run = (...args: string[]) => runCommand(args, { LANG: 'en_US.UTF-8' });

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fenghuo-import-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const robot = { RuleActionName: 'secops', SendUrl: URL_OF_ROBOT, IntervalTime: 5 };
const contact = { ContactName: 'kai', Channels: { Mail: 'kai@example.com' } };

describe('fenghuo import', () => {
  it('prints a settings file that holds once the secrets it found are set, and none of them itself', async () => {
    const secrets = join(directory, 'secrets.env');
    const paths = [file('robot.json', robot), file('contact.json', contact)];
    const { exitCode, out, err } = await run('import', ...paths, '--env', secrets);
    expect({ exitCode, shown: (out + err).includes('invented') }).toEqual({ exitCode: 0, shown: false });
    expect(err).toContain('read: 1 robot, 1 contact');
    expect(readFileSync(secrets, 'utf8')).toBe(`ROBOT_SECOPS='${URL_OF_ROBOT.replace("'", `'\\''`)}'\n`);
    expect(statSync(secrets).mode & 0o777).toBe(0o600);
    const checked = checkSettings(parseYaml(out), { ROBOT_SECOPS: URL_OF_ROBOT });
    expect(checked).toMatchObject({
      kind: 'ok',
      settings: { contacts: [{ name: 'kai' }], chatbots: [{ name: 'secops' }] },
    });
  });

  it('ends with 1 and lists what it could not carry over, in the language of the reader', async () => {
    const path = file('robot.json', { ...robot, Robots: 'x' });
    const english = await run('import', path);
    expect(english.exitCode).toBe(1);
    expect(english.err).toContain('Robots: has no counterpart here and was left out');
    expect((await run('import', path, '--lang', 'zh')).err).toContain('Robots: 这里没有对应的设置，已略去');
  });

  it('refuses a file that is no JSON or holds nothing that it knows, and writes over no file', async () => {
    expect(await run('import', file('a.json', '{'))).toMatchObject({ exitCode: 1, out: '' });
    expect((await run('import', file('b.json', { a: 1 }))).err).toContain('Nothing in these files is known');
    const taken = file('taken.env', 'KEEP=1\n');
    const refused = await run('import', file('c.json', robot), '--env', taken);
    expect(refused).toMatchObject({ exitCode: 1, out: '' });
    expect(refused.err).toContain('exists already');
    expect(readFileSync(taken, 'utf8')).toBe('KEEP=1\n');
    expect(await run('import')).toMatchObject({ exitCode: 2 });
  });
});
