import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import { deadLetterRow } from './message-fate.ts';

const CHANNEL_QUEUE = /^deliver-(.+)$/;
const REASON = 'channel-not-deployed: it was when this message was planned; deploy it again, then replay';

/**
 * The same outbox for a deployment that leaves channels out. Who plans a message knows which channels there are; a message that was held
 * while its channel was taken away becomes a dead letter. Sent to a queue that does not exist, it would hold up all others with it.
 */
export const withoutLeftOut = (outbox: Outbox, deployed: ReadonlySet<string>, clock: Clock): Outbox => {
  const isLeftOut = ({ queue }: OutgoingMessage): boolean => {
    const channel = CHANNEL_QUEUE.exec(queue)?.[1];
    return channel !== undefined && !deployed.has(channel);
  };
  return {
    commit: async (writes, messages) => {
      const left = messages.filter(isLeftOut);
      if (left.length === 0) return outbox.commit(writes, messages);
      const sent = messages.filter((message) => !isLeftOut(message));
      const results = await outbox.commit(writes, sent);
      const nowMs = clock.nowMs();
      const letters = left.map(({ queue, body }) => deadLetterRow(queue, { body, reason: REASON }, nowMs));
      if (results.every(({ applied }) => applied)) await outbox.commit(letters, []);
      return results;
    },
  };
};
