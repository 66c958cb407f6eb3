import type { Mentions } from '../../domain/target.ts';

/** More names than that make a message unreadable; the vendor documents no limit. */
const MAX_MENTIONED = 50;

/** `open_id` (`ou_...`) or `user_id`; nothing else works for a custom bot. Source: open.feishu.cn, add-custom-bot. */
const USABLE_ID = /^[\w.-]{1,64}$/;

/** Ids of those who are called; `all` stands for everybody. Phone numbers cannot be called by a custom bot and are left out. */
export const mentionedIds = ({ all, userIds }: Mentions): string[] =>
  [...(all ? ['all'] : []), ...userIds.map((id) => id.trim()).filter((id) => USABLE_ID.test(id) && id !== 'all')].slice(
    0,
    MAX_MENTIONED,
  );

/** The mentions as markdown of a card. */
export const cardMentions = (ids: readonly string[]): string => ids.map((id) => `<at id=${id}></at>`).join(' ');

/** The mentions of a text message. */
export const textMentions = (ids: readonly string[]): string =>
  ids.map((id) => `<at user_id="${id}">${id}</at>`).join(' ');
