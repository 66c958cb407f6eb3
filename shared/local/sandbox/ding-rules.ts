import { createHmac } from 'node:crypto';
import { headerOf } from './answer.ts';
import { type Reading, readMessage } from './ding-message.ts';
import type { DingRobot } from './ding-robot.ts';
import { type Judgement, type RobotCall, type Sight, UNSEEN } from './fake-robots.ts';
import { callerOf, mayCall } from './ip-list.ts';
import type { RobotSettings } from './robot-settings.ts';

/** Codes and words as the provider gives them; the order of checks is ours, because the vendor does not document one. */
interface RobotAnswer {
  errcode: number;
  errmsg: string;
}

const MAX_BODY_BYTES = 20_000;
const MAX_SKEW_MS = 3_600_000;

const answer = (errcode: number, errmsg: string): RobotAnswer => ({ errcode, errmsg });

type Call = RobotCall<DingRobot>;

type Check = (call: Call, robot: DingRobot, reading: Reading) => RobotAnswer | undefined;

const checkKeyword = ({ keywords = [] }: RobotSettings, { title, text }: Sight): boolean =>
  keywords.length === 0 || keywords.some((keyword) => `${title}\n${text}`.includes(keyword));

const signatureOf = (secret: string, timestamp: string): string =>
  createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');

const checkSigned: Check = ({ request, nowMs }, { settings: { secret } }) => {
  if (secret === undefined || secret === '') return undefined;
  const timestamp = request.query.get('timestamp');
  const sign = request.query.get('sign');
  if (timestamp === null || sign === null) return answer(310000, 'sign not match');
  const timely = /^\d{1,16}$/.test(timestamp) && Math.abs(nowMs - Number(timestamp)) <= MAX_SKEW_MS;
  if (!timely) return answer(310000, 'invalid timestamp');
  return sign === signatureOf(secret, timestamp) ? undefined : answer(310000, 'sign not match');
};

const checkAddress: Check = ({ request }, { settings: { ipList } }) =>
  mayCall(request, ipList) ? undefined : answer(310000, `ip ${callerOf(request)} not in whitelist`);

const checkBody: Check = (_call, _robot, reading) => {
  if (reading.kind === 'no-json') return answer(40035, '缺少参数 json');
  if (reading.kind === 'bad-type') return answer(400105, 'msgtype is not supported');
  return reading.kind === 'missing' ? answer(40035, `缺少参数 ${reading.field}`) : undefined;
};

/** After the caller and the robot are known, in this order. */
const CHECKS: readonly Check[] = [
  (_call, { settings }) => (settings.disabled ? answer(400102, 'robot is disabled') : undefined),
  checkBody,
  ({ request }) =>
    request.body.length > MAX_BODY_BYTES ? answer(460101, 'message too long, exceed 20000 bytes') : undefined,
  ({ nowMs }, robot) => (robot.admit(nowMs) ? undefined : answer(130101, 'send too fast, exceed 20 times per minute')),
  checkSigned,
  checkAddress,
  (_call, { settings }, reading) =>
    reading.kind !== 'message' || checkKeyword(settings, reading.sight)
      ? undefined
      : answer(310000, 'keywords not in content'),
];

const checkCaller = ({ request, token }: Call): RobotAnswer | undefined => {
  if (request.method !== 'POST') return answer(43002, '需要POST请求');
  if (!headerOf(request, 'content-type').toLowerCase().includes('application/json')) {
    return answer(43004, 'Content-Type header is not accepted');
  }
  return token === '' ? answer(40035, '缺少参数 access_token') : undefined;
};

const firstObjection = (call: Call, reading: Reading): RobotAnswer | undefined => {
  const objection = checkCaller(call);
  if (objection !== undefined) return objection;
  const { robot } = call;
  if (robot === undefined) return answer(300005, 'token is not exist');
  for (const check of CHECKS) {
    const found = check(call, robot, reading);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** Applies the rules of a custom robot to one call and gives the code and words that the provider would give. */
export const judge = (call: Call): Judgement => {
  const reading = readMessage(call.json);
  const sight = reading.kind === 'message' ? reading.sight : UNSEEN;
  const objection = firstObjection(call, reading);
  if (objection !== undefined) return { answer: objection, sight, accepted: false };
  return { answer: answer(0, 'ok'), sight, accepted: true, repeated: call.robot?.seen.repeats(sight.key) ?? false };
};
