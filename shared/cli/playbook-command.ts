import * as z from 'zod/mini';
import type { Language } from '../domain/delivery.ts';
import { type CommandResult, refused, usage } from './command-result.ts';
import { expectOk, type HostClient } from './host-client.ts';
import { type InputFile, readInput } from './input-file.ts';

const findingSchema = z.object({ node: z.string(), riskLevel: z.string(), detail: z.string() });
const verifiedSchema = z.object({ findings: z.array(findingSchema) });
const nodeSchema = z.object({
  node: z.string(),
  action: z.string(),
  status: z.string(),
  message: z.string(),
  durationMs: z.number(),
});
const ranSchema = z.object({
  id: z.string(),
  status: z.string(),
  findings: z.array(findingSchema),
  nodes: z.array(nodeSchema),
  durationMs: z.number(),
});

/** A playbook waits for every message that it sends. */
const RUN_MS = 180_000;

const WORDS: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: {
    error: 'error',
    warn: 'warning',
    remind: 'reminder',
    success: 'done',
    fail: 'failed',
    'not-run': 'not run',
    incomplete: 'done, but not all of it was run',
    none: 'No findings.',
    run: 'Run',
  },
  zh: {
    error: '错误',
    warn: '警告',
    remind: '提醒',
    success: '成功',
    fail: '失败',
    'not-run': '未执行',
    incomplete: '已完成，但有节点未执行',
    none: '没有发现问题。',
    run: '执行',
  },
};

const wordOf = (word: string, language: Language): string => WORDS[language][word] ?? word;

type Finding = z.infer<typeof findingSchema>;

const findingLines = (findings: readonly Finding[], language: Language): string[] =>
  findings.map(({ node, riskLevel, detail }) => {
    const where = node === '' ? '' : `${node}: `;
    return `${wordOf(riskLevel, language)}  ${where}${detail}`;
  });

const parsed = ({ name, text }: InputFile): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refused(`${name}: is not JSON`, { cause });
  }
};

/** The playbook, and the event beside it when a second file has one. */
const bodyOf = (files: readonly InputFile[], language: Language): string => {
  const [playbook, event] = files.map(parsed);
  return JSON.stringify({ playbook, lang: language, ...(event === undefined ? {} : { event }) });
};

const verify = async (body: string, language: Language, host: HostClient): Promise<CommandResult> => {
  const answer = await expectOk(host({ method: 'POST', path: '/api/playbooks/verify', body }));
  const { findings } = verifiedSchema.parse(answer.value);
  const lines = findings.length === 0 ? [wordOf('none', language)] : findingLines(findings, language);
  return { exitCode: findings.length === 0 ? 0 : 1, out: `${lines.join('\n')}\n`, err: '' };
};

const run = async (body: string, language: Language, host: HostClient): Promise<CommandResult> => {
  const answer = await expectOk(host({ method: 'POST', path: '/api/playbooks/run', body, timeoutMs: RUN_MS }));
  const { id, status, findings, nodes, durationMs } = ranSchema.parse(answer.value);
  const lines = [
    ...findingLines(findings, language),
    ...nodes.flatMap((node) => [
      `${node.node}: ${wordOf(node.status, language)}  ${node.durationMs} ms`,
      ...(node.action === '' ? [] : node.message.split('\n').map((line) => `  ${line}`)),
    ]),
    `${wordOf('run', language)} ${id}: ${wordOf(status, language)}  ${durationMs} ms`,
  ];
  return { exitCode: status === 'success' ? 0 : 1, out: `${lines.join('\n')}\n`, err: '' };
};

/** Verifies or runs a playbook file on the host, with the event of a second file when there is one; exit code 1 unless all is well. */
export const playbookCommand = async (
  words: readonly string[],
  language: Language,
  host: HostClient,
): Promise<CommandResult> => {
  const [what = '', ...names] = words;
  if (!['verify', 'run'].includes(what) || names.length < 1 || names.length > 2)
    throw usage('playbook takes "verify FILE" or "run FILE", and a second file with the event if there is one.');
  const body = bodyOf(names.map(readInput), language);
  return what === 'verify' ? verify(body, language, host) : run(body, language, host);
};
