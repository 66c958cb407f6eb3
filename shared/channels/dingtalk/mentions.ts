import type { Language } from '../../domain/delivery.ts';
import type { Mentions } from '../../domain/target.ts';

/** Source: open.dingtalk.com, robot-message-type: at most 50 people in one message. */
const MAX_MENTIONED = 50;
const MAX_MENTION_CHARS = 64;

/** Who is called, as the robot's body wants it. */
export interface AtObject {
  atMobiles: string[];
  atUserIds: string[];
  isAtAll: boolean;
}

/** Numbers of the mainland are known to the provider without their country code. */
const mobileOf = (phone: string): string => phone.replace(/[\s()-]/g, '').replace(/^\+86/, '');

const usable = (name: string): boolean => name !== '' && name.length <= MAX_MENTION_CHARS && !/\s/.test(name);

/** The `at` object, and the line that must also stand in the text: without it nobody is highlighted. */
export const mentionsOf = (mentions: Mentions, language: Language): { at: AtObject; line: string } => {
  const atMobiles = mentions.phones.map(mobileOf).filter(usable).slice(0, MAX_MENTIONED);
  const atUserIds = mentions.userIds.filter(usable).slice(0, MAX_MENTIONED - atMobiles.length);
  const all = language === 'zh' ? '@所有人' : '@all';
  const tokens = [...(mentions.all ? [all] : []), ...[...atMobiles, ...atUserIds].map((name) => `@${name}`)];
  return { at: { atMobiles, atUserIds, isAtAll: mentions.all }, line: tokens.join(' ') };
};
