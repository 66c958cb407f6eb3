import { parseDocument } from 'yaml';
import { hintOf } from '../domain/settings-nearest.ts';

/** A channel was named that does not exist. */
export class UnknownChannelError extends Error {
  readonly code = 'unknown-channel';
  constructor(channel: string, known: readonly string[]) {
    super(`FENGHUO_CHANNELS: there is no channel ${channel}${hintOf(channel, known)}`);
    this.name = 'UnknownChannelError';
  }
}

/** What of the deployment file shall be deployed. */
export interface Selection {
  /** Channels, or nothing for all. */
  channels: readonly string[] | undefined;
  /** Whether NotifyMessage is also called through its queue. */
  notifyQueue: boolean;
}

const NOTIFY = ['resources', 'notify-message', 'props', 'triggers'];

/** What the environment says about it. Throws {@link UnknownChannelError}. */
export const readSelection = (
  env: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): Selection => {
  const words = (env.FENGHUO_CHANNELS ?? '').split(',').map((word) => word.trim());
  const channels = words.filter((word) => word !== '');
  const stranger = channels.find((channel) => !known.includes(channel));
  if (stranger !== undefined) throw new UnknownChannelError(stranger, known);
  return { channels: channels.length === 0 ? undefined : channels, notifyQueue: env.FENGHUO_NOTIFY_QUEUE !== 'off' };
};

const isQueueTrigger = (trigger: unknown): boolean => JSON.stringify(trigger).includes('"triggerType":"eventbridge"');

/** The deployment file without the functions of the channels that are left out, and without the trigger of a queue that is not wanted. */
export const selectFrom = (text: string, known: readonly string[], { channels, notifyQueue }: Selection): string => {
  const document = parseDocument(text);
  for (const channel of known)
    if (channels !== undefined && !channels.includes(channel)) document.deleteIn(['resources', `deliver-${channel}`]);
  if (!notifyQueue) {
    const triggers: unknown = document.toJS().resources['notify-message'].props.triggers;
    const at = Array.isArray(triggers) ? triggers.findIndex(isQueueTrigger) : -1;
    if (at !== -1) document.deleteIn([...NOTIFY, at]);
  }
  return document.toString({ lineWidth: 0 });
};

/**
 * The environment in which the tool shall see the selection: a variable of ours without a value is as good as absent, and pipelines set
 * such; channels stand side by side without blanks.
 */
export const environmentOf = (
  env: Readonly<Record<string, string | undefined>>,
  { channels }: Selection,
): Record<string, string> => {
  const given = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !(entry[0].startsWith('FENGHUO_') && entry[1].trim() === ''),
  );
  return { ...Object.fromEntries(given), ...(channels === undefined ? {} : { FENGHUO_CHANNELS: channels.join(',') }) };
};
