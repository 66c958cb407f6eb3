import type { Mentions } from '../../domain/target.ts';

/** More names than that make a message unreadable; the vendor documents no limit. */
const MAX_MENTIONED = 50;
/** Markdown carries the names in its text, which must stay within the limit of bytes. */
const MAX_INLINE = 10;

const USABLE_ID = /^[\w.@-]{1,64}$/;

/** Who is called, as text messages want it. Source: developer.work.weixin.qq.com, path/91770. */
export interface MentionLists {
  mentioned_list?: string[];
  mentioned_mobile_list?: string[];
}

const idsOf = ({ userIds }: Mentions): string[] =>
  userIds
    .map((id) => id.trim())
    .filter((id) => USABLE_ID.test(id) && id !== '@all')
    .slice(0, MAX_MENTIONED);

/** Numbers of the mainland are known to the provider without their country code. */
const mobilesOf = ({ phones }: Mentions): string[] =>
  phones
    .map((phone) => phone.replace(/[\s()-]/g, '').replace(/^\+86/, ''))
    .filter((phone) => /^\+?\d{5,20}$/.test(phone))
    .slice(0, MAX_MENTIONED);

/** Whether anybody is called at all. */
export const mentionsAnybody = (mentions: Mentions): boolean =>
  mentions.all || idsOf(mentions).length > 0 || mobilesOf(mentions).length > 0;

/** Whether only a text message can call them: everybody, phone numbers, or more ids than a markdown message has room for. */
export const needsText = (mentions: Mentions): boolean =>
  mentions.all || mobilesOf(mentions).length > 0 || idsOf(mentions).length > MAX_INLINE;

/** The lists of a text message; empty ones are left out. */
export const mentionLists = (mentions: Mentions): MentionLists => {
  const ids = [...idsOf(mentions), ...(mentions.all ? ['@all'] : [])];
  const mobiles = mobilesOf(mentions);
  return {
    ...(ids.length > 0 ? { mentioned_list: ids } : {}),
    ...(mobiles.length > 0 ? { mentioned_mobile_list: mobiles } : {}),
  };
};

/** The mentions as a line of markdown, for at most ten ids. */
export const inlineMentions = (mentions: Mentions): string =>
  idsOf(mentions)
    .slice(0, MAX_INLINE)
    .map((id) => `<@${id}>`)
    .join(' ');
