import type { Outcome } from '../../domain/outcome.ts';
import type { SmsOptions, Target } from '../../domain/target.ts';
import type { Channel, Notice, Quota } from '../channel.ts';
import { type OpenApiCall, openApiAttempt, type ReplyReading } from '../openapi-reply.ts';
import { type PhoneNumber, phoneNumberOf, spellingsOf } from '../phone-number.ts';
import { BAD_NUMBER, BAD_SENDER, NO_SENDER, NO_SETTINGS } from './refusals.ts';
import { internationalTextOf, templateParamOf } from './render.ts';
import { INTERNATIONAL_RULES } from './reply-table-international.ts';
import { MAINLAND_RULES } from './reply-table-mainland.ts';

const TIMEOUT_MS = 10_000;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/**
 * The service takes 50 a day for one number, signature and template; 45 leave room for what else the account sends. One a minute and
 * ten an hour are ours: people read no faster, and a bad hour must not use up the day. Source: help.aliyun.com/document_detail/2881383.html.
 */
const QUOTA: Quota = {
  windows: [
    { limit: 1, windowMs: MINUTE_MS },
    { limit: 10, windowMs: HOUR_MS },
    { limit: 45, windowMs: DAY_MS },
  ],
  maxSendMs: TIMEOUT_MS,
};

/** Source: npm @alicloud/dysmsapi20170525. */
const MAINLAND = { endpoint: 'dysmsapi.aliyuncs.com', action: 'SendSms', version: '2017-05-25' };
/** The endpoint was not tried. Source: npm @alicloud/dysmsapi20180501. */
const ABROAD = {
  endpoint: 'dysmsapi.ap-southeast-1.aliyuncs.com',
  action: 'SendMessageToGlobe',
  version: '2018-05-01',
};

/** Up to 11 letters and digits, or up to 15 digits. Source: npm @alicloud/dysmsapi20180501, `From`. */
const SENDER = /^(?:[A-Za-z0-9]{1,11}|\d{1,15})$/;

/** Who sends what where. */
interface Errand {
  notice: Notice;
  target: Target;
  options: SmsOptions;
}

const mainlandCall = ({ notice, target, options }: Errand, national: string): OpenApiCall => ({
  request: {
    ...MAINLAND,
    params: {
      PhoneNumbers: national,
      SignName: options.signName,
      TemplateCode: options.templateCode,
      TemplateParam: JSON.stringify(templateParamOf(notice, target)),
      OutId: notice.id,
    },
    timeoutMs: TIMEOUT_MS,
  },
  reading: { codeField: 'Code', rules: MAINLAND_RULES },
});

const abroadCall = ({ notice, target, options }: Errand, digits: string): OpenApiCall | Outcome => {
  const from = options.internationalFrom;
  if (from === undefined) return NO_SENDER;
  if (!SENDER.test(from)) return BAD_SENDER;
  const params = {
    To: digits,
    From: from,
    Message: internationalTextOf(notice, target),
    Type: 'NOTIFY',
    TaskId: notice.id,
  };
  const reading: ReplyReading = { codeField: 'ResponseCode', rules: INTERNATIONAL_RULES };
  return { request: { ...ABROAD, params, timeoutMs: TIMEOUT_MS }, reading };
};

const callFor = (errand: Errand, number: PhoneNumber): OpenApiCall | Outcome =>
  number.kind === 'mainland' ? mainlandCall(errand, number.national) : abroadCall(errand, number.digits);

/**
 * Text messages to phones: SendSms with a template for the mainland, SendMessageToGlobe for all other numbers. The service knows no
 * idempotency, so an attempt without an answer is never repeated.
 */
export const sms: Channel = {
  name: 'sms',
  quotaOf: () => QUOTA,
  repeatsUnanswered: false,
  timeoutMs: TIMEOUT_MS,
  claims: () => false,
  send: async (notice, target, ports) => {
    const number = phoneNumberOf(target.address);
    if (number === undefined) return BAD_NUMBER;
    if (target.sms === undefined) return NO_SETTINGS;
    const call = callFor({ notice, target, options: target.sms }, number);
    return 'kind' in call ? call : openApiAttempt(call, spellingsOf(target.address, number), ports);
  },
};
