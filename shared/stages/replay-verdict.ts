import { hasFailed, isFinal } from '../domain/delivery.ts';
import type { Bilingual } from '../domain/event.ts';
import { healthSchema } from '../domain/health.ts';
import type { Roster } from '../domain/roster.ts';
import type { TableStore } from '../ports/table-store.ts';
import type { DeadWork } from './dead-letters.ts';
import { carrierOf } from './delivery-end.ts';
import { healthRowKey, settingsDigestOf } from './health-rows.ts';
import { matchRecordKey } from './match-record.ts';
import { placesOf } from './places.ts';
import { type Candidate, type Homeless, isUnanswered } from './replay-candidates.ts';
import {
  type Replayed,
  type ReplayPointer,
  readReplayStep,
  replayBatchOf,
  replayPointerKey,
  replayPointerSchema,
} from './replay-rows.ts';
import { readStored, type Stored } from './rows.ts';

/** Why something is not sent again, and what to do. */
export const SKIPPED = {
  'target-removed': {
    en: 'The settings no longer have this target, and its rule sends nowhere else: give the rule a target.',
    zh: '配置中已没有该目标，其规则也没有新的去处：请为规则配置目标。',
  },
  'may-have-arrived': {
    en: 'It may have arrived: an attempt was left without an answer. Ask the recipient, and say force when it is missing.',
    zh: '可能已经送达：有一次发送没有得到应答。请与收件人确认，如未收到可使用 force。',
  },
  'already-told': { en: 'It was sent again before, and arrived.', zh: '此前已补发并送达。' },
  'under-way': { en: 'It is being sent again already: wait for its end.', zh: '已在补发中，请等待结果。' },
  'endpoint-disabled': {
    en: 'The endpoint is switched off: put it right and test it, then ask again.',
    zh: '端点已停用：请先修复并测试通过，再重新补发。',
  },
  'no-room': {
    en: 'Replays to this target are planned for seven days ahead already: ask again later.',
    zh: '该目标的补发已排到七天之后，请稍后再试。',
  },
} as const satisfies Record<string, Bilingual>;

/** Why something is not sent again. */
export type Skipped = keyof typeof SKIPPED;

/** A candidate that is to be sent again: which time that is, and its row as it was read. */
export interface Due {
  candidate: Candidate;
  generation: number;
  pointer: Stored<ReplayPointer> | undefined;
  /** A message that an earlier run claimed for it and never made. */
  unmade?: string;
}

/** What is decided about a candidate. */
export type Verdict =
  | { kind: 'send'; due: Due }
  /** The message was made, but nobody knows of it: it must be put on its way. */
  | { kind: 'finish'; candidate: Candidate; delivery: string }
  | { kind: 'skip'; candidate: Candidate | Homeless; reason: Skipped };

interface VerdictPorts {
  store: TableStore;
  dead: DeadWork;
}

type Last = { kind: 'none' | 'failed' | 'unanswered' | 'told' | 'live' | 'unfinished' };

/** How the last time stands that this event was told again to this target. */
const standingOf = async (
  { store, dead }: VerdictPorts,
  { event }: Candidate,
  last: Replayed | undefined,
): Promise<Last> => {
  if (last === undefined) return { kind: 'none' };
  const step = await readReplayStep(store, last.delivery);
  // The message was never made, or without this event: whoever claimed it has died or gave it up.
  if (step?.value.parts.includes(event.id) !== true) return { kind: 'none' };
  const state = await carrierOf(store, last.delivery);
  if (state !== undefined && isFinal(state)) {
    if (!hasFailed(state)) return { kind: 'told' };
    return { kind: isUnanswered([state]) ? 'unanswered' : 'failed' };
  }
  if (dead.deliveries.has(last.delivery)) return { kind: 'unanswered' };
  const isKnown = (await store.get(matchRecordKey(replayBatchOf(last.delivery)))) !== undefined;
  return { kind: isKnown ? 'live' : 'unfinished' };
};

const isSwitchedOff = async (store: TableStore, roster: Roster, key: string): Promise<boolean> => {
  const target = roster.targets.get(key);
  const places = target === undefined ? [] : placesOf(target);
  const off = await Promise.all(
    places.map(async (place) => {
      const health = await readStored(store, healthSchema, healthRowKey(place.target.key));
      return health !== undefined && health.value.settings === settingsDigestOf(place.target);
    }),
  );
  return off.length > 0 && off.every(Boolean);
};

const SKIP_FOR: Readonly<Partial<Record<Last['kind'], Skipped>>> = { told: 'already-told', live: 'under-way' };

/** Why a candidate is not sent again although nobody has begun to; undefined when it is. */
const hindrance = async (
  { store }: VerdictPorts,
  candidate: Candidate,
  { roster, force, isDoubtful }: { roster: Roster; force: boolean; isDoubtful: boolean },
): Promise<Skipped | undefined> => {
  if (isDoubtful && !force) return 'may-have-arrived';
  return (await isSwitchedOff(store, roster, candidate.target)) ? 'endpoint-disabled' : undefined;
};

/** Decides about one candidate: never again what was told or is under way, nor what may have arrived unless that is forced. */
export const verdictOf = async (
  ports: VerdictPorts,
  candidate: Candidate | Homeless,
  { roster, force }: { roster: Roster; force: boolean },
): Promise<Verdict> => {
  const { target } = candidate;
  if (target === undefined) return { kind: 'skip', candidate, reason: 'target-removed' };
  const known: Candidate = { ...candidate, target };
  const pointer = await readStored(ports.store, replayPointerSchema, replayPointerKey(candidate.event.id, target));
  const last = pointer?.value.made.at(-1);
  const { kind } = await standingOf(ports, known, last);
  const reason = SKIP_FOR[kind];
  if (reason !== undefined) return { kind: 'skip', candidate, reason };
  if (kind === 'unfinished' && last !== undefined) return { kind: 'finish', candidate: known, delivery: last.delivery };
  const isDoubtful = known.mayBeThere || kind === 'unanswered';
  const hindered = await hindrance(ports, known, { roster, force, isDoubtful });
  if (hindered !== undefined) return { kind: 'skip', candidate, reason: hindered };
  const unmade = kind === 'none' && last !== undefined ? { unmade: last.delivery } : {};
  return { kind: 'send', due: { candidate: known, generation: (last?.generation ?? 0) + 1, pointer, ...unmade } };
};
