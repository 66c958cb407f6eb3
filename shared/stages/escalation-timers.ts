import type { EscalationBook } from '../domain/escalation-plan.ts';
import type { EscalateMessage } from '../domain/messages.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import type { MatchItem } from './match-record.ts';
import { inTime } from './outgoing.ts';

/** So long after match decided it is looked for the first time who was told: what failed by then goes on at once. */
export const FIRST_LOOK_MS = 60_000;

/**
 * The rules that asked for any of this and tell more when nobody acknowledges. Those of one policy are one: they would tell the same
 * people the same at the same time.
 */
export const escalatingRules = (items: readonly MatchItem[], book: EscalationBook | undefined): string[][] => {
  if (book === undefined) return [];
  const byPolicy = new Map<string, string[]>();
  for (const rule of new Set(items.flatMap(([, , , rule, , , others]) => [rule, ...others]))) {
    const policy = book.of(rule)?.policy;
    if (policy !== undefined) byPolicy.set(policy, [...(byPolicy.get(policy) ?? []), rule]);
  }
  return [...byPolicy.values()];
};

/** Asks for a look at one rule of a batch at that instant. */
export const lookAt = (at: Pick<EscalateMessage, 'batch' | 'rule' | 'dueMs'>, nowMs: number): OutgoingMessage => {
  const message: EscalateMessage = { kind: 'escalate', attempt: 0, batch: at.batch, rule: at.rule, dueMs: at.dueMs };
  return { queue: 'notifications', body: JSON.stringify(message), delayMs: inTime(at.dueMs - nowMs) };
};

/** The first looks at a batch that match decided about at that instant; the same whenever they are made. */
export const firstLooks = (
  batch: string,
  groups: readonly (readonly string[])[],
  decidedAtMs: number,
): OutgoingMessage[] =>
  groups.flatMap(([rule]) =>
    rule === undefined ? [] : [lookAt({ batch, rule, dueMs: decidedAtMs + FIRST_LOOK_MS }, decidedAtMs)],
  );
