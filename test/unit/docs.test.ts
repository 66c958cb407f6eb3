import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../shared/adapters/local/yaml.ts';
import { CHANNELS } from '../../shared/channels/registry.ts';
import { runCommand } from '../../shared/cli/commands.ts';
import { settingsFindings } from '../../shared/domain/settings-findings.ts';
import { checkSettings } from '../../shared/domain/settings-text.ts';
import { readSources } from '../support/source-files.ts';
import { textOfTracked, trackedFiles } from '../support/tracked-files.ts';

const pages = trackedFiles().filter((path) => path.endsWith('.md'));
const readme = textOfTracked('README.md');

const blocksOf = (text: string): string[] =>
  [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block]) => block ?? '');

const env = {
  DINGTALK_WEBHOOK: 'https://oapi.dingtalk.com/robot/send?access_token=invented1',
  SECOPS_WEBHOOK: 'https://oapi.dingtalk.com/robot/send?access_token=invented2',
  DINGTALK_SECRET: 'SECinvented',
  DINGTALK_WEBHOOK_2: 'https://oapi.dingtalk.com/robot/send?access_token=invented3',
  DINGTALK_SECRET_2: 'SECinvented2',
  SECOPS_WEBHOOK_2: 'https://oapi.dingtalk.com/robot/send?access_token=invented4',
  WECOM_WEBHOOK: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=invented',
  LARK_WEBHOOK: 'https://open.feishu.cn/open-apis/bot/v2/hook/invented',
  SLACK_WEBHOOK: 'https://hooks.slack.com/services/T0/B0/invented',
  HOOK_SECRET: 'invented',
  OLD_HOOK_SECRET: 'invented-before',
  HOOK_KEY: 'invented',
  MAIL_CODE: 'invented',
};

const NAMES = CHANNELS.map(({ name }) => name);
const DEPLOYED = new Set(NAMES);

const findingsOf = (block: string): string[] => {
  const checked = checkSettings(parseYaml(block), env);
  if (checked.kind === 'invalid') throw new Error(JSON.stringify(checked.issues));
  return settingsFindings(checked.settings, DEPLOYED).map(({ path }) => path);
};

const missingLinks = (page: string): string[] =>
  [...textOfTracked(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
    .map(([, link]) => posix.normalize(posix.join(posix.dirname(page), link ?? '')))
    .filter((path) => !trackedFiles().some((file) => file === path || file.startsWith(path.replace(/\/?$/, '/'))))
    .map((path) => `${page}: ${path}`);

describe('the documents', () => {
  it('link only to files that exist', () => {
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/settings.md', 'docs/operations.md']));
    expect(pages.flatMap(missingLinks)).toEqual([]);
  });

  it('show settings in which check finds nothing', () => {
    expect(blocksOf(readme).map(findingsOf)).toEqual([[]]);
    const [complete = ''] = blocksOf(textOfTracked('docs/settings.md'));
    expect(findingsOf(complete)).toEqual([]);
  });

  it('name every path of the API and every command', async () => {
    const routes = readSources('shared/console').flatMap(
      ({ text }) => text.match(/(?<=')\/[a-z][\w/:.-]*(?=')/gi) ?? [],
    );
    const paths = [...new Set(routes)].map((path) => path.replaceAll(/:(\w+)/g, '{$1}'));
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter((path) => !readme.includes(path))).toEqual([]);
    const { out } = await runCommand(['--help'], {});
    const commands = [...out.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name ?? '');
    expect(commands.length).toBeGreaterThan(7);
    expect(commands.filter((name) => !new RegExp(`\`${name}\\b`).test(readme))).toEqual([]);
  });

  it('have a line and a page for every channel of the registry, and for no other', () => {
    const lines = [...readme.matchAll(/^\| \[`(\w+)`\]\((docs\/channels\/\S+\.md)\) \| .{10,} \| .{4,} \|$/gm)];
    expect(lines.map(([, name, page]) => [name, page])).toEqual(
      NAMES.map((name) => [name, `docs/channels/${name}.md`]),
    );
    expect(pages.filter((page) => page.startsWith('docs/channels/'))).toEqual(
      NAMES.map((name) => `docs/channels/${name}.md`).sort(),
    );
  });

  it('give the figures of the contract suite as it holds them', () => {
    const held = textOfTracked('test/contract/channel-codes.test.ts').matchAll(/\{ answers: (\d+), codes: (\d+) \}/g);
    const told = textOfTracked('docs/architecture.md').matchAll(/^\| [a-z]+(?:, [a-z]+)? \| (\d+) \| (\d+) \|$/gm);
    const figuresOf = (matches: Iterable<RegExpExecArray>): string[] =>
      [...matches].map(([, answers, codes]) => `${answers} ${codes}`).sort();
    expect(figuresOf(told)).toEqual(figuresOf(held));
  });

  it('name every path of the sandbox', () => {
    const text = readSources('shared/local/sandbox')
      .map((source) => source.text)
      .join('\n');
    const paths = [...new Set(text.match(/(?<=')\/sandbox\/api\/\w+(?=')/g))];
    expect(paths).toContain('/sandbox/api/targets');
    expect(paths.filter((path) => !readme.includes(path))).toEqual([]);
  });

  it('name for each feature a test that there is', () => {
    const rows = [...textOfTracked('docs/features.md').matchAll(/^\|.*\| `(test\/\S+)`: (.+) \|$/gm)];
    expect(rows.length).toBeGreaterThan(10);
    const missing = rows.filter(
      ([, file, title]) => !textOfTracked(file ?? '').includes(title?.replaceAll("'", "\\'") ?? ''),
    );
    expect(missing.map(([row]) => row)).toEqual([]);
  });

  it('name every variable that is read, those of a deployed function with how it is operated', () => {
    const namesIn = (folder: string): string[] => {
      const found = readSources(folder).flatMap(({ text }) => text.match(/FENGHUO_[A-Z_]*[A-Z]/g) ?? []);
      return [...new Set(found)];
    };
    expect(namesIn('shared/local').filter((name) => !readme.includes(name))).toEqual([]);
    const operations = textOfTracked('docs/operations.md');
    expect(namesIn('shared/runtime')).toContain('FENGHUO_NAME_PREFIX');
    expect(namesIn('shared/runtime').filter((name) => !operations.includes(`\`${name}\``))).toEqual([]);
  });
});
