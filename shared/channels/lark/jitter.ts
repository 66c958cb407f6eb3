import { createHash } from 'node:crypto';

const MINUTE_MS = 60_000;
/** Everybody's timers ring at these minutes, and the system then answers 11232. Source: open.feishu.cn, add-custom-bot, which advises against them. */
const CROWDED_MINUTES: ReadonlySet<number> = new Set([0, 30]);
/** The crowd comes within the first seconds. */
const CROWD_MS = 5_000;
const MAX_DELAY_MS = 55_000;

/** Between 5 and 55 s, always the same for a target and a minute. */
const delayMsOf = (targetKey: string, minute: number): number => {
  const chance = createHash('sha256').update(`${targetKey}\n${minute}`).digest().readUInt32BE(0);
  return CROWD_MS + (chance % (MAX_DELAY_MS - CROWD_MS + 1));
};

/**
 * When a message to this target should go: later in the same minute, between 5 and 55 s after its start, when now is within the first
 * five seconds of a full or half hour; else now. A pure function, so every instance comes to the same instant.
 */
export const calmMs = (targetKey: string, nowMs: number): number => {
  const minute = Math.floor(nowMs / MINUTE_MS);
  const startMs = minute * MINUTE_MS;
  const isCrowded = CROWDED_MINUTES.has(minute % 60) && nowMs - startMs < CROWD_MS;
  return isCrowded ? startMs + delayMsOf(targetKey, minute) : nowMs;
};
