import type { OutgoingMessage } from '../ports/queue.ts';
import { type Claimed, mayBeThere } from './claim.ts';
import { postpone, type SettlePorts } from './settle.ts';
import { type Waited, type Waiting, waitInRoom } from './waiting-room.ts';

/** What found no place to wait is looked at again after that long. */
const UNPLACED_MS = 1_000;

/** The messages of what waits; what found no place waits by itself for a moment. */
export const postponeUnplaced = async (ports: SettlePorts, waited: Waited): Promise<OutgoingMessage[]> => {
  const dueMs = ports.clock.nowMs() + UNPLACED_MS;
  await Promise.all(waited.unplaced.map((claimed) => postpone(ports, claimed, { dueMs, reason: 'held-for-quota' })));
  return waited.messages;
};

/** What is sent late keeps its mark and lets the others go first. */
const waitsAlone = (claimed: Claimed): boolean => mayBeThere(claimed) || claimed.delivery.late !== undefined;

/** What may be merged waits in the room of its target; what may have arrived already waits by itself. */
export const wait = async (ports: SettlePorts, waiting: Waiting): Promise<OutgoingMessage[]> => {
  const alone = waiting.claims.filter(waitsAlone);
  const claims = waiting.claims.filter((claimed) => !waitsAlone(claimed));
  await Promise.all(alone.map((claimed) => postpone(ports, claimed, waiting)));
  return claims.length === 0 ? [] : postponeUnplaced(ports, await waitInRoom(ports, { ...waiting, claims }));
};
