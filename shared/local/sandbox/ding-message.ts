import * as z from 'zod/mini';
import type { Sight } from './fake-robots.ts';

const text = z.string().check(z.minLength(1));
const at = z.optional(
  z.object({
    atMobiles: z.optional(z.array(z.string())),
    atUserIds: z.optional(z.array(z.string())),
    isAtAll: z.optional(z.boolean()),
  }),
);
const base = { at, msgUuid: z.optional(z.string()) };
const button = z.object({ title: text, actionURL: text });
const card = { title: text, text };

/** Required fields by message type. Source: open.dingtalk.com, robot-message-type. */
const messageSchema = z.discriminatedUnion('msgtype', [
  z.object({ ...base, msgtype: z.literal('text'), text: z.object({ content: text }) }),
  z.object({ ...base, msgtype: z.literal('markdown'), markdown: z.object({ title: text, text }) }),
  z.object({ ...base, msgtype: z.literal('link'), link: z.object({ title: text, text, messageUrl: text }) }),
  z.object({
    ...base,
    msgtype: z.literal('actionCard'),
    actionCard: z.union([
      z.object({ ...card, singleTitle: text, singleURL: text }),
      z.object({ ...card, btns: z.array(button).check(z.minLength(1)) }),
    ]),
  }),
  z.object({
    ...base,
    msgtype: z.literal('feedCard'),
    feedCard: z.object({ links: z.array(z.object({ title: text, messageURL: text, picURL: text })) }),
  }),
]);

type Message = z.infer<typeof messageSchema>;

const TYPES = ['text', 'markdown', 'link', 'actionCard', 'feedCard'];

/** How a body is read: the message, or what is wrong with it. */
export type Reading =
  | { kind: 'message'; sight: Sight }
  | { kind: 'no-json' }
  | { kind: 'bad-type' }
  | { kind: 'missing'; field: string };

const cardSight = (message: Message & { msgtype: 'actionCard' }): [string, string] => {
  const { actionCard } = message;
  const buttons = 'btns' in actionCard ? actionCard.btns.map(({ title, actionURL }) => `[${title}](${actionURL})`) : [];
  const single = 'singleTitle' in actionCard ? [`[${actionCard.singleTitle}](${actionCard.singleURL})`] : [];
  return [actionCard.title, [actionCard.text, ...single, ...buttons].join('\n\n')];
};

const shownOf = (message: Message): [string, string] => {
  switch (message.msgtype) {
    case 'text':
      return ['', message.text.content];
    case 'markdown':
      return [message.markdown.title, message.markdown.text];
    case 'link':
      return [message.link.title, `${message.link.text}\n\n[${message.link.title}](${message.link.messageUrl})`];
    case 'actionCard':
      return cardSight(message);
    case 'feedCard':
      return ['', message.feedCard.links.map(({ title, messageURL }) => `- [${title}](${messageURL})`).join('\n')];
  }
};

const typeOf = (json: object): string | undefined =>
  'msgtype' in json && typeof json.msgtype === 'string' ? json.msgtype : undefined;

/** Reads the body of a robot call as strictly as the documentation. */
export const readMessage = (json: unknown): Reading => {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return { kind: 'no-json' };
  const type = typeOf(json);
  if (type === undefined) return { kind: 'missing', field: 'msgtype' };
  if (!TYPES.includes(type)) return { kind: 'bad-type' };
  const parsed = messageSchema.safeParse(json);
  if (!parsed.success) return { kind: 'missing', field: parsed.error.issues[0]?.path.join('.') || type };
  const [title, shown] = shownOf(parsed.data);
  return { kind: 'message', sight: { title, text: shown, key: parsed.data.msgUuid ?? '' } };
};
