import { isRecord } from './is-record.ts';
import { type NotifyBook, targetAt } from './notify-book.ts';
import type { NotifyProblem } from './notify-message.ts';
import { COMMAS_AND_SPACES, itemsOf, textOf } from './notify-values.ts';
import { notARobot, unknownRobot } from './notify-words.ts';
import { robotAddress } from './roster-addresses.ts';
import type { Target } from './target.ts';

/** A group robot, and how it may be called before people. */
export interface Robot {
  receiver: string;
  target: Target;
}

/** What a parameter with robots came to. */
export interface Robots {
  robots: readonly Robot[];
  problems: readonly NotifyProblem[];
}

const PLAIN_CHANNEL = 'webhook';

const isUrl = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(text);

/** A robot that the settings know is called as they call it; any other by the host alone, because its path is its secret. */
const byUrl = (book: NotifyBook, url: string, secret: string): Robot | undefined => {
  const channel = book.claim(url);
  if (channel === undefined || channel === PLAIN_CHANNEL) return undefined;
  const address = robotAddress(channel, url);
  const known = [...book.robots.values()].find(({ key }) => key === address.key);
  const target = known ?? targetAt(book, address, `robot at ${new URL(address.address).host}`);
  return { receiver: target.name, target: secret === '' ? target : { ...target, secret } };
};

const fieldOf = (item: Readonly<Record<string, unknown>>, ...keys: readonly string[]): string =>
  textOf(keys.map((key) => item[key]).find((value) => textOf(value) !== '')).trim();

const robotOf = (item: unknown, field: string, book: NotifyBook): Robot | NotifyProblem => {
  const text = isRecord(item) ? fieldOf(item, 'url', 'webhook', 'id', 'robotId', 'value') : textOf(item).trim();
  const secret = isRecord(item) ? fieldOf(item, 'secret') : '';
  if (isUrl(text)) return byUrl(book, text, secret) ?? notARobot(field);
  const target = book.robots.get(text);
  return target === undefined
    ? unknownRobot(field, text, [...book.robots.keys()])
    : { receiver: `robot ${text}`, target };
};

/** Every robot that a parameter names, by URL or by its id in Message Center, one or several, as a list, JSON text, objects or with commas. */
export const robotsOf = (name: string, value: unknown, book: NotifyBook): Robots => {
  const items = itemsOf(value, COMMAS_AND_SPACES);
  const found = items.map((item, at) => robotOf(item, items.length === 1 ? name : `${name}[${at}]`, book));
  return {
    robots: found.flatMap((one) => ('target' in one ? [one] : [])),
    problems: found.flatMap((one) => ('target' in one ? [] : [one])),
  };
};
