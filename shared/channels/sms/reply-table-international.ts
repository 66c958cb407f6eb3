import { FIXES } from '../openapi-fixes.ts';
import { type OpenApiRule, refused, retry, throttled } from '../openapi-rule.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Every code of SendMessageToGlobe whose meaning is known. Source: Dysmsapi 2018-05-01. */
export const INTERNATIONAL_RULES: readonly OpenApiRule[] = [
  throttled({ codes: ['BUSINESS_LIMIT_CONTROL_MINUTE'], retryAfterMs: MINUTE_MS, fix: FIXES.slowDown }),
  throttled({
    codes: ['BUSINESS_LIMIT_CONTROL_HOUR', 'BUSINESS_LIMIT_CONTROL_PHONE'],
    retryAfterMs: HOUR_MS,
    fix: FIXES.slowDown,
  }),
  refused({
    codes: ['BUSINESS_LIMIT_CONTROL_DAY'],
    cause: 'rate',
    fix: {
      en: 'The messages of a day are used up: use another channel until tomorrow, and a longer interval.',
      zh: '当日短信条数已达上限：明天之前请暂用其他渠道，并加长通知间隔。',
    },
  }),
  refused({
    codes: ['INVALID_SENDERID'],
    cause: 'format',
    fix: {
      en: 'The receiving country does not allow this sender: change sms.international.from, in some countries after registering it.',
      zh: '目的国家或地区不允许该发送方标识：请修改 sms.international.from，部分国家需先注册。',
    },
  }),
  refused({
    codes: ['SMS_SIGN_NAME_ILLEGAL'],
    cause: 'auth',
    fix: {
      en: 'The sender is not allowed for this account: change sms.international.from.',
      zh: '该账号不能使用此发送方标识：请修改 sms.international.from。',
    },
  }),
  refused({
    codes: ['FORBIDDEN_ACTION'],
    cause: 'auth',
    fix: {
      en: 'The account may not send abroad: contact the support of the service.',
      zh: '账号无权发送国际短信：请联系阿里云客服。',
    },
  }),
  refused({
    codes: ['RAM_PERMISSION_DENY'],
    cause: 'auth',
    fix: {
      en: 'The RAM user or role may not send: grant it dysms:SendMessageToGlobe.',
      zh: 'RAM 用户或角色没有权限：请授予 dysms:SendMessageToGlobe。',
    },
  }),
  refused({
    codes: ['OUT_OF_SERVICE', 'AMOUNT_NOT_ENOUGH'],
    cause: 'other',
    fix: FIXES.topUp,
  }),
  refused({
    codes: ['ACCOUNT_NOT_EXISTS'],
    cause: 'auth',
    fix: FIXES.checkAccount,
  }),
  refused({
    codes: ['MOBILE_NUMBER_ILLEGAL'],
    cause: 'format',
    fix: FIXES.checkNumber,
  }),
  refused({
    codes: ['MOBILE_COUNT_OVER_LIMIT'],
    cause: 'size',
    fix: FIXES.oneNumber,
  }),
  refused({
    codes: ['PARAM_LENGTH_LIMIT'],
    cause: 'size',
    fix: {
      en: 'A value of the request is too long: shorten sms.international.from.',
      zh: '请求参数超长：请缩短 sms.international.from。',
    },
  }),
  refused({
    codes: ['CONTENT_MISSING_PARAMETERS', 'INVALID_PARAMETERS', 'INVALID_JSON_PARAM'],
    cause: 'format',
    fix: {
      en: 'The service does not accept the form of the request: check sms.international.from, and report it with this record when it is right.',
      zh: '服务不接受请求参数：请检查 sms.international.from；如无误，请附上本记录反馈。',
    },
  }),
  refused({
    codes: ['SMS_CONTENT_CODE_ILLEGAL', 'BLACK_KEY_CONTROL_LIMIT'],
    cause: 'other',
    fix: FIXES.blocked,
  }),
  refused({
    codes: ['COUNTRY_RESTRICTED'],
    cause: 'other',
    fix: {
      en: 'Sending to this country is not open for the account: ask the service to open it.',
      zh: '账号未开通向该国家或地区发送：请联系服务方开通。',
    },
  }),
  refused({
    codes: ['NOT_SUPPORTED_COUNTRY'],
    cause: 'other',
    fix: {
      en: 'The service does not send to this country: use another channel for this contact.',
      zh: '服务不支持该国家或地区：请为该联系人改用其他渠道。',
    },
  }),
  retry({
    codes: ['SYSTEM_ERROR', 'GATEWAY_ERROR'],
    fix: FIXES.fault,
  }),
];
