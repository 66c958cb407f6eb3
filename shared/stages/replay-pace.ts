import * as z from 'zod/mini';
import type { Channel } from '../channels/channel.ts';
import type { Target } from '../domain/target.ts';
import type { Clock } from '../ports/clock.ts';
import type { TableStore } from '../ports/table-store.ts';
import { replayPaceKey } from './replay-rows.ts';
import { putRow, readStored, unchanged } from './rows.ts';

/** Messages of one target: so far apart, and from when. */
export interface Pace {
  firstAtMs: number;
  spacingMs: number;
  count: number;
}

const paceSchema = z.object({ nextMs: z.number() });

/** At most five messages a minute to one target. */
const MIN_SPACING_MS = 12_000;
/** So many notifications are told one by one; more are told together. */
const MAX_ALONE = 5;
/** So many a merged message tells, all of which it shows; more when there would be too many messages. */
const PER_MESSAGE = 10;
const MAX_MESSAGES = 20;
/** A little less than the longest delay of a queue, which is seven days. */
const HORIZON_MS = 7 * 86_400_000 - 3_600_000;
const MAX_RACES = 20;

/** The distance between messages that are sent again: at most five a minute, and at most half of every limit of the provider. */
export const spacingOf = (channel: Channel | undefined, target: Target): number =>
  Math.max(
    MIN_SPACING_MS,
    ...(channel?.quotaOf?.(target)?.windows ?? []).map(({ limit, windowMs }) => Math.ceil((2 * windowMs) / limit)),
  );

const messagesFor = (notifications: number): number =>
  notifications <= MAX_ALONE ? notifications : Math.min(MAX_MESSAGES, Math.ceil(notifications / PER_MESSAGE));

/** How many messages fit before the horizon; 0 when not even the first does. */
const roomFrom = (firstAtMs: number, spacingMs: number, nowMs: number): number => {
  const leftMs = nowMs + HORIZON_MS - firstAtMs;
  return leftMs < 0 ? 0 : 1 + Math.floor(leftMs / spacingMs);
};

interface PaceRequest {
  target: string;
  spacingMs: number;
  notifications: number;
  /** Look only: take no moment. */
  dryRun: boolean;
}

/**
 * Moments for the messages that tell a target so many notifications again, behind those of earlier replays. Taken with a conditional write,
 * so that all replays together keep the distance. A count of 0 when there is no room within seven days.
 */
export const takePace = async (ports: { store: TableStore; clock: Clock }, request: PaceRequest): Promise<Pace> => {
  const { target, spacingMs, notifications, dryRun } = request;
  const key = replayPaceKey(target);
  for (let race = 0; race < MAX_RACES; race += 1) {
    const stored = await readStored(ports.store, paceSchema, key);
    const nowMs = ports.clock.nowMs();
    const firstAtMs = Math.max(nowMs, stored?.value.nextMs ?? 0);
    const count = Math.min(messagesFor(notifications), roomFrom(firstAtMs, spacingMs, nowMs));
    if (dryRun || count === 0) return { firstAtMs, spacingMs, count };
    const next = { nextMs: firstAtMs + count * spacingMs };
    const [result] = await ports.store.write([putRow(key, next, unchanged(stored))]);
    if (result?.applied === true) return { firstAtMs, spacingMs, count };
  }
  return { firstAtMs: ports.clock.nowMs(), spacingMs, count: 0 };
};

/** The items in so many runs of about the same length, in their order. */
export const inRuns = <T>(items: readonly T[], runs: number): T[][] =>
  Array.from({ length: runs }, (_, at) =>
    items.slice(Math.floor((at * items.length) / runs), Math.floor(((at + 1) * items.length) / runs)),
  );
