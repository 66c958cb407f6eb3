import type { Channel, ChannelPorts } from '../channels/channel.ts';
import type { Sealer } from '../ports/secrets.ts';
import { createNotifyBook, type NotifyPorts } from '../stages/notify-message.ts';
import { type Answered, onceByRequest, type Request } from '../stages/once-by-request.ts';
import { ApiError, type ApiReply, json } from './api.ts';
import type { ConsolePorts } from './console-ports.ts';

/** What routes that send messages themselves need. */
export interface SendingPorts extends ChannelPorts, Pick<NotifyPorts, 'pause'> {
  sealer: Sealer;
  channels: readonly Channel[];
  /** The same channel with its attempts counted; absent where nobody counts. */
  counted?: (channel: Channel) => Channel;
  /** Channel name for a webhook URL; undefined when no channel claims it. */
  claimChannel: (url: string) => string | undefined;
}

/** The ports of the actions, with every attempt counted. */
export const notifyPortsOf = (ports: SendingPorts): NotifyPorts => {
  const { channels, counted = (channel) => channel, claimChannel } = ports;
  return { ...ports, channels: channels.map(counted), book: createNotifyBook(ports, claimChannel) };
};

const underWay = (waitMs: number): ApiError =>
  new ApiError({
    status: 409,
    code: 'request-under-way',
    message: 'A call with this request id is being done. Call again with the same id to get its answer.',
    headers: { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1_000))) },
  });

const otherInput = (): ApiError =>
  new ApiError({
    status: 422,
    code: 'request-id-reused',
    message: 'This request id belongs to another call. Nothing was done; use a new id for a new call.',
  });

const parsedAnswer = (answered: Answered): { value: unknown; repeated: boolean } => {
  if (answered.kind === 'under-way') throw underWay(answered.waitMs);
  if (answered.kind === 'other-input') throw otherInput();
  return { value: JSON.parse(answered.answer), repeated: answered.repeated };
};

/** Answers a call once for its request id: a repetition gets the same answer, with a header that says so. Throws ApiError. */
export const answerOnce = async (
  ports: Pick<ConsolePorts, 'store' | 'clock'>,
  request: Request,
  work: (startedAtMs: number) => Promise<unknown>,
): Promise<ApiReply> => {
  const { value, repeated } = parsedAnswer(await onceByRequest(ports, request, work));
  const headers = { 'x-request-id': encodeURIComponent(request.id) };
  return json(200, value, repeated ? { ...headers, 'x-fenghuo-repeated': 'true' } : headers);
};
