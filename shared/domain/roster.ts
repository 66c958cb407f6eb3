import type { Canary } from './canary-targets.ts';
import type { Decision } from './decision.ts';
import type { Language } from './delivery.ts';
import type { EscalationBook } from './escalation-plan.ts';
import type { Event } from './event.ts';
import type { Fallback } from './fallback.ts';
import type { Gate } from './gate.ts';
import type { Target } from './target.ts';

/** One target that wants an event: told there once, however many rules ask for it. */
export interface Want {
  target: string;
  channel: string;
  /** The rule whose lane it travels in: of all that ask, the one that may speak soonest, then the one with the shortest interval, then the first by name. */
  rule: string;
  /** Every rule that asked, that one included. */
  rules: readonly string[];
  intervalMs: number;
  language: Language;
  /** Present when the message goes on to other channels if this one fails. */
  fallback?: Fallback;
  /** Present when it must wait before it comes to its lane. */
  gate?: Gate;
}

/** Who can be told, of one version of the settings: all that sending needs. */
export interface Directory {
  version: number;
  /** Whom a message may be sent to; what waits for any other is suppressed. */
  targets: ReadonlyMap<string, Target>;
  /** Targets that hear when nothing can arrive at this one (or this robot of a pool) any more, on other channels where there are any; none when nobody can be told. */
  owners(target: string): readonly Target[];
  /** Whom the canary tells; absent when the settings ask for none. */
  canary?: Canary;
}

/** Settings compiled for the hot path; immutable, made anew for each version. */
export interface Roster extends Directory {
  /** Who must know, and what each must wait for at that instant (when left out: at which the event came in); the cost does not grow with the number of rules. */
  route(event: Event, nowMs?: number): readonly Want[];
  /** Every rule with what it decided about the event at that instant (when left out: at which the event came in) and why; for `why` and dry runs, not for the hot path. */
  explain(event: Event, nowMs?: number): Decision[];
  /** What becomes of events that nobody acknowledges; absent when no policy asks for anything. */
  escalations?: EscalationBook | undefined;
}
