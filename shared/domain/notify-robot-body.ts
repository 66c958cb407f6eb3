import type { Bilingual } from './event.ts';
import { isRecord } from './is-record.ts';
import { type NotifyProblem, ROBOT_MESSAGE_TYPES, type RobotMessage, type WordedMessage } from './notify-message.ts';
import { fromJsonText, isAbsent, textOf } from './notify-values.ts';
import { badBody, badValue } from './notify-words.ts';

type Body = Readonly<Record<string, unknown>>;
type Type = RobotMessage['msgtype'];

const typeOf = (word: string): Type | undefined =>
  ROBOT_MESSAGE_TYPES.find((known) => known.toLowerCase() === word.trim().toLowerCase());

const NEEDS: Readonly<Record<Type, Bilingual>> = {
  text: { en: 'a text message needs {"content": ...}.', zh: '文本消息需要 {"content": ...}。' },
  markdown: {
    en: 'a markdown message needs {"title": ..., "text": ...}.',
    zh: 'Markdown 消息需要 {"title": ..., "text": ...}。',
  },
  actionCard: {
    en: 'a card needs title and text, and singleTitle with singleURL or btns with title and actionURL each.',
    zh: '卡片消息需要 title 和 text，以及 singleTitle 和 singleURL，或每项含 title 和 actionURL 的 btns。',
  },
};

const differs = (asked: Type, found: string): Bilingual => ({
  en: `dingdingMsgType is ${asked} but the message is of type ${found.slice(0, 20)}: make them equal.`,
  zh: `dingdingMsgType 为 ${asked}，而消息类型为 ${found.slice(0, 20)}：请保持一致。`,
});

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';

const isWebUrl = (value: unknown): boolean => typeof value === 'string' && /^(?:https?|dingtalk):\/\//i.test(value);

const isButton = (value: unknown): boolean => isRecord(value) && isText(value.title) && isWebUrl(value.actionURL);

const hasButtons = ({ singleTitle, singleURL, btns }: Body): boolean => {
  if (isText(singleTitle) && isWebUrl(singleURL)) return true;
  return Array.isArray(btns) && btns.length > 0 && btns.every(isButton);
};

const IS_SOUND: Readonly<Record<Type, (payload: Body) => boolean>> = {
  text: ({ content }) => isText(content),
  markdown: ({ title, text }) => isText(title) && isText(text),
  actionCard: (payload) => isText(payload.title) && isText(payload.text) && hasButtons(payload),
};

const MARKUP = /^[#>*\-\s]+/;
const TITLE_CHARS = 80;

/** The first line of a text without its markup. */
export const firstLine = (text: string): string => {
  const line = text.split('\n').find((one) => one.replace(MARKUP, '').trim() !== '') ?? '';
  return line
    .replace(MARKUP, '')
    .trim()
    .slice(0, TITLE_CHARS)
    .replace(/\p{Cs}$/u, '');
};

const payloadOfText = (type: Type, text: string): Body =>
  type === 'text' ? { content: text } : { title: firstLine(text), text };

const worded = (msgtype: Type, payload: Body, at: unknown): WordedMessage => {
  const text = textOf(payload.text ?? payload.content);
  const title = textOf(payload.title) || firstLine(text);
  return { title, text, robot: { msgtype, payload, ...(isRecord(at) ? { at } : {}) } };
};

/** The payload under the name of its type, or the payload alone. */
const payloadIn = (body: Body, type: Type): Body => {
  const named = body[type];
  if (isRecord(named)) return named;
  if (type === 'text' && isText(named) && !isText(body.title)) return { content: named };
  const { msgtype: _, at: __, ...payload } = body;
  return payload;
};

const fromBody = (body: Body, asked: Type | undefined): WordedMessage | NotifyProblem => {
  const said = textOf(body.msgtype);
  const own = typeOf(said);
  if (said !== '' && own === undefined) return badValue('dingdingcontext', said, ROBOT_MESSAGE_TYPES);
  if (asked !== undefined && own !== undefined && asked !== own) return badBody(differs(asked, own));
  const other = ROBOT_MESSAGE_TYPES.find((type) => isRecord(body[type]));
  const type = own ?? asked ?? other ?? (isText(body.content) ? 'text' : 'markdown');
  const payload = payloadIn(body, type);
  return IS_SOUND[type](payload) ? worded(type, payload, body.at) : badBody(NEEDS[type]);
};

/**
 * The message for robots: `dingdingcontext` is the whole body of the vendor (an object or JSON text of one), the payload alone, or plain
 * text; `dingdingMsgType` is text, markdown or actionCard, in any case. Without a type the body says it, and plain text is text.
 */
export const robotMessageOf = (content: unknown, msgType: unknown): WordedMessage | NotifyProblem => {
  const asked = isAbsent(msgType) ? undefined : typeOf(textOf(msgType));
  if (!isAbsent(msgType) && asked === undefined) return badValue('dingdingMsgType', msgType, ROBOT_MESSAGE_TYPES);
  const known = fromJsonText(content);
  if (isRecord(known)) return fromBody(known, asked);
  const type = asked ?? 'text';
  const payload = payloadOfText(type, textOf(content).trim());
  return IS_SOUND[type](payload) ? worded(type, payload, undefined) : badBody(NEEDS[type]);
};
