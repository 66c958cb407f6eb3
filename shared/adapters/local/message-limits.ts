import { MAX_MESSAGE_BYTES } from '../../domain/message-size.ts';
import type { OutgoingMessage } from '../../ports/queue.ts';
import { holdsNul, UnstorableTextError } from './storable-text.ts';

const MAX_DELAY_MS = 7 * 24 * 3_600_000; // DelaySeconds is at most 604800: help.aliyun.com SMQ SendMessage

/** A message that no queue of the cloud would take; a bug of the sender, refused here too so that it is found at home. */
class MessageLimitError extends Error {
  readonly code = 'message-limit';
  constructor(message: string) {
    super(message);
    this.name = 'MessageLimitError';
  }
}

const isTooLong = (body: string): boolean =>
  body.length * 3 > MAX_MESSAGE_BYTES && Buffer.byteLength(body) > MAX_MESSAGE_BYTES;

/** Throws MessageLimitError for a message that is too long or delayed too far, UnstorableTextError for one with a NUL. */
export const assertSendable = (messages: readonly OutgoingMessage[]): void => {
  for (const { queue, body, delayMs = 0 } of messages) {
    if (holdsNul(body)) throw new UnstorableTextError(`a message for ${queue}`);
    if (isTooLong(body))
      throw new MessageLimitError(`a message for ${queue} is longer than ${MAX_MESSAGE_BYTES} bytes`);
    if (!(delayMs >= 0 && delayMs <= MAX_DELAY_MS))
      throw new MessageLimitError(`a message for ${queue} is delayed by ${delayMs} ms`);
  }
};
