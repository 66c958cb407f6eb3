import type { Mentions } from '../../domain/target.ts';

/** Ours: more names than that are a list, not a call. */
const MAX_MENTIONED = 50;

/** Members and groups of members. Source: docs.slack.dev, formatting message text, mentioning users and groups. */
const MEMBER = /^[UW][A-Z0-9]{2,30}$/;
const GROUP = /^S[A-Z0-9]{2,30}$/;

const tokenOf = (userId: string): string | undefined => {
  if (MEMBER.test(userId)) return `<@${userId}>`;
  return GROUP.test(userId) ? `<!subteam^${userId}>` : undefined;
};

/** Who is called by name, as markup; empty when nobody is. Slack knows no phone numbers, and what is no id of a member is left out. */
export const mentionLine = ({ all, userIds }: Mentions): string => {
  const tokens = userIds.map(tokenOf).filter((token) => token !== undefined);
  return [...(all ? ['<!channel>'] : []), ...tokens.slice(0, MAX_MENTIONED)].join(' ');
};
