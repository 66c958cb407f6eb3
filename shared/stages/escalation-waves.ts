import type { DueWave } from '../domain/escalation-due.ts';
import type { EscalationPlan } from '../domain/escalation-plan.ts';
import { type Level, rankOf } from '../domain/level.ts';
import { withoutTold } from '../domain/roster-fallback.ts';
import type { Addressee, LookedEvent } from './escalation-look.ts';
import type { Wave, WaveSend } from './escalation-rows.ts';

/** So many of those who were told are named in a message. */
const NAMED = 5;

/** What decides whom a wave reaches. */
interface WaveParts {
  plan: EscalationPlan;
  looked: readonly LookedEvent[];
  /** Level of the event at a place of the batch; undefined when it is gone. */
  levelOf(place: number): Level | undefined;
  atMs: number;
  /** What this look tells anyway, as place and target, because a later step does. */
  told: Set<string>;
}

const stepAddressees = (plan: EscalationPlan, n: number, level: Level): Addressee[] => {
  const reach = plan.steps[n - 1]?.reach(level);
  return (reach?.targets ?? []).map(({ key, channel, language }) => ({
    target: key,
    channel,
    language,
    fallback: reach?.fallbacks?.get(key),
  }));
};

const addresseesAt = (place: number, wave: DueWave, { plan, looked, levelOf }: WaveParts): readonly Addressee[] => {
  const level = levelOf(place);
  if (level === undefined) return [];
  if (wave.kind === 'escalated') return stepAddressees(plan, wave.n, level);
  return looked.find((event) => event.place === place)?.addressees ?? [];
};

/** Each target once with the events that it is told of; where it goes on when that fails the most severe of them decides. */
const sendsOf = (wave: DueWave, parts: WaveParts): WaveSend[] => {
  const rank = (place: number): number => rankOf(parts.levelOf(place) ?? 'info');
  const sends = new Map<string, WaveSend>();
  for (const place of wave.places.toSorted((one, other) => rank(one) - rank(other)))
    for (const { target, channel, language, fallback } of addresseesAt(place, wave, parts)) {
      if (parts.told.has(`${place} ${target}`)) continue;
      parts.told.add(`${place} ${target}`);
      const send: WaveSend = sends.get(target) ?? { target, channel, language, events: [] };
      send.events.push(place);
      send.fallback ??= fallback;
      sends.set(target, send);
    }
  return [...sends.values()].map((send) => withWayOn(send, (target) => sends.has(target)));
};

/** In the order of the batch, and without steps to a target that this wave tells anyway. */
const withWayOn = ({ fallback, ...send }: WaveSend, isTold: (target: string) => boolean): WaveSend => {
  const left = fallback === undefined ? undefined : withoutTold(fallback, isTold);
  const events = send.events.toSorted((one, other) => one - other);
  return { ...send, events, ...(left === undefined ? {} : { fallback: left }) };
};

/** What is due as it is recorded: whom each message goes to, and what it says about those who were told before. */
const waveOf = (due: DueWave, parts: WaveParts): Wave => {
  const events = parts.looked.filter(({ place }) => due.places.includes(place));
  const told = new Map(
    events.flatMap(({ addressees }) => addressees.map(({ target, channel }) => [target, { target, channel }])),
  );
  const since = events.flatMap(({ toldAtMs }) => toldAtMs ?? []);
  return {
    kind: due.kind,
    n: due.n,
    of: due.of,
    atMs: parts.atMs,
    policy: parts.plan.policy,
    events: due.places,
    ...(since.length === 0 ? {} : { sinceMs: Math.min(...since) }),
    told: [...told.values()].slice(0, NAMED),
    sends: sendsOf(due, parts),
  };
};

const isBefore = (one: DueWave, other: DueWave): number => {
  if (one.kind !== other.kind) return one.kind === 'repeated' ? -1 : 1;
  return one.n - other.n;
};

/**
 * Everything that is due at one look. Who is reached by several of them hears of an event once, by the last step: a repeat, or a step that
 * was overdue, would tell the same at the same instant.
 */
export const wavesOf = (due: readonly DueWave[], parts: Omit<WaveParts, 'told'>): Wave[] => {
  const told = new Set<string>();
  const ordered = due.toSorted(isBefore);
  return ordered
    .toReversed()
    .map((wave) => waveOf(wave, { ...parts, told }))
    .toReversed();
};
