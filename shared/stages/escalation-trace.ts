import type { Ack } from '../domain/ack.ts';
import type { Decision } from '../domain/decision.ts';
import type { Roster } from '../domain/roster.ts';
import type { TableStore } from '../ports/table-store.ts';
import type { BatchAudit } from './audit.ts';
import type { RuleEscalation } from './escalation-audit.ts';
import { askedBy, readAcksOf } from './escalation-look.ts';
import type { Wave } from './escalation-rows.ts';

/** How one rule stands with an event that somebody is to acknowledge. */
export interface AckReport {
  rule: string;
  /** Who acknowledged first; absent while nobody has. */
  ack?: Ack;
  /** When it is looked at next; absent when nothing more follows. */
  lookAtMs?: number;
}

/** What became of an event that somebody is to acknowledge. */
export interface AckTrace {
  decisions: Decision[];
  /** Why nothing more follows; behind everything of the same instant. */
  endings: Decision[];
  /** Empty when no rule waits for it. */
  reports: AckReport[];
}

const MINUTE_MS = 60_000;

const namesOf = (targets: readonly { target: string }[], roster: Roster): string =>
  targets.map(({ target }) => roster.targets.get(target)?.name ?? target).join(', ');

const waveDetail = (wave: Wave, place: number, roster: Roster): string => {
  const { kind, n, of, policy, sinceMs, atMs, told, sends } = wave;
  const step = `${kind === 'escalated' ? 'step' : 'repeat'} ${n} of ${of}, policy ${policy}`;
  const before = namesOf(told, roster);
  const why =
    sinceMs === undefined
      ? `nobody could be told before (${before})`
      : `${before} told ${Math.floor((atMs - sinceMs) / MINUTE_MS)} min before, not acknowledged`;
  const to = namesOf(
    sends.filter(({ events }) => events.includes(place)),
    roster,
  );
  return `${step}; ${why}; goes to ${to === '' ? 'nobody: the groups have no address on the channels of this level' : to}`;
};

const HOW = { link: 'through the link in a message', api: 'through the API' };

const ackDecision = ({ atMs, by, how }: Ack, rule: string | undefined): Decision => ({
  atMs,
  stage: 'escalate',
  name: 'acknowledged',
  ...(rule === undefined ? {} : { rule }),
  detail: `${by === '' ? 'by somebody who gave no name' : `by ${by}`}, ${HOW[how]}`,
});

const ENDED = {
  finished: 'every step was taken and nobody acknowledged',
  removed: 'the settings no longer ask for it',
} as const;

const endDecision = ({ rule, ended }: RuleEscalation): Decision[] =>
  ended === undefined || ended.why === 'acknowledged'
    ? []
    : [{ atMs: ended.atMs, stage: 'escalate', name: 'escalation-ended', rule, detail: ENDED[ended.why] }];

const ruleTrace = (
  escalation: RuleEscalation,
  found: { place: number; ack: Ack | undefined; roster: Roster },
): Decision[] => {
  const { place, ack, roster } = found;
  const { rule, waves } = escalation;
  const steps = waves
    .filter(({ events }) => events.includes(place))
    .map((wave): Decision => {
      return { atMs: wave.atMs, stage: 'escalate', name: wave.kind, rule, detail: waveDetail(wave, place, roster) };
    });
  return ack === undefined ? steps : [...steps, ackDecision(ack, rule)];
};

const reportOf = ({ rule, lookAtMs, ended }: RuleEscalation, ack: Ack | undefined): AckReport => {
  if (ack !== undefined) return { rule, ack };
  return ended === undefined ? { rule, lookAtMs } : { rule };
};

/** Acknowledged through the API although no rule waits for it. */
const ownAck = async (store: TableStore, event: string): Promise<AckTrace> => {
  const [ack] = await readAcksOf(store, [{ event, standings: [] }]);
  return { decisions: ack === undefined ? [] : [ackDecision(ack, undefined)], endings: [], reports: [] };
};

/** Everything that became of one event because somebody is to acknowledge it, or did. */
export const traceEscalations = async (
  store: TableStore,
  audit: BatchAudit,
  { event, roster }: { event: string; roster: Roster },
): Promise<AckTrace> => {
  const place = audit.match?.eventIds.indexOf(event) ?? -1;
  const asked = (audit.escalations ?? [])
    .map((escalation) => ({ escalation, ...askedBy(audit, escalation.rules)(event) }))
    .filter(({ first }) => first.length > 0);
  if (asked.length === 0) return ownAck(store, event);
  const told = asked.map(({ first, later }) => ({ event, standings: [...first, ...later] }));
  const acks = await readAcksOf(store, told);
  return {
    decisions: asked.flatMap(({ escalation }, index) => ruleTrace(escalation, { place, ack: acks[index], roster })),
    endings: asked.flatMap(({ escalation }, index) => (acks[index] === undefined ? endDecision(escalation) : [])),
    reports: asked.map(({ escalation }, index) => reportOf(escalation, acks[index])),
  };
};
