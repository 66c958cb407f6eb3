import type { Escalation, Notice } from '../channels/channel.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { Sealer } from '../ports/secrets.ts';
import { ackToken } from './ack-token.ts';
import type { Claimed } from './claim.ts';
import type { Addresses } from './deliver-run.ts';

interface NoticePorts {
  consoleUrl?: string;
  /** Signs links; absent where none are made. */
  sealer?: Sealer;
}

const linkOf = ({ delivery, state }: Claimed, { consoleUrl, sealer }: NoticePorts): Pick<Notice, 'ackLink'> => {
  const [first] = state.attempts;
  if (delivery.ack === undefined || consoleUrl === undefined || sealer === undefined) return {};
  // Counted from the first attempt, so that every attempt sends the same link.
  return { ackLink: `${consoleUrl}/ack/${ackToken(sealer, delivery.id, first?.startedAtMs ?? state.updatedAtMs)}` };
};

const escalationOf = ({ ack }: Delivery, roster: Addresses): { escalation?: Escalation } => {
  if (ack?.note === undefined) return {};
  const { kind, n, of, policy, sinceMs, atMs, told } = ack.note;
  const names = told.map(({ target, channel }) => ({ channel, name: roster.targets.get(target)?.name ?? '' }));
  const since = sinceMs === undefined ? {} : { sinceMs };
  return { escalation: { kind, n, of, policy, ...since, atMs, told: names } };
};

const NOTHING: Pick<Notice, 'ackLink' | 'escalation'> = {};

/** What a message says about acknowledging it: the link, where an address of the console is known, and why it comes again; nothing for most. */
export const ackParts = (
  claimed: Claimed,
  ports: NoticePorts,
  roster: Addresses,
): Pick<Notice, 'ackLink' | 'escalation'> =>
  claimed.delivery.ack === undefined
    ? NOTHING
    : { ...linkOf(claimed, ports), ...escalationOf(claimed.delivery, roster) };
