import { type LevelCounts, OVERVIEW_SECTIONS, type OverviewSection } from '../domain/overview-event.ts';
import { belongingOf, isOfSecurityCenter } from '../domain/security-center.ts';
import { compilePush } from '../domain/security-center-push.ts';
import type { PushItem, Settings } from '../domain/settings.ts';
import type { TableStore } from '../ports/table-store.ts';
import { LOG_PARTITION, type LogEntry, logKeyOf, logRowSchema } from './events-log.ts';
import { decode, rowsOf } from './rows.ts';

/** Overviews that have a switch of their own in the CloudMonitor push. */
const SWITCHES: Partial<Record<OverviewSection, PushItem>> = {
  vulnerabilities: 'vulnerability',
  baselineRisks: 'baseline',
  configAssessment: 'cspm',
};

const isSection = (item: string): item is OverviewSection => OVERVIEW_SECTIONS.some((section) => section === item);

/** The section that an event is counted in: an emergency vulnerability is a vulnerability, the leak of an AccessKey an alert. */
const sectionOf = (entry: LogEntry): OverviewSection | undefined => {
  if (!isOfSecurityCenter(entry) || entry.source === 'overview') return undefined;
  const { item } = belongingOf(entry);
  if (item === 'emergencyVulnerability') return 'vulnerabilities';
  if (item === 'accessKeyLeak') return 'alerts';
  return isSection(item) ? item : undefined;
};

/** The sections that the settings want: all but those whose overview is switched off. */
const wantedSections = (settings: Settings): OverviewSection[] => {
  const push = compilePush(settings);
  return OVERVIEW_SECTIONS.filter((section) => {
    const item = SWITCHES[section];
    return item === undefined || push === undefined || push.isOn({ item, part: 'overview' });
  });
};

/** Events of Security Center that came in during a span, by section and level. */
export const countSections = async (
  store: TableStore,
  settings: Settings,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<Partial<Record<OverviewSection, LevelCounts>>> => {
  const counts = new Map(wantedSections(settings).map((section): [OverviewSection, LevelCounts] => [section, {}]));
  const from = logKeyOf({ batch: '', receivedAtMs: fromMs }).sk;
  const to = logKeyOf({ batch: '~', receivedAtMs: toMs }).sk;
  for await (const row of rowsOf(store, { table: 'log', pk: LOG_PARTITION, from, to })) {
    for (const entry of decode(logRowSchema, row).entries) {
      const section = sectionOf(entry);
      const known = section === undefined ? undefined : counts.get(section);
      if (known !== undefined) known[entry.level] = (known[entry.level] ?? 0) + 1;
    }
  }
  return Object.fromEntries(counts);
};
