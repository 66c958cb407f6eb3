import type { Delivery } from '../domain/delivery.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import type { TableStore } from '../ports/table-store.ts';
import type { BatchAudit } from './audit.ts';
import { type Counts, isSettled, type OpenBatch } from './books.ts';
import { openEscalations } from './escalation-audit.ts';
import { waveDeliveries } from './escalation-deliveries.ts';
import { waveDeliveryId } from './escalation-rows.ts';
import { lookAt } from './escalation-timers.ts';

/** A look may be late by that much before the sweep asks for it; its own message normally comes first. */
const GRACE_MS = 60_000;
/** After asking, the sweep leaves it alone for that long. */
const ASK_AGAIN_MS = 300_000;

/** Whether nothing in a batch can change any more, by itself or because nobody acknowledges. */
export const isFinished = (audit: BatchAudit, counts: Counts): boolean =>
  isSettled(counts) && openEscalations(audit).length === 0;

/** Whether a batch has nothing to do but to wait for its next look. */
export const isAsleep = ({ wakeAtMs = 0, restsUntilMs = 0 }: OpenBatch, nowMs: number): boolean =>
  Math.max(wakeAtMs, restsUntilMs) > nowMs;

/** When the next look at a batch is overdue; never when nobody is to acknowledge any of it. */
export const nextWakeMs = (audit: BatchAudit): number =>
  Math.min(...openEscalations(audit).map(({ lookAtMs }) => lookAtMs + GRACE_MS));

/** A batch that waits for acknowledgements: when the sweep looks at it again, and the looks that it asks for now. */
export interface Rest {
  open: OpenBatch;
  looks: OutgoingMessage[];
}

/** What is to be done about a batch whose looks are all that is left, or are overdue; undefined when neither is so. */
export const restOf = (
  open: OpenBatch,
  found: { audit: BatchAudit; counts: Counts },
  nowMs: number,
): Rest | undefined => {
  const waiting = openEscalations(found.audit);
  const overdue = waiting.filter(({ lookAtMs }) => lookAtMs + GRACE_MS <= nowMs);
  const looks = overdue.map(({ rule, lookAtMs }) => lookAt({ batch: open.batch, rule, dueMs: lookAtMs }, nowMs));
  const isResting = waiting.length > 0 && isSettled(found.counts);
  if (looks.length > 0) {
    const wakeAtMs = nowMs + ASK_AGAIN_MS;
    return {
      open: isResting ? { ...open, redrives: 0, nextRedriveAtMs: wakeAtMs, wakeAtMs } : { ...open, wakeAtMs },
      looks,
    };
  }
  if (!isResting) return undefined;
  const wakeAtMs = Math.max(nowMs + GRACE_MS, nextWakeMs(found.audit));
  return { open: { ...open, redrives: 0, nextRedriveAtMs: wakeAtMs, wakeAtMs }, looks };
};

/** Messages that were decided because nobody acknowledged, and that never began. */
export const unbegunWaves = async (
  store: TableStore,
  { batch, match, standings, escalations = [] }: BatchAudit,
): Promise<Delivery[]> => {
  const eventIds = match?.eventIds ?? [];
  const unbegun = new Set(
    standings.flatMap(({ wave, state, status }) =>
      state === undefined && status === 'deferred' ? (wave?.id ?? []) : [],
    ),
  );
  if (unbegun.size === 0) return [];
  const made = await Promise.all(
    escalations.flatMap(({ rule, waves }) =>
      waves.map((wave) => {
        const at = { batch, rule };
        const sends = wave.sends.filter((send) => unbegun.has(waveDeliveryId(at, { wave, send, eventIds })));
        return waveDeliveries(store, at, { wave, sends, eventIds });
      }),
    ),
  );
  return made.flat();
};
