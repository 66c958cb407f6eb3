import type { Status } from '../domain/decision.ts';
import { type DeliveryState, isFinal } from '../domain/delivery.ts';
import type { TableStore } from '../ports/table-store.ts';
import type { BatchAudit, Standing } from './audit.ts';
import { followFallback } from './audit-fallback.ts';
import type { DeadWork } from './dead-letters.ts';
import { carrierOf, readDelivery } from './delivery-end.ts';
import { statusOf } from './delivery-status.ts';
import { type EscalationState, readEscalations, type Wave, type WaveSend, waveDeliveryId } from './escalation-rows.ts';
import { FIRST_LOOK_MS } from './escalation-timers.ts';
import type { MatchRecord } from './match-record.ts';

/** How far the rules of one policy have come with the events of a batch that nobody acknowledged. */
export interface RuleEscalation {
  /** The first of the rules, by which it is known. */
  rule: string;
  rules: readonly string[];
  /** When it is looked at next. */
  lookAtMs: number;
  waves: readonly Wave[];
  ended?: EscalationState['ended'];
}

interface AuditPorts {
  store: TableStore;
  dead: DeadWork;
}

type Message = Pick<Standing, 'status' | 'state' | 'waited' | 'givenUpAtMs' | 'followed'>;

/** A message of a wave is on its way from its record on, however long ago the event came in. */
const onItsWay = (status: Status): Status => (status === 'in-flight' ? 'deferred' : status);

const ofState = async (ports: AuditPorts, id: string): Promise<Message> => {
  const state = await carrierOf(ports.store, id);
  const isOver = state !== undefined && isFinal(state);
  const givenUpAtMs = ports.dead.deliveries.get(id);
  const known: { state?: DeliveryState } = state === undefined ? {} : { state };
  if (!isOver && givenUpAtMs !== undefined) return { status: 'dead', givenUpAtMs, ...known };
  const own =
    state === undefined || state.delivery.id === id ? undefined : (await readDelivery(ports.store, id))?.value;
  const status = onItsWay(statusOf(state, state?.delivery.total === 1));
  return { status, ...known, ...(own === undefined ? {} : { waited: own }) };
};

const messageOf = async (ports: AuditPorts, id: string, send: WaveSend): Promise<Message> => {
  const message = await ofState(ports, id);
  if (send.fallback === undefined) return message;
  const state = message.waited ?? message.state;
  const followed = await followFallback(ports, { status: message.status, id, state });
  return { ...message, status: onItsWay(followed.status), followed };
};

const standingsOf = async (
  ports: AuditPorts,
  match: MatchRecord,
  at: { batch: string; escalation: RuleEscalation },
) => {
  const { rule, waves } = at.escalation;
  const sends = waves.flatMap((wave) => wave.sends.map((send) => ({ wave, send })));
  const standings = await Promise.all(
    sends.map(async ({ wave, send }): Promise<Standing[]> => {
      const id = waveDeliveryId({ batch: at.batch, rule }, { wave, send, eventIds: match.eventIds });
      const message = await messageOf(ports, id, send);
      const wave_ = { id, kind: wave.kind, n: wave.n };
      return send.events.map((place) => ({
        event: match.eventIds[place] ?? '',
        target: send.target,
        rule,
        ...message,
        wave: wave_,
      }));
    }),
  );
  return standings.flat();
};

/** What a batch that escalates came to besides: each further message is a notification of its own. */
export const auditEscalations = async (
  ports: AuditPorts,
  match: MatchRecord,
  batch: string,
): Promise<Required<Pick<BatchAudit, 'standings' | 'escalations'>>> => {
  const groups = match.escalates ?? [];
  const leaders = groups.map(([rule = '']) => rule);
  const states = await readEscalations(ports.store, batch, leaders);
  const escalations = groups.map((rules, index): RuleEscalation => {
    const rule = leaders[index] ?? '';
    const state = states[index]?.value;
    if (state === undefined) return { rule, rules, lookAtMs: match.atMs + FIRST_LOOK_MS, waves: [] };
    return { rule, rules, ...state };
  });
  const standings = await Promise.all(
    escalations.map((escalation) => standingsOf(ports, match, { batch, escalation })),
  );
  return { standings: standings.flat(), escalations };
};

/** Rules of a batch that may still tell more. */
export const openEscalations = ({ escalations = [] }: Pick<BatchAudit, 'escalations'>): RuleEscalation[] =>
  escalations.filter(({ ended }) => ended === undefined);
