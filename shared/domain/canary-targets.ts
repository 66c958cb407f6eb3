import { inboxAddress } from './canary-entries.ts';
import { type CanaryForm, type CanaryPlace, canaryPlaces } from './canary-form.ts';
import { canaryTimes } from './canary-schedule.ts';
import { hasSender } from './roster-people.ts';
import type { ReachParts } from './roster-reach.ts';
import type { TargetBook } from './roster-targets.ts';
import type { Target } from './target.ts';

/** Whom the canary tells, and who hears that it is missing, of one version of the settings. */
export interface Canary {
  /** What comes to be matched later than that after it was accepted is told to nobody: it counts as missing already. */
  deadlineMs: number;
  /** Where it is sent, as far as that can be told in this deployment. */
  targets: readonly Target[];
  /** Who hears that it did not arrive at these targets: on other channels where anybody has one, never at these targets themselves. */
  alarmTargets(missing: ReadonlySet<string>): readonly Target[];
}

const keyOf = ({ inbox, chatbot, contact, by }: CanaryPlace, book: TargetBook): string | undefined => {
  if (inbox !== undefined) return inboxAddress(inbox).key;
  if (chatbot !== undefined) return book.chatbotKeys.get(chatbot);
  return by === undefined ? undefined : book.contactKeys.get(contact ?? '')?.get(by);
};

const usable = ({ book, isDeployed }: ReachParts, keys: readonly (string | undefined)[]): Target[] =>
  [...new Set(keys)]
    .flatMap((key) => book.live.get(key ?? '') ?? [])
    .filter((target) => isDeployed(target.channel) && hasSender(target));

const channelOf = (key: string): string => key.slice(0, key.indexOf(':'));

const alarmsOf = ({ alarm }: CanaryForm, parts: ReachParts): Target[] => {
  const { contacts = [], by } = alarm ?? {};
  const keys = contacts.flatMap((name) =>
    [...(parts.book.contactKeys.get(name) ?? [])].filter(([method]) => by?.includes(method) ?? true),
  );
  return usable(
    parts,
    keys.map(([, key]) => key),
  );
};

/** Compiles the canary of checked settings. */
export const compileCanary = (canary: CanaryForm, parts: ReachParts): Canary => ({
  deadlineMs: canaryTimes(canary).deadlineMs,
  targets: usable(
    parts,
    canaryPlaces(canary).map((place) => keyOf(place, parts.book)),
  ),
  alarmTargets: (missing) => {
    const others = alarmsOf(canary, parts).filter(({ key }) => !missing.has(key));
    const channels = new Set([...missing].map(channelOf));
    const elsewhere = others.filter(({ channel }) => !channels.has(channel));
    return elsewhere.length > 0 ? elsewhere : others;
  },
});
