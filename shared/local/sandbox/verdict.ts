import type { SandboxMessage } from './message-log.ts';

/** What became of a message: `lost` means that it was taken but its answer never arrived. */
export const VERDICTS = ['delivered', 'repeated', 'throttled', 'refused', 'lost'] as const;

/** One of {@link VERDICTS}. */
export type Verdict = (typeof VERDICTS)[number];

/** The code and the words of an answer, whatever they are called by the provider. */
export interface Reply {
  /** What the provider calls its code; empty when the code is the status. */
  field: string;
  code: string;
  text: string;
}

/** Where providers put their code: DingTalk and WeCom, Lark, the OpenAPI of SMS and voice, international SMS, DingTalk's front-line filter. */
const CODE_FIELDS = ['errcode', 'code', 'Code', 'ResponseCode', 'status'];
const TEXT_FIELDS = ['errmsg', 'msg', 'Message', 'ResponseDescription', 'message'];

const firstOf = (body: object, fields: readonly string[]): { field: string; value: string } => {
  const values = new Map<string, unknown>(Object.entries(body));
  const isPlain = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';
  const field = fields.find((each) => isPlain(values.get(each))) ?? '';
  return { field, value: String(values.get(field) ?? '') };
};

const statusName = (provider: string, status: number): string => `${provider === 'email' ? 'SMTP' : 'HTTP'} ${status}`;

/** Reads the answer that a provider gave. */
export const replyOf = ({ provider, answer }: Pick<SandboxMessage, 'provider' | 'answer'>): Reply => {
  const { body, status } = answer;
  const otherwise = { field: '', code: statusName(provider, status) };
  if (typeof body === 'string') return { ...otherwise, text: body };
  if (typeof body !== 'object' || body === null) return { ...otherwise, text: '' };
  const { field, value: code } = firstOf(body, CODE_FIELDS);
  const { value: text } = firstOf(body, TEXT_FIELDS);
  return field === '' ? { ...otherwise, text } : { field, code, text };
};

/** Codes that mean "too often" by provider; 9499 and the front-line filter are told by their words. Source: the providers' lists of codes. */
const THROTTLES: Readonly<Record<string, RegExp>> = {
  dingtalk: /^(?:130101|410100|90002|90018|1111)$/,
  lark: /^(?:11232|11233|11247|230020|99991400|99991403)$/,
  wecom: /^(?:45009|45033)$/,
  email: /^SMTP (?:421|450|451|452)$/,
  sms: /^(?:isv\.)?(?:BUSINESS|DAY|MONTH)_LIMIT_CONTROL/,
  voice: /^isv\.(?:BUSINESS_LIMIT_CONTROL|VOICE_ROBOT_CALLEE_LIMIT)$/,
};

const isThrottled = (message: SandboxMessage): boolean => {
  const { code, text } = replyOf(message);
  if (message.answer.status === 429) return true;
  return (THROTTLES[message.provider]?.test(code) ?? false) || /too many request|frequency limited/i.test(text);
};

/** What became of a message. */
export const verdictOf = (message: SandboxMessage): Verdict => {
  if (message.answer.reset) return 'lost';
  if (message.repeated) return 'repeated';
  if (message.shown) return 'delivered';
  return isThrottled(message) ? 'throttled' : 'refused';
};
