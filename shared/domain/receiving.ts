import { METHODS, type Method, type Settings } from './settings.ts';

/** What Message Center says of each message item and channel (`messageCenter.receiving`). */
export type Receiving = NonNullable<Settings['messageCenter']>['receiving'];

/** The message item that notices of Security Center belong to: "Security message > Security Notice" of seed document 000. */
export const SECURITY_NOTICE = 'securityNotice';

/** A channel that was asked for and is not used, and by which entry of Message Center. */
export interface RefusedChannel {
  channel: Method;
  by: 'banned' | 'disabled';
}

/** What Message Center makes of the channels that somebody asks for. */
export interface AllowedChannels {
  /** Asked for and received, in the order of {@link METHODS}. */
  allowed: readonly Method[];
  /** Asked for and not received. */
  refused: readonly RefusedChannel[];
  /** Not asked for, but Message Center insists; NotifyMessage leaves these out, because its channels are an intersection (seed document 002). */
  required: readonly Method[];
}

/**
 * Applies Message Center to the channels asked for; all channels when `asked` is undefined. `banned` and `disabled` refuse, `required`
 * and `enabled` allow, and `required` cannot be left out by asking for less. Items and channels that Message Center does not name count
 * as enabled: what the vendor does there is not published. One state a channel, so nothing else can contradict.
 */
export const allowedChannels = (
  receiving: Receiving,
  messageItem: string,
  asked: readonly Method[] | undefined,
): AllowedChannels => {
  const entries = receiving !== undefined && Object.hasOwn(receiving, messageItem) ? receiving[messageItem] : undefined;
  const isAsked = (channel: Method): boolean => asked?.includes(channel) ?? true;
  const refused = METHODS.filter(isAsked).flatMap((channel): RefusedChannel[] => {
    const by = entries?.[channel];
    return by === 'banned' || by === 'disabled' ? [{ channel, by }] : [];
  });
  const isRefused = (channel: Method): boolean => refused.some((one) => one.channel === channel);
  return {
    allowed: METHODS.filter((channel) => isAsked(channel) && !isRefused(channel)),
    refused,
    required: METHODS.filter((channel) => !isAsked(channel) && entries?.[channel] === 'required'),
  };
};
