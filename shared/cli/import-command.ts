import { writeFileSync } from 'node:fs';
import { yamlText } from '../adapters/local/yaml.ts';
import type { Bilingual } from '../domain/event.ts';
import type { ImportLoss, LossKind } from '../domain/import-part.ts';
import { type Imported, importSettings, type VendorFile } from '../domain/import-settings.ts';
import type { Language } from '../domain/language.ts';
import { type CommandResult, refused, usage } from './command-result.ts';
import { readInput } from './input-file.ts';

const WORDS: Readonly<Record<LossKind, Bilingual>> = {
  'no-counterpart': {
    en: 'has no counterpart here and was left out',
    zh: '这里没有对应的设置，已略去',
  },
  'not-understood': {
    en: 'is not understood and was left out: write it into the settings by hand',
    zh: '无法理解，已略去：请手工写入设置',
  },
  'carried-in-part': {
    en: 'could only be carried over in part: look at what was made of it',
    zh: '只能部分导入：请检查导入结果',
  },
  'no-recipients': {
    en: 'names nobody to tell: import its targets too, or name contactGroups in the policy',
    zh: '没有通知对象：请一并导入其目标，或在策略中填写 contactGroups',
  },
  'unit-guessed': {
    en: 'is none of the intervals that are offered; 5m was written',
    zh: '不是可选的通知间隔，已写成 5m',
  },
  'name-missing': {
    en: 'is named, but none of the files has it: import it too, or add it to the settings',
    zh: '被引用，但所给文件中没有：请一并导入，或在设置中添加',
  },
  'name-taken': {
    en: 'occurs more than once with different content; the first one was kept',
    zh: '出现多次且内容不同；保留了第一个',
  },
};

const lossLine = ({ path, kind, detail }: ImportLoss, language: Language): string =>
  `  ${path}${detail === undefined || detail === '' ? '' : ` (${detail})`}: ${WORDS[kind][language]}`;

const HEADS: Readonly<Record<'read' | 'losses' | 'secrets', Bilingual>> = {
  read: { en: 'read', zh: '已读取' },
  losses: { en: 'not, or not wholly, carried over', zh: '未导入或未完全导入' },
  secrets: {
    en: 'secrets, which the settings name by these variables; --env FILE writes them',
    zh: '密钥，设置中以下列环境变量表示；用 --env FILE 可写出',
  },
};

const section = (head: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`${head}:`, ...lines];

const reportOf = ({ counts, losses, secrets }: Imported, language: Language): string =>
  [
    `${HEADS.read[language]}: ${[...counts].map(([kind, count]) => `${count} ${kind}`).join(', ')}`,
    ...section(
      HEADS.losses[language],
      losses.map((loss) => lossLine(loss, language)),
    ),
    ...section(
      HEADS.secrets[language],
      secrets.map(({ name, path }) => `  ${name}: ${path}`),
    ),
  ].join('\n');

const parseFile = (name: string): VendorFile => {
  try {
    return { name, value: JSON.parse(readInput(name).text) };
  } catch (cause) {
    if (cause instanceof SyntaxError) throw refused(`${name}: is not JSON`, { cause });
    throw cause;
  }
};

const quoted = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;

const writeSecrets = (file: string, { secrets }: Imported): void => {
  const text = secrets.map(({ name, value }) => `${name}=${quoted(value)}\n`).join('');
  try {
    // A file that is already there is somebody's, and would keep its mode.
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    throw refused(`${file}: cannot be written, or exists already`, { cause });
  }
};

/** Makes a settings file of the vendor's own JSON; exit code 1 when something could not be carried over, which is listed beside it. */
export const importCommand = async (
  words: readonly string[],
  language: Language,
  envFile: string | undefined,
): Promise<CommandResult> => {
  if (words.length === 0) throw usage('This command takes one or more JSON files of the vendor.');
  const imported = importSettings(words.map(parseFile));
  if (imported.counts.size === 0)
    throw refused('Nothing in these files is known: they hold none of the objects that docs/settings.md lists.');
  if (envFile !== undefined) writeSecrets(envFile, imported);
  const exitCode = imported.losses.length === 0 ? 0 : 1;
  return { exitCode, out: yamlText(imported.settings), err: `${reportOf(imported, language)}\n` };
};
