import { isRecord } from '../../domain/is-record.ts';
import { type Judgement, type RobotCall, UNSEEN } from './fake-robots.ts';
import { callerOf } from './ip-list.ts';
import { readWecomMessage, type WecomMessage, wecomTextOf } from './wecom-message.ts';
import type { WecomRobot } from './wecom-robot.ts';

/** UTF-8 bytes of the content. Source: developer.work.weixin.qq.com, path/91770. An answer of 2022 spoke of 5,120 for text; this is stricter. */
const MAX_BYTES: Readonly<Record<string, number>> = { text: 2_048, markdown: 4_096, markdown_v2: 4_096 };

const TYPES = ['text', 'markdown', 'markdown_v2', 'image', 'news', 'file', 'voice', 'template_card'];

type Call = RobotCall<WecomRobot>;
type Objection = readonly [errcode: number, words: string];
type Check = (call: Call, robot: WecomRobot) => Objection | undefined;

const typeOf = (json: unknown): string => (isRecord(json) && typeof json.msgtype === 'string' ? json.msgtype : '');

const contentOf = (message: WecomMessage | undefined): string => (message === undefined ? '' : wecomTextOf(message));

const checkJson: Check = ({ json }) =>
  isRecord(json) ? undefined : [40008, 'invalid message type, Warning: wrong json format.'];

const checkShape: Check = ({ json }) => {
  if (!TYPES.includes(typeOf(json))) return [40008, 'invalid message type'];
  const message = readWecomMessage(json);
  if (message === undefined && typeOf(json) === 'template_card')
    return [40058, 'template_card is invalid Request Parameter'];
  return contentOf(message).trim() === '' ? [44004, 'empty content'] : undefined;
};

const checkTitle: Check = ({ json }) => {
  const message = readWecomMessage(json);
  if (message?.msgtype !== 'template_card') return undefined;
  const { main_title: title, sub_title_text: sentence } = message.template_card;
  return title?.title || sentence
    ? undefined
    : [40058, 'main_title.title or sub_title_text is required, invalid Request Parameter'];
};

const checkSize: Check = ({ json }) => {
  const type = typeOf(json);
  const limit = MAX_BYTES[type] ?? Number.POSITIVE_INFINITY;
  const bytes = Buffer.byteLength(contentOf(readWecomMessage(json)));
  return bytes > limit ? [40058, `${type}.content exceed max length ${limit}. invalid Request Parameter`] : undefined;
};

/** After the robot is known, in this order, which is ours: the vendor documents none. */
const CHECKS: readonly Check[] = [
  (_call, { settings }) => (settings.disabled ? [93004, 'robot is disabled'] : undefined),
  ({ nowMs }, { minute }) => (minute.admit(nowMs) ? undefined : [45009, 'api freq out of limit']),
  checkJson,
  checkShape,
  checkTitle,
  checkSize,
];

const firstObjection = (call: Call): Objection | undefined => {
  if (call.request.method !== 'POST') return [43002, 'require POST method'];
  const { robot } = call;
  if (robot === undefined) return [93000, 'invalid webhook url'];
  for (const check of CHECKS) {
    const found = check(call, robot);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** What the provider adds to the words of a refusal: a trace, the address of the caller, a link. */
const support = ({ request, nowMs }: Call, errcode: number): string =>
  `hint: [${nowMs}_sandbox], from ip: ${callerOf(request)}, more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}`;

/** Applies the rules of a group robot to one call and gives the code and words that the provider would give. */
export const judgeWecom = (call: Call): Judgement => {
  const message = readWecomMessage(call.json);
  const title = message?.msgtype === 'template_card' ? (message.template_card.main_title?.title ?? '') : '';
  const sight = message === undefined ? UNSEEN : { title, text: wecomTextOf(message), key: '' };
  const objection = firstObjection(call);
  if (objection === undefined) return { answer: { errcode: 0, errmsg: 'ok' }, sight, accepted: true };
  const [errcode, words] = objection;
  return { answer: { errcode, errmsg: `${words}, ${support(call, errcode)}` }, sight, accepted: false };
};
