/** How much a finding matters: `error` cannot do what it says, `warn` hardly does what is meant, `remind` is worth knowing. */
type FindingSeverity = 'error' | 'warn' | 'remind';

/** What is the matter, why it matters and what to do, in one language. */
interface FindingWords {
  what: string;
  why: string;
  fix: string;
}

/** One thing about settings that hold: where, and the words in English and, under `zh`, in Chinese. */
export interface SettingsFinding extends FindingWords {
  /** What was found, by a stable name. */
  code?: string;
  severity?: FindingSeverity;
  path: string;
  zh?: FindingWords;
}

type Words = readonly [what: string, why: string, fix: string];

/** A finding with its words: what, why and what to do, each in both languages. */
export const finding = (
  head: { code: string; severity: FindingSeverity; path: string },
  [what, why, fix]: Words,
  zh: Words,
): SettingsFinding => ({ ...head, what, why, fix, zh: { what: zh[0], why: zh[1], fix: zh[2] } });
