import type { Event } from './event.ts';
import { idOf } from './ids.ts';
import { LEVELS, type Level } from './level.ts';
import { SECURITY_CENTER } from './security-center.ts';

/** Type and name of the event that an overview is. */
const OVERVIEW = 'Overview';

/** Sections of an overview, in the order in which they are told. */
export const OVERVIEW_SECTIONS = ['vulnerabilities', 'baselineRisks', 'configAssessment', 'alerts'] as const;

/** One section. */
export type OverviewSection = (typeof OVERVIEW_SECTIONS)[number];

/** Events by their level. */
export type LevelCounts = Partial<Record<Level, number>>;

/** What became of notifications in the span. */
export interface OverviewBooks {
  delivered: number;
  merged: number;
  suppressed: number;
  deferred: number;
  refused: number;
  dead: number;
}

/** What Security Center itself counts as open, by its own levels, most severe first. */
export interface OpenRisks {
  vulnerabilities: readonly number[];
  baseline: readonly number[];
  alerts: readonly number[];
}

/** What an overview tells. */
export interface OverviewFacts {
  /** The span that it is about. */
  fromMs: number;
  toMs: number;
  account: string;
  /** What tells this overview from another one. */
  key: string;
  /** Counts of the sections that are switched on. */
  sections: Partial<Record<OverviewSection, LevelCounts>>;
  /** What is open at Security Center itself: vulnerabilities, baseline risks and alerts; absent where it cannot be asked. */
  open?: OpenRisks;
  books: OverviewBooks;
}

const sumOf = (counts: LevelCounts): number => LEVELS.reduce((sum, level) => sum + (counts[level] ?? 0), 0);

/** The total, and in brackets each level that has any: words of levels would have to be translated, so they come in one order, which the label names. */
const countText = (counts: LevelCounts): string => {
  const total = sumOf(counts);
  return total === 0 ? '0' : `${total} (${LEVELS.map((level) => counts[level] ?? 0).join(' / ')})`;
};

const contentOf = ({ fromMs, sections, open, books }: OverviewFacts): Event['content'] => ({
  overviewSince: new Date(fromMs).toISOString(),
  ...Object.fromEntries(
    OVERVIEW_SECTIONS.flatMap((section) => {
      const counts = sections[section];
      return counts === undefined ? [] : [[`overview_${section}`, countText(counts)]];
    }),
  ),
  ...(open === undefined
    ? {}
    : { overviewOpen: [open.vulnerabilities, open.baseline, open.alerts].map((one) => one.join(' / ')).join(' · ') }),
  overviewTold: `${books.delivered} / ${books.merged} / ${books.deferred}`,
  overviewNotTold: `${books.refused} / ${books.dead} / ${books.suppressed}`,
});

/** The overview as an event, which goes the way of every event. */
export const overviewEvent = (facts: OverviewFacts, receivedAtMs: number): Event => ({
  id: idOf('evt', facts.toMs, ['overview', facts.account, facts.key]),
  source: 'overview',
  product: SECURITY_CENTER,
  type: OVERVIEW,
  name: OVERVIEW,
  status: '',
  level: 'info',
  vendorLevel: '',
  resource: { id: '', type: '', name: '', arn: '' },
  region: '',
  account: facts.account,
  occurredAtMs: facts.toMs,
  receivedAtMs,
  title: { zh: '安全与通知周报', en: 'Weekly overview of security and notifications' },
  content: contentOf(facts),
});
