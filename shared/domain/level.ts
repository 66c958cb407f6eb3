import * as z from 'zod/mini';

/** Our severity scale, most severe first. */
export const LEVELS = ['critical', 'high', 'medium', 'low', 'info'] as const;

/** Schema of one of our five levels. */
export const levelSchema = z.enum(LEVELS);

/** One of our five levels. */
export type Level = z.infer<typeof levelSchema>;

const LEVEL_SET: ReadonlySet<unknown> = new Set(LEVELS);

/** Whether this is one of our five levels. */
export const isLevel = (value: unknown): value is Level => LEVEL_SET.has(value);

/**
 * Vendor words in lower case and what they mean on our scale. CloudMonitor has CRITICAL, WARN and INFO, CloudMonitor 2.0
 * adds ERROR and WARNING, Security Center says serious, suspicious, remind (alerts) and asap, later, nntf (vulnerabilities),
 * SLS counts 2 to 10, metric alarms 2 to 4. The mapping is ours; the vendor's own word is kept beside it.
 */
const VENDOR_WORDS: Readonly<Record<string, Level>> = {
  critical: 'critical',
  fatal: 'critical',
  emergency: 'critical',
  serious: 'critical',
  urgent: 'critical',
  p0: 'critical',
  p1: 'critical',
  crit: 'critical',
  emerg: 'critical',
  panic: 'critical',
  alert: 'critical',
  disaster: 'critical',
  page: 'critical',
  紧急: 'critical',
  严重: 'critical',
  '10': 'critical',
  high: 'high',
  error: 'high',
  err: 'high',
  高: 'high',
  高危: 'high',
  asap: 'high',
  major: 'high',
  p2: 'high',
  '8': 'high',
  medium: 'medium',
  middle: 'medium',
  average: 'medium',
  中: 'medium',
  中危: 'medium',
  可疑: 'medium',
  警告: 'medium',
  warn: 'medium',
  warning: 'medium',
  suspicious: 'medium',
  later: 'medium',
  moderate: 'medium',
  p3: 'medium',
  '6': 'medium',
  low: 'low',
  低: 'low',
  低危: 'low',
  提醒: 'low',
  remind: 'low',
  nntf: 'low',
  minor: 'low',
  p4: 'low',
  '4': 'low',
  info: 'info',
  debug: 'info',
  信息: 'info',
  通知: 'info',
  普通: 'info',
  notice: 'info',
  notification: 'info',
  informational: 'info',
  none: 'info',
  normal: 'info',
  ok: 'info',
  p5: 'info',
  '2': 'info',
};

const BY_WORD: ReadonlyMap<string, Level> = new Map(Object.entries(VENDOR_WORDS));

/** Our level for a vendor's word, in any case; undefined when the word is not known. */
export const levelOfWord = (word: string): Level | undefined =>
  BY_WORD.get(word) ?? BY_WORD.get(word.trim().toLowerCase());

/** Our level for a vendor's word; `info` when the word is not known, so that no event is lost for its wording. */
export const levelOf = (word: string): Level => levelOfWord(word) ?? 'info';

/** 0 for critical to 4 for info; smaller is more severe. */
export const rankOf = (level: Level): number => LEVELS.indexOf(level);

/** Every word accepted where a level is expected, for error texts. */
export const levelWords = (): string[] => Object.keys(VENDOR_WORDS);
