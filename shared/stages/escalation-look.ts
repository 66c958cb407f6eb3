import type { Ack, WaveKind } from '../domain/ack.ts';
import type { CaredEvent } from '../domain/escalation-due.ts';
import type { Fallback } from '../domain/fallback.ts';
import type { Language } from '../domain/language.ts';
import type { TableStore } from '../ports/table-store.ts';
import { readAcks } from './ack-rows.ts';
import type { BatchAudit, Standing } from './audit.ts';
import type { Wave } from './escalation-rows.ts';
import type { MatchItem, MatchRecord } from './match-record.ts';

/** Somebody who was told of an event, or who should have been. */
export interface Addressee {
  target: string;
  channel: string;
  language: Language;
  fallback?: Fallback | undefined;
}

/** One event as a rule looks at it: how it stands, and who was told or should have been. */
export interface LookedEvent extends CaredEvent {
  addressees: readonly Addressee[];
  /** The first acknowledgement of any message that told it for this rule, or of the event as a whole. */
  ack?: Ack;
}

const stateOf = ({ state, followed }: Standing) => followed?.outcome ?? state;

const isTold = ({ status }: Standing): boolean => status === 'delivered' || status === 'merged';
const isLive = ({ status }: Standing): boolean => status === 'deferred' || status === 'in-flight';

/** Ids under which a message of this standing may have been acknowledged. */
const idsOf = (standing: Standing): string[] => {
  const { own, record, state, waited, followed, wave } = standing;
  const steps = (followed?.steps ?? []).flatMap((step) => [step.record.delivery, step.state?.delivery.id]);
  const ids = [wave?.id ?? own, record?.delivery, state?.delivery.id, waited?.delivery.id];
  return [...ids, ...steps].filter((id) => id !== undefined);
};

/** The standings of an event that some rules asked for: its items, and what was told of it because nobody acknowledged. */
export interface AskedEvent {
  first: Standing[];
  later: Standing[];
}

const NONE: AskedEvent = { first: [], later: [] };

/** What any of these rules asked for, by event; the first of the rules is the one by which further messages are known. */
export const askedBy = (
  { match, standings }: Pick<BatchAudit, 'match' | 'standings'>,
  rules: readonly string[],
): ((event: string) => AskedEvent) => {
  const wanted = new Set(rules);
  const asks = ([, , , rule, , , others]: MatchItem): boolean =>
    wanted.has(rule) || others.some((other) => wanted.has(other));
  const asked = new Map<string, AskedEvent>();
  for (const [index, standing] of standings.entries()) {
    const item = match?.items[index];
    const isLater = standing.wave !== undefined;
    if (isLater ? standing.rule !== rules[0] : item === undefined || !asks(item)) continue;
    const known = asked.get(standing.event) ?? { first: [], later: [] };
    known[isLater ? 'later' : 'first'].push(standing);
    asked.set(standing.event, known);
  }
  return (event) => asked.get(event) ?? NONE;
};

const firstOf = (acks: ReadonlyMap<string, Ack>, ids: readonly string[]): Ack | undefined =>
  ids.flatMap((id) => acks.get(id) ?? []).toSorted((one, other) => one.atMs - other.atMs)[0];

/** An event and the messages that told it for one rule. */
export interface ToldEvent {
  event: string;
  standings: readonly Standing[];
}

/** The first acknowledgement of each of these, in their order: of any of the messages, or of the event as a whole. */
export const readAcksOf = async (store: TableStore, told: readonly ToldEvent[]): Promise<(Ack | undefined)[]> => {
  const ids = told.map(({ event, standings }) => [event, ...standings.flatMap(idsOf)]);
  const acks = await readAcks(store, [...new Set(ids.flat())]);
  return ids.map((own) => firstOf(acks, own));
};

const addresseeOf = (standing: Standing, [, target, channel, , , language, , fallback]: MatchItem): Addressee => {
  const delivery = isTold(standing) ? stateOf(standing)?.delivery : undefined;
  if (delivery === undefined || delivery.target === target)
    return { target, channel, language, fallback: fallback ?? undefined };
  return { target: delivery.target, channel: delivery.channel, language: delivery.language };
};

const endsOf = (standings: readonly Standing[], nowMs: number): number[] =>
  standings.map((standing) => standing.givenUpAtMs ?? stateOf(standing)?.updatedAtMs ?? nowMs);

/** Told first, failed for good, or neither. */
const careOf = (first: readonly Standing[], nowMs: number): Pick<CaredEvent, 'toldAtMs' | 'failedAtMs'> => {
  const told = first.filter(isTold);
  if (told.length > 0) return { toldAtMs: Math.min(...endsOf(told, nowMs)) };
  return first.some(isLive) ? {} : { failedAtMs: Math.max(...endsOf(first, nowMs)) };
};

/** How far an event has come, also where a step reached nobody. */
const doneOf = (waves: readonly Wave[], kind: WaveKind, place: number): number =>
  Math.max(0, ...waves.filter((wave) => wave.kind === kind && wave.events.includes(place)).map(({ n }) => n));

const uniqueAddressees = (all: readonly Addressee[]): Addressee[] => [
  ...new Map(all.map((one) => [one.target, one])).values(),
];

type MatchedAudit = BatchAudit & { match: MatchRecord };

const addresseesOf = ({ items }: MatchRecord, audit: MatchedAudit, first: readonly Standing[]): Addressee[] => {
  const told = new Set(first.some(isTold) ? first.filter(isTold) : first);
  const all = items.flatMap((item, index) => {
    const standing = audit.standings[index];
    return standing !== undefined && told.has(standing) ? [addresseeOf(standing, item)] : [];
  });
  return uniqueAddressees(all);
};

/** Looks at every event of a batch that any of these rules asked for; `gone` are those of them that nobody asks for any more. */
export const lookAtEvents = async (
  store: TableStore,
  audit: MatchedAudit,
  at: { rules: readonly string[]; gone: readonly string[]; nowMs: number; waves: readonly Wave[] },
): Promise<LookedEvent[]> => {
  const { match } = audit;
  const asked = askedBy(audit, at.rules);
  const askedStill = askedBy(
    audit,
    at.rules.filter((rule) => !at.gone.includes(rule)),
  );
  const all = match.eventIds
    .map((event, place) => ({ event, place, ...asked(event) }))
    .filter(({ event }) => askedStill(event).first.length > 0);
  const told = all.map(({ event, first, later }) => ({ event, standings: [...first, ...later] }));
  const acks = await readAcksOf(store, told);
  return all.map(({ place, first }, index): LookedEvent => {
    const ack = acks[index];
    return {
      place,
      ...careOf(first, at.nowMs),
      stepsDone: doneOf(at.waves, 'escalated', place),
      repeatsDone: doneOf(at.waves, 'repeated', place),
      addressees: addresseesOf(match, audit, first),
      ...(ack === undefined ? {} : { ack }),
    };
  });
};
