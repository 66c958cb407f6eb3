import { channelName } from '../domain/channel-name.ts';
import type { Language } from '../domain/delivery.ts';
import type { Escalation } from './channel.ts';
import { oneLine } from './plain-text.ts';
import { type Reader, timeText } from './time-text.ts';

/** The words of a message that is there because nobody acknowledged, and of the link by which somebody does. */
interface EscalationWords {
  acknowledge: string;
  /** In the title, before what happened. */
  mark: Readonly<Record<Escalation['kind'], string>>;
  head: Readonly<Record<Escalation['kind'], (n: number, of: number) => string>>;
  policy(name: string): string;
  by(name: string, channel: string): string;
  told(at: string, names: string, waited: string): string;
  untold(names: string): string;
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
  policy: (name) => ` (policy ${name})`,
  by: (name, channel) => (name === '' ? channel : `${name} by ${channel}`),
  told: (at, names, waited) =>
    `: first told ${at}${names === '' ? '' : ` to ${names}`}; nobody has acknowledged for ${waited}.`,
  untold: (names) => `: nobody could be told before${names === '' ? '' : ` (${names})`}.`,
  comma: ', ',
  minutes: (count) => `${count} min`,
  hours: (count) => `${count} h`,
};

const CHINESE: EscalationWords = {
  acknowledge: '确认告警',
  mark: { escalated: '升级通知', repeated: '再次提醒' },
  head: {
    escalated: (n, of) => `升级通知第 ${n}/${of} 级`,
    repeated: (n, of) => `第 ${n}/${of} 次再次提醒`,
  },
  policy: (name) => `（策略 ${name}）`,
  by: (name, channel) => (name === '' ? channel : `${name}（${channel}）`),
  told: (at, names, waited) => `：最早于 ${at} ${names === '' ? '已通知' : `通知 ${names}`}，${waited}内无人确认。`,
  untold: (names) => `：此前未能通知到任何人${names === '' ? '' : `（${names}）`}。`,
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
  const head = `${words.head[kind](n, of)}${words.policy(oneLine(policy))}`;
  if (sinceMs === undefined) return head + words.untold(names);
  return head + words.told(timeText(sinceMs, reader), names, waitedText(atMs - sinceMs, words));
};

/** The title with a word that says why it comes again, behind the level, which stands first. */
export const markedTitle = (title: string, { kind }: Escalation, language: Language): string =>
  title.replace(/^(\[[^\]]{1,20}\] )?/, (level) => `${level}${wordsOf(language).mark[kind]} · `);
