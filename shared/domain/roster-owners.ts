import { hasSender } from './roster-people.ts';
import type { ReachParts } from './roster-reach.ts';
import type { TargetBook } from './roster-targets.ts';
import type { Settings } from './settings.ts';
import type { Target } from './target.ts';

/** By which channels somebody hears of a dead address: the first of these that reaches anybody, so that nobody is called at night while a mailbox is there. */
const MANNERS: readonly ((target: Target) => boolean)[] = [
  ({ channel }) => channel !== 'sms' && channel !== 'voice',
  ({ channel }) => channel === 'sms',
  ({ channel }) => channel === 'voice',
];

/** Contacts that hear what concerns the account: those that Message Center names, by default the contact of the account itself. */
export const recipientsOf = ({ messageCenter = {} }: Settings): readonly string[] => {
  const { recipients = [], accountContact } = messageCenter;
  if (recipients.length > 0 || accountContact === undefined) return recipients;
  return [accountContact];
};

/** The addresses of each target, its further robots included, with the contacts that have it. */
const holdersOf = (book: TargetBook): Map<string, string[]> => {
  const holders = new Map<string, string[]>();
  const add = (key: string, name: string): void => {
    const known = holders.get(key);
    if (known === undefined) holders.set(key, [name]);
    else known.push(name);
  };
  for (const [name, keys] of book.contactKeys)
    for (const key of keys.values()) {
      const pool = book.targets.get(key)?.pool ?? [];
      for (const one of new Set([key, ...pool.map((member) => member.key)])) add(one, name);
    }
  return holders;
};

const channelOf = (key: string): string => key.slice(0, key.indexOf(':'));

/**
 * Who hears that nothing can arrive at a target any more: the contacts that `messageCenter.owners` names; when they cannot, the same
 * contact by its other methods; then the recipients of Message Center; then nobody. Another channel goes before the same one.
 */
export const ownersWith = (settings: Settings, { book, isDeployed }: ReachParts): ((dead: string) => Target[]) => {
  let holders: Map<string, string[]> | undefined;
  const targetsOf = (name: string, dead: string): Target[] => {
    const usable = [...(book.contactKeys.get(name)?.values() ?? [])]
      .flatMap((key) => book.targets.get(key) ?? [])
      .filter((target) => target.key !== dead && isDeployed(target.channel) && hasSender(target));
    const elsewhere = usable.filter(({ channel }) => channel !== channelOf(dead));
    const chosen = elsewhere.length > 0 ? elsewhere : usable;
    return MANNERS.map((fits) => chosen.filter(fits)).find((targets) => targets.length > 0) ?? [];
  };
  return (dead) => {
    holders ??= holdersOf(book);
    const circles = [settings.messageCenter?.owners ?? [], holders.get(dead) ?? [], recipientsOf(settings)];
    const reached = circles.map((names) => [...new Set(names.flatMap((name) => targetsOf(name, dead)))]);
    return reached.find((targets) => targets.length > 0) ?? [];
  };
};
