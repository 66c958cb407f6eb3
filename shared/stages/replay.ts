import type { Channel } from '../channels/channel.ts';
import { groupBy } from '../domain/group-by.ts';
import type { Roster } from '../domain/roster.ts';
import type { Target } from '../domain/target.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { TableStore } from '../ports/table-store.ts';
import { readDeadWork } from './dead-letters.ts';
import { type Candidate, candidatesIn, type Homeless, type ReplayFilter } from './replay-candidates.ts';
import { inRuns, spacingOf, takePace } from './replay-pace.ts';
import { readReplayStep } from './replay-rows.ts';
import { finishReplay, sendReplay } from './replay-send.ts';
import { type Due, type Skipped, type Verdict, verdictOf } from './replay-verdict.ts';
import type { Span } from './stored-batches.ts';

/** What a replay needs. */
export interface ReplayPorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
  roster: { current(): Promise<Roster> };
  channels: readonly Channel[];
  /** Gives other work of the process a turn. */
  breathe: () => Promise<void>;
}

/** What to send again. */
export interface ReplayRequest {
  /** Instants of receipt; undefined when events are named by their ids. */
  span: Span | undefined;
  filter: ReplayFilter;
  /** Also what may have arrived. */
  force: boolean;
  /** Say what would be done and do nothing. */
  dryRun: boolean;
}

/** The messages to one target. */
export interface TargetReplay {
  target: string;
  targetName: string;
  channel: string;
  notifications: number;
  messages: number;
  firstAtMs: number;
  lastAtMs: number;
}

/** One notification, and what is decided about it. */
export interface ReplayLine {
  event: string;
  product: string;
  name: string;
  level: string;
  happenedAtMs: number;
  target: string;
  targetName: string;
  rule: string;
  why: Candidate['why'];
  code?: string;
  decision: 'send' | Skipped;
}

/** What a replay did, or would do. */
export interface ReplayReport {
  /** Notifications that are sent again. */
  notifications: number;
  targets: readonly TargetReplay[];
  skipped: Readonly<Partial<Record<Skipped, number>>>;
  /** The first of the notifications, for people. */
  lines: readonly ReplayLine[];
  /** There are more than one replay takes: ask again when this one is over. */
  isCut: boolean;
}

/** So many notifications one replay looks at. */
const MAX_CANDIDATES = 5_000;
const MAX_LINES = 200;

interface Judged {
  verdicts: Verdict[];
  isCut: boolean;
}

const keyOf = ({ event, target }: Candidate | Homeless): string => JSON.stringify([event.id, target]);

const judge = async (ports: ReplayPorts, roster: Roster, request: ReplayRequest): Promise<Judged> => {
  const dead = await readDeadWork(ports.store);
  const { span, filter, force } = request;
  const seen = new Set<string>();
  const verdicts: Verdict[] = [];
  for await (const candidate of candidatesIn({ ...ports, dead }, { span, roster, filter })) {
    const key = keyOf(candidate);
    if (seen.has(key)) continue;
    if (seen.size === MAX_CANDIDATES) return { verdicts, isCut: true };
    seen.add(key);
    verdicts.push(await verdictOf({ ...ports, dead }, candidate, { roster, force }));
  }
  return { verdicts, isCut: false };
};

const lineOf = (verdict: Verdict, roster: Roster): ReplayLine => {
  const candidate = verdict.kind === 'send' ? verdict.due.candidate : verdict.candidate;
  const { event, rule, why, code, target = '' } = candidate;
  return {
    event: event.id,
    product: event.product,
    name: event.name,
    level: event.level,
    happenedAtMs: event.occurredAtMs ?? event.receivedAtMs,
    target,
    targetName: roster.targets.get(target)?.name ?? target,
    rule,
    why,
    ...(code === undefined ? {} : { code }),
    decision: verdict.kind === 'skip' ? verdict.reason : 'send',
  };
};

