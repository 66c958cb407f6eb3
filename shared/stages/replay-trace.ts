import type { Decision } from '../domain/decision.ts';
import type { DeliveryState } from '../domain/delivery.ts';
import type { Roster } from '../domain/roster.ts';
import type { TableStore } from '../ports/table-store.ts';
import { carrierOf } from './delivery-end.ts';
import { statusOf } from './delivery-status.ts';
import { type Replayed, type ReplayPointer, readReplayStep, replaysOf } from './replay-rows.ts';
import type { NotificationReport } from './trace.ts';

/** How often an event was sent again, to whom, and what came of that. */
interface ReplayTrace {
  reports: NotificationReport[];
  decisions: Decision[];
}

/** What was done with one message, attempt by attempt, and why it stands as it does. */
type Decide = (standing: { target: string; rule: string }, state: DeliveryState) => Decision[];

const REASONS = {
  refused: 'it had been refused',
  dead: 'it had been given up',
  suppressed: 'it had not been sent',
  missed: 'no rule wanted it then',
  mixed: 'earlier messages had not arrived',
} as const;

const traceOf = async (
  store: TableStore,
  pointer: ReplayPointer,
  { event, made, name, decide }: { event: string; made: Replayed; name: string; decide: Decide },
): Promise<ReplayTrace> => {
  const { target } = pointer;
  const { rule, delivery, generation, atMs } = made;
  const step = (await readReplayStep(store, delivery))?.value;
  if (step?.parts.includes(event) !== true) return { reports: [], decisions: [] };
  const state = await carrierOf(store, delivery);
  const why = step.delivery?.late?.why ?? 'mixed';
  const due = new Date(step.dueMs).toISOString();
  const detail = `time ${generation}, as ${delivery} with ${step.parts.length} in one message, due at ${due}, because ${REASONS[why]}`;
  const decisions = state === undefined ? [] : decide({ target, rule }, state);
  const { code, cause, fix } = state ?? {};
  const report: NotificationReport = {
    target,
    targetName: name,
    rule,
    status: state === undefined ? 'deferred' : statusOf(state, step.parts.length === 1),
    delivery,
    ...(code === undefined ? {} : { code }),
    ...(cause === undefined ? {} : { cause }),
    ...(fix === undefined ? {} : { fix }),
    ...(state === undefined ? { untilMs: step.dueMs } : {}),
    replay: generation,
  };
  return {
    reports: [report],
    decisions: [{ atMs, stage: 'replay', name: 'replayed', target, rule, detail }, ...decisions],
  };
};

/** Everything about the times that an event was sent again. */
export const replayTrace = async (
  store: TableStore,
  event: string,
  { roster, decide }: { roster: Roster; decide: Decide },
): Promise<ReplayTrace> => {
  const pointers = await replaysOf(store, event);
  const traces = await Promise.all(
    pointers.flatMap((pointer) => {
      const name = roster.targets.get(pointer.target)?.name ?? pointer.target;
      return pointer.made.map((made) => traceOf(store, pointer, { event, made, name, decide }));
    }),
  );
  return {
    reports: traces.flatMap(({ reports }) => reports),
    decisions: traces.flatMap(({ decisions }) => decisions),
  };
};
