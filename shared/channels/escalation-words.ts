import { channelName } from '../domain/channel-name.ts';
import type { Language } from '../domain/delivery.ts';
import type { Escalation } from './channel.ts';
import { oneLine } from './plain-text.ts';
import { dateTimeText, type Reader } from './time-text.ts';

interface ToldFacts {
  policy: string;
  /** When it was told first. */
  at: string;
  /** Who was told, or should have been; may be empty. */
  names: string;
}

/** The words of a message that is there because nobody acknowledged, and of the link by which somebody does. */
interface EscalationWords {
  acknowledge: string;
  /** In the title, before what happened. */
  mark: Readonly<Record<Escalation['kind'], string>>;
  head: Readonly<Record<Escalation['kind'], (n: number, of: number) => string>>;
  by(name: string, channel: string): string;
  /** What matters stands first: a provider without room cuts the end. */
  told(waited: string, facts: ToldFacts): string;
  untold(facts: Omit<ToldFacts, 'at'>): string;
  comma: string;
  minutes(count: number): string;
  hours(count: number): string;
}

const ENGLISH: EscalationWords = {
  acknowledge: 'Acknowledge',
  mark: { escalated: 'Escalated', repeated: 'Reminder' },
  head: {
    escalated: (n, of) => `Escalation, step ${n} of ${of}`,
    repeated: (n, of) => `Reminder ${n} of ${of}`,
  },
  by: (name, channel) => (name === '' ? channel : `${name} by ${channel}`),
  told: (waited, { policy, at, names }) =>
    `: nobody has acknowledged for ${waited}. Policy ${policy}, first told ${at}${names === '' ? '' : ` to ${names}`}.`,
  untold: ({ policy, names }) => `: nobody could be told before${names === '' ? '' : ` (${names})`}. Policy ${policy}.`,
  comma: ', ',
  minutes: (count) => `${count} min`,
  hours: (count) => `${count} h`,
};

const CHINESE: EscalationWords = {
  acknowledge: '确认告警',
  mark: { escalated: '升级通知', repeated: '再次提醒' },
  head: {
    escalated: (n, of) => `升级通知（第 ${n} 级，共 ${of} 级）`,
    repeated: (n, of) => `第 ${n} 次提醒（共 ${of} 次）`,
  },
  by: (name, channel) => (name === '' ? channel : `${name}（${channel}）`),
  told: (waited, { policy, at, names }) =>
    `：${waited}内无人确认。策略 ${policy}，最早于 ${at} ${names === '' ? '发出通知' : `通知 ${names}`}。`,
  untold: ({ policy, names }) => `：此前未能通知到任何人${names === '' ? '' : `（${names}）`}。策略 ${policy}。`,
  comma: '、',
  minutes: (count) => `${count} 分钟`,
  hours: (count) => `${count} 小时`,
};

const wordsOf = (language: Language): EscalationWords => (language === 'zh' ? CHINESE : ENGLISH);

/** What the link is called by which a message is acknowledged. */
export const acknowledgeLabel = (language: Language): string => wordsOf(language).acknowledge;

const MINUTE_MS = 60_000;

const waitedText = (ms: number, { minutes, hours }: EscalationWords): string => {
  const all = Math.max(0, Math.floor(ms / MINUTE_MS));
  const parts = [all >= 60 ? hours(Math.floor(all / 60)) : '', all % 60 > 0 || all === 0 ? minutes(all % 60) : ''];
  return parts.filter((part) => part !== '').join(' ');
};

/** One line that says which step this is, who was told when by which policy, and for how long nobody has acknowledged. */
export const escalationText = (escalation: Escalation, reader: Reader): string => {
  const words = wordsOf(reader.language);
  const { kind, n, of, policy, sinceMs, atMs, told } = escalation;
  const names = told
    .map(({ name, channel }) => words.by(oneLine(name), channelName(channel)[reader.language]))
    .join(words.comma);
  const head = words.head[kind](n, of);
  const facts = { policy: oneLine(policy), names };
  if (sinceMs === undefined) return head + words.untold(facts);
  return head + words.told(waitedText(atMs - sinceMs, words), { ...facts, at: dateTimeText(sinceMs, reader) });
};

/** The title with a word that says why it comes again, behind the level, which stands first. */
export const markedTitle = (title: string, { kind }: Escalation, language: Language): string =>
  title.replace(/^(\[[^\]]{1,20}\] )?/, (level) => `${level}${wordsOf(language).mark[kind]} · `);