/** What was claimed by an earlier run that died before it could send. */
const finishUnfinished = async (
  ports: ReplayPorts,
  verdicts: readonly Verdict[],
  settingsVersion: number,
): Promise<void> => {
  const unfinished = verdicts.filter((verdict) => verdict.kind === 'finish');
  for (const [delivery, all] of groupBy(unfinished, (verdict) => verdict.delivery)) {
    const step = await readReplayStep(ports.store, delivery);
    const rules = new Map(all.map(({ candidate }) => [candidate.event.id, candidate.rule]));
    if (step !== undefined) await finishReplay(ports, step.value, { rules, settingsVersion });
  }
};

interface Plan {
  target: Target;
  dues: readonly Due[];
}

const plansOf = (verdicts: readonly Verdict[], roster: Roster): Plan[] => {
  const dues = verdicts.flatMap((verdict) => (verdict.kind === 'send' ? [verdict.due] : []));
  return [...groupBy(dues, ({ candidate }) => candidate.target)].flatMap(([key, group]) => {
    const target = roster.targets.get(key);
    return target === undefined ? [] : [{ target, dues: group }];
  });
};

/** Sends everything that one target gets; undefined when there is no room for it. */
const runPlan = async (
  ports: ReplayPorts,
  { target, dues }: Plan,
  { settingsVersion, dryRun }: { settingsVersion: number; dryRun: boolean },
): Promise<TargetReplay | undefined> => {
  const spacingMs = spacingOf(
    ports.channels.find(({ name }) => name === target.channel),
    target,
  );
  const pace = await takePace(ports, { target: target.key, spacingMs, notifications: dues.length, dryRun });
  if (pace.count === 0) return undefined;
  const runs = inRuns(dues, pace.count).map((run, at) => ({ dues: run, dueMs: pace.firstAtMs + at * spacingMs }));
  let sent = dryRun ? dues.length : 0;
  for (const run of dryRun ? [] : runs) {
    sent += (await sendReplay(ports, { target, ...run, settingsVersion })).length;
    await ports.breathe();
  }
  return {
    target: target.key,
    targetName: target.name,
    channel: target.channel,
    notifications: sent,
    messages: pace.count,
    firstAtMs: pace.firstAtMs,
    lastAtMs: pace.firstAtMs + (pace.count - 1) * spacingMs,
  };
};

const countSkipped = (verdicts: readonly Verdict[]): Partial<Record<Skipped, number>> => {
  const skipped: Partial<Record<Skipped, number>> = {};
  for (const verdict of verdicts)
    if (verdict.kind === 'skip') skipped[verdict.reason] = (skipped[verdict.reason] ?? 0) + 1;
  return skipped;
};

/**
 * Sends again what did not arrive, or says what it would send: marked as late, in few messages far apart, behind everything that is not late.
 * What was told, is under way or may have arrived is left out; asking twice sends once. Every step is written down before it is taken, so
 * that it may die at any point and be asked for again.
 */
export const replay =
  (ports: ReplayPorts) =>
  async (request: ReplayRequest): Promise<ReplayReport> => {
    const { dryRun } = request;
    const roster = await ports.roster.current();
    const { verdicts, isCut } = await judge(ports, roster, request);
    const settingsVersion = roster.version;
    if (!dryRun) await finishUnfinished(ports, verdicts, settingsVersion);
    const skipped = countSkipped(verdicts);
    const targets: TargetReplay[] = [];
    for (const plan of plansOf(verdicts, roster)) {
      const done = await runPlan(ports, plan, { settingsVersion, dryRun });
      if (done === undefined) skipped['no-room'] = (skipped['no-room'] ?? 0) + plan.dues.length;
      else targets.push(done);
    }
    const finished = verdicts.filter(({ kind }) => kind === 'finish').length;
    return {
      notifications: targets.reduce((sum, one) => sum + one.notifications, finished),
      targets,
      skipped,
      lines: verdicts.slice(0, MAX_LINES).map((verdict) => lineOf(verdict, roster)),
      isCut,
    };
  };
