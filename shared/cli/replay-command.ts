import * as z from 'zod/mini';
import type { Language } from '../domain/delivery.ts';
import { bilingualSchema } from '../domain/event.ts';
import type { CommandOptions } from './command-options.ts';
import { type CommandResult, done, usage } from './command-result.ts';
import { expectOk, type HostClient } from './host-client.ts';
import { targetText } from './why-command.ts';

const reportSchema = z.object({
  dryRun: z.boolean(),
  notifications: z.number(),
  targets: z.array(
    z.object({
      target: z.string(),
      targetName: z.string(),
      notifications: z.number(),
      messages: z.number(),
      firstAtMs: z.number(),
      lastAtMs: z.number(),
    }),
  ),
  skipped: z.array(z.object({ reason: z.string(), count: z.number(), text: bilingualSchema })),
  lines: z.array(
    z.object({
      event: z.string(),
      happenedAtMs: z.number(),
      target: z.string(),
      targetName: z.string(),
      rule: z.string(),
      why: z.string(),
      code: z.optional(z.string()),
      decision: z.string(),
      title: bilingualSchema,
    }),
  ),
  isCut: z.boolean(),
});

type Report = z.infer<typeof reportSchema>;

const REPLAY_MS = 600_000;

const WORDS = {
  en: {
    would: (count: number) => `${count} notifications would be sent again; nothing was sent`,
    does: (count: number) => `${count} notifications are sent again, marked as late`,
    target: (one: { notifications: number; messages: number }) =>
      `${one.notifications} in ${one.messages} ${one.messages === 1 ? 'message' : 'messages'}`,
    left: 'left out',
    cut: 'there are more than one replay takes: run it again when this one is over',
  },
  zh: {
    would: (count: number) => `将补发 ${count} 条通知；本次没有发送`,
    does: (count: number) => `正在补发 ${count} 条通知，并标明为补发`,
    target: (one: { notifications: number; messages: number }) =>
      `${one.notifications} 条，合为 ${one.messages} 条消息`,
    left: '未补发',
    cut: '数量超过一次补发的上限：请在本次结束后再次运行',
  },
} as const;

const timeOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');

const lineText = (line: Report['lines'][number], language: Language): string => {
  const code = line.code === undefined ? '' : ` ${line.code}`;
  const target = targetText(line.target, line.targetName, language) ?? '';
  return `    ${timeOf(line.happenedAtMs)} ${line.event} ${line.title[language]} → ${target} (${line.rule}; ${line.why}${code}): ${line.decision}`;
};

const textOf = (report: Report, language: Language): string => {
  const words = WORDS[language];
  const { dryRun, notifications } = report;
  const lines = [
    dryRun ? words.would(notifications) : words.does(notifications),
    ...report.targets.map(
      (one) =>
        `  ${targetText(one.target, one.targetName, language)}: ${words.target(one)}, ${timeOf(one.firstAtMs)} – ${timeOf(one.lastAtMs)} UTC`,
    ),
    ...report.skipped.map(({ reason, count, text }) => `  ${words.left}: ${count} (${reason}) ${text[language]}`),
    ...(dryRun ? report.lines.map((line) => lineText(line, language)) : []),
    ...(report.isCut ? [`  ${words.cut}`] : []),
  ];
  return `${lines.join('\n')}\n`;
};

const listOf = (text: string): string[] => text.split(',').map((word) => word.trim());

const bodyOf = ({ ids, status, force, 'dry-run': dryRun, json: _, recent: __, ...rest }: CommandOptions): object => ({
  ...rest,
  ...(ids === undefined ? {} : { ids: listOf(ids) }),
  ...(status === undefined ? {} : { status: listOf(status) }),
  ...(force === true ? { force } : {}),
  ...(dryRun === true ? { dryRun } : {}),
});

/** Sends again what did not arrive, or with `--dry-run` says what it would send. */
export const replayCommand = async (
  { words, language, options }: { words: readonly string[]; language: Language; options: CommandOptions },
  host: HostClient,
): Promise<CommandResult> => {
  if (words.length > 0) throw usage('replay takes options only: --from, --to and others; fenghuo --help lists them.');
  const { from, since, ids } = options;
  if (from === undefined && since === undefined && ids === undefined)
    throw usage('replay needs --from (and --to), --since or --ids.');
  const body = JSON.stringify(bodyOf(options));
  const answer = await expectOk(host({ method: 'POST', path: '/api/replay', body, timeoutMs: REPLAY_MS }));
  if (options.json === true) return done(`${JSON.stringify(answer.value, undefined, 2)}\n`);
  return done(textOf(reportSchema.parse(answer.value), language));
};
