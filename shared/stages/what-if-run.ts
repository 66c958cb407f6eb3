import type { Channel } from '../channels/channel.ts';
import type { Roster } from '../domain/roster.ts';
import type { Simulator } from '../ports/simulation.ts';
import type { TableStore } from '../ports/table-store.ts';
import type { BatchRef } from './events-log.ts';
import { Simulation } from './simulation.ts';
import type { SimulatedSend } from './simulation-channels.ts';
import { type Span, storedBatches } from './stored-batches.ts';

/** What a run over stored events needs. */
export interface RunPorts {
  store: TableStore;
  channels: readonly Channel[];
  simulator: Simulator;
}

/** How much a run takes at most. */
export interface RunLimits {
  events: number;
  notifications: number;
}

/** What a run does unless it is told otherwise: a week of a busy account, in memory. */
export const RUN_LIMITS: RunLimits = { events: 50_000, notifications: 60_000 };

/** Notifications of one rule by what became of them. */
export interface RuleTotals {
  /** In messages of their own. */
  told: number;
  /** Inside merged messages. */
  merged: number;
  /** How many of both waited for the end of an interval or period. */
  held: number;
  /** Kept from their target; there is one only when nothing can be sent there. */
  suppressed: number;
}

/** What became of stored events in a simulation. */
export interface RunResult {
  events: number;
  /** Where the run ended before the end of the span; absent when it went to the end. */
  cutAtMs?: number;
  sends: readonly SimulatedSend[];
  rules: ReadonlyMap<string, RuleTotals>;
}

const DAY_MS = 86_400_000;
/** What is held longer than that after the last event is not told in the simulation. Source: the longest delay of a queue is seven days. */
const DRAIN_MS = 8 * DAY_MS;

const NONE: RuleTotals = { told: 0, merged: 0, held: 0, suppressed: 0 };

const FIELDS: Readonly<Record<string, keyof RuleTotals>> = { delivered: 'told', merged: 'merged' };

const tally = async (simulation: Simulation, refs: readonly BatchRef[]): Promise<Map<string, RuleTotals>> => {
  const rules = new Map<string, RuleTotals>();
  for (const { batch, receivedAtMs } of refs)
    for (const { rule, status, placement, event } of await simulation.standings(batch, receivedAtMs)) {
      const totals = rules.get(rule) ?? { ...NONE };
      rules.set(rule, totals);
      totals[FIELDS[status] ?? 'suppressed'] += 1;
      if (placement?.held.includes(event) === true) totals.held += 1;
    }
  return rules;
};

/**
 * Lets the stored events of a span come in again in a simulation, with their distances in time, and says what would have been sent. Reads
 * the store and writes nothing.
 */
export const runStored = async (
  ports: RunPorts,
  roster: Roster,
  { span, limits = RUN_LIMITS, isLimited = true }: { span: Span; limits?: RunLimits; isLimited?: boolean },
): Promise<RunResult> => {
  const simulation = new Simulation({ ...ports, roster, isLimited });
  const refs: BatchRef[] = [];
  let events = 0;
  let cutAtMs: number | undefined;
  for await (const { ref, message } of storedBatches(ports.store, span)) {
    if (events + message.events.length > limits.events || simulation.wanted >= limits.notifications) {
      cutAtMs = ref.receivedAtMs;
      break;
    }
    events += message.events.length;
    refs.push(ref);
    await simulation.offer(message, ref.receivedAtMs);
    await ports.simulator.breathe();
  }
  await simulation.runUntil((refs.at(-1)?.receivedAtMs ?? span.fromMs) + DRAIN_MS);
  const rules = await tally(simulation, refs);
  return { events, sends: simulation.sends, rules, ...(cutAtMs === undefined ? {} : { cutAtMs }) };
};
