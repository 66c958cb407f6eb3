import * as z from 'zod/mini';
import type { Language } from '../domain/delivery.ts';

const wordsSchema = z.object({ what: z.string(), why: z.string(), fix: z.string() });

/** A finding as the host tells it. */
export const findingSchema = z.object({
  ...wordsSchema.shape,
  path: z.string(),
  severity: z.enum(['error', 'warn', 'remind']),
  code: z.string(),
  zh: wordsSchema,
});

type Finding = z.infer<typeof findingSchema>;

const SEVERITIES = {
  error: { en: 'error', zh: '错误' },
  warn: { en: 'warning', zh: '警告' },
  remind: { en: 'note', zh: '提醒' },
} as const;

const where = (path: string): string => (path === '' ? '' : `${path}: `);

const line = (finding: Finding, language: Language): string => {
  const { path, severity, code } = finding;
  const mark = `${SEVERITIES[severity][language]} [${code}]`;
  if (language === 'en') return `  ${where(path)}${finding.what}; ${finding.why}. What to do: ${finding.fix}. ${mark}`;
  const { what, why, fix } = finding.zh;
  return `  ${where(path)}${what}；${why}。处理办法：${fix}。${mark}`;
};

/** One line for each finding: where, what, why, what to do, and by which name it goes. */
export const findingLines = (findings: readonly Finding[], language: Language): string[] =>
  findings.map((one) => line(one, language));
