import { createHmac } from 'node:crypto';
import { type Judgement, type RobotCall, UNSEEN } from './fake-robots.ts';
import { mayCall } from './ip-list.ts';
import { cardDefect } from './lark-card-rules.ts';
import { hasShape, larkTextOf, larkTitleOf, larkTypeOf, nodeIn, textIn } from './lark-message.ts';
import type { LarkRobot } from './lark-robot.ts';

/** The vendor says 20 KB and not what a KB is; the strictest reading. */
const MAX_BODY_BYTES = 20_000;
const MAX_SKEW_S = 3_600;

/** Codes and words as the provider gives them. */
interface Objection {
  status?: number;
  code: number;
  msg: string;
  /** Some failures carry the zero of success besides their code. */
  StatusCode?: 0;
}

type Check = (call: RobotCall<LarkRobot>, robot: LarkRobot) => Objection | undefined;

const objectTo = (isWrong: boolean, code: number, msg: string): Objection | undefined =>
  isWrong ? { code, msg } : undefined;

const checkRate: Check = ({ nowMs }, { second, minute }) => {
  if (!second.admit(nowMs)) return { status: 400, code: 9499, msg: 'too many request' };
  return objectTo(!minute.admit(nowMs), 11232, 'frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]');
};

const checkSign: Check = ({ json, nowMs }, { settings: { secret } }) => {
  if (secret === undefined || secret === '') return undefined;
  const timestamp = textIn(json, 'timestamp');
  const timely = /^\d{1,12}$/.test(timestamp) && Math.abs(nowMs / 1_000 - Number(timestamp)) <= MAX_SKEW_S;
  const sign = createHmac('sha256', `${timestamp}\n${secret}`).digest('base64');
  return objectTo(
    !timely || sign !== textIn(json, 'sign'),
    19021,
    'sign match fail or timestamp is not within one hour from current time',
  );
};

const checkKeyword: Check = ({ json }, { settings: { keywords = [] } }) => {
  const searched = `${larkTitleOf(json)}\n${larkTextOf(json)}`;
  if (keywords.length === 0 || keywords.some((keyword) => searched.includes(keyword))) return undefined;
  return { code: 19024, msg: 'Key Words Not Found', StatusCode: 0 };
};

const checkCard: Check = ({ json }) => {
  const defect = larkTypeOf(json) === 'interactive' ? cardDefect(nodeIn(json, 'card')) : undefined;
  if (defect === undefined) return undefined;
  return {
    code: 11246,
    msg: `Failed to create card content, ext=ErrCode: ${defect[0]}; ErrMsg: ${defect[1]};`,
    StatusCode: 0,
  };
};

const checkType: Check = ({ json }) => {
  const type = larkTypeOf(json);
  if (type === undefined) return { code: 19002, msg: 'params error, msg_type need' };
  return objectTo(!hasShape(json, type), 19002, `params error, content of ${type} is wrong`);
};

/** The order is ours: the vendor documents none. */
const CHECKS: readonly Check[] = [
  (_call, { settings }) => objectTo(settings.disabled === true, 19007, 'Bot Not Enabled'),
  ({ json }) => objectTo(typeof json !== 'object' || json === null || Array.isArray(json), 9499, 'Bad Request'),
  checkType,
  checkRate,
  ({ request }) => objectTo(request.body.length > MAX_BODY_BYTES, 19036, 'message larger than the limit'),
  checkSign,
  ({ request }, { settings }) => objectTo(!mayCall(request, settings.ipList), 19022, 'Ip Not Allowed'),
  checkKeyword,
  checkCard,
];

const firstObjection = (call: RobotCall<LarkRobot>): Objection | undefined => {
  if (call.request.method !== 'POST') return { code: 4005, msg: 'method not allowed' };
  const { robot } = call;
  if (robot === undefined) return { code: 19001, msg: 'param invalid: incoming webhook access token invalid' };
  for (const check of CHECKS) {
    const found = check(call, robot);
    if (found !== undefined) return found;
  }
  return undefined;
};

const SUCCESS = { StatusCode: 0, StatusMessage: 'success', code: 0, data: {}, msg: 'success' };

/** Applies the rules of a custom bot to one call and gives the code and words that the provider would give. */
export const judgeLark = (call: RobotCall<LarkRobot>): Judgement => {
  const { json } = call;
  const isMessage = larkTypeOf(json) !== undefined;
  const sight = isMessage ? { title: larkTitleOf(json), text: larkTextOf(json), key: '' } : UNSEEN;
  const objection = firstObjection(call);
  if (objection === undefined) return { answer: SUCCESS, sight, accepted: true };
  const { status = 200, ...answer } = objection;
  return { status, answer: { ...answer, data: {} }, sight, accepted: false };
};
