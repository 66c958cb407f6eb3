import { FIXES } from '../openapi-fixes.ts';
import { type OpenApiRule, refused, retry, throttled } from '../openapi-rule.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const SLOW_DOWN = {
  en: 'This number was called too often (1 a minute, 5 an hour, 20 in 24 hours; failed calls count): what waits is merged into one later call.',
  zh: '该号码呼叫过于频繁（每分钟 1 次、每小时 5 次、24 小时 20 次，失败也计数）：等待中的通知会合并为一次呼叫。',
};

const CHECK_TEMPLATE = {
  en: 'No approved voice template of this account has that code: enter voice.ttsCode (TTS_...) as the console shows it.',
  zh: '本账号下没有该编号的已审核语音模板：请按控制台填写 voice.ttsCode（TTS_ 开头）。',
};

const SENDERS_FAULT = {
  en: 'The service does not accept the form of the request: check voice.ttsCode, and report it with this record when it is right.',
  zh: '服务不接受请求参数：请检查 voice.ttsCode；如无误，请附上本记录反馈。',
};

const rates: readonly OpenApiRule[] = [
  throttled({
    codes: ['isv.BUSINESS_LIMIT_CONTROL'],
    match: /小时级|天级|\b(?:hour|day)/i,
    retryAfterMs: HOUR_MS,
    fix: SLOW_DOWN,
  }),
  throttled({ codes: ['isv.BUSINESS_LIMIT_CONTROL'], retryAfterMs: MINUTE_MS, fix: SLOW_DOWN }),
  throttled({ codes: ['isv.VOICE_ROBOT_CALLEE_LIMIT'], retryAfterMs: HOUR_MS, fix: SLOW_DOWN }),
  // Which hours these are is not documented, and failed calls count: an hour between attempts leaves calls for the morning.
  throttled({
    codes: ['isv.VOICE_ROBOT_NOT_PERIOD', 'isv.VOICE_CALL_PERIOD_ERROR'],
    cause: 'other',
    retryAfterMs: HOUR_MS,
    fix: {
      en: 'Calls are not permitted at this hour: what waits is merged and tried every hour. Use another channel for the night.',
      zh: '当前不在允许呼叫的时段：等待中的通知会合并，每小时再试；夜间请配置其他渠道。',
    },
  }),
];

const templates: readonly OpenApiRule[] = [
  refused({ codes: ['isv.TTS_TEMPLATE_ILLEGAL', 'isv.TEMPLATE_ILLEGAL'], cause: 'auth', fix: CHECK_TEMPLATE }),
  refused({
    codes: ['isv.TEMPLATE_MISSING_PARAMETERS'],
    cause: 'format',
    fix: {
      en: 'The voice template has a variable that is never sent: use only level, product, name, resource and count.',
      zh: '语音模板中有未提供的变量：只能使用 level、product、name、resource、count。',
    },
  }),
  refused({
    codes: ['isv.TEMPLATE_PARAMS_ILLEGAL'],
    cause: 'format',
    fix: {
      en: 'A value does not fit its variable in the voice template: use only level, product, name, resource and count, all of the type "other".',
      zh: '变量值与语音模板不符：只能使用 level、product、name、resource、count，类型均选“其他”。',
    },
  }),
  refused({ codes: ['isv.PARAM_NOT_SUPPORT_URL', 'isv.INVALID_PARAMETERS'], cause: 'format', fix: SENDERS_FAULT }),
  refused({
    codes: ['isv.PARAM_LENGTH_LIMIT'],
    cause: 'size',
    fix: {
      en: 'A value is too long for its variable: shorten the voice template or ask the service for its limit.',
      zh: '变量值超长：请缩短语音模板，或向服务方确认变量长度上限。',
    },
  }),
  refused({ codes: ['isv.BILLID_NOT_EXIST'], cause: 'format', fix: SENDERS_FAULT }),
  refused({
    codes: ['isv.DISPLAY_NUMBER_ILLEGAL'],
    cause: 'format',
    fix: {
      en: 'The template is bound to a number of its own: use a template for shared numbers, because no caller number is sent.',
      zh: '该模板绑定了专属号码：请使用公共号码模式的模板，本系统不发送主叫号码。',
    },
  }),
];

const account: readonly OpenApiRule[] = [
  refused({
    codes: ['isp.RAM_PERMISSION_DENY'],
    cause: 'auth',
    fix: {
      en: 'The RAM user or role may not call: grant it dyvms:SingleCallByTts.',
      zh: 'RAM 用户或角色没有权限：请授予 dyvms:SingleCallByTts。',
    },
  }),
  refused({
    codes: ['isv.OUT_OF_SERVICE', 'isv.AMOUNT_NOT_ENOUGH'],
    cause: 'other',
    fix: FIXES.topUp,
  }),
  refused({
    codes: ['isv.PRODUCT_UN_SUBSCRIPT', 'isv.PRODUCT_UNSUBSCRIBE'],
    cause: 'other',
    fix: {
      en: 'This account has not subscribed to Voice Service, which is open to enterprises only: do that in its console.',
      zh: '该账号未开通语音服务（仅限企业账号）：请在语音控制台开通。',
    },
  }),
  refused({
    codes: ['isv.ACCOUNT_NOT_EXISTS', 'isv.ACCOUNT_ABNORMAL'],
    cause: 'auth',
    fix: FIXES.checkAccount,
  }),
];

const callees: readonly OpenApiRule[] = [
  refused({
    codes: ['isv.MOBILE_NUMBER_ILLEGAL'],
    cause: 'format',
    fix: FIXES.checkNumber,
  }),
  refused({
    codes: ['isv.MOBILE_COUNT_OVER_LIMIT'],
    cause: 'size',
    fix: FIXES.oneNumber,
  }),
  refused({
    codes: ['isv.BLACK_KEY_CONTROL_LIMIT'],
    cause: 'other',
    fix: FIXES.blocked,
  }),
  refused({
    codes: ['isv.COMPLAINT_REJECT'],
    cause: 'other',
    fix: {
      en: 'Calls are blocked after complaints: contact the support of the service.',
      zh: '因投诉被拦截：请联系阿里云客服。',
    },
  }),
];

const faults: readonly OpenApiRule[] = [
  retry({
    codes: ['isv.VOICE_CALL_FAIL'],
    retryAfterMs: MINUTE_MS,
    maxAttempts: 3,
    fix: {
      en: 'The call failed; it is tried up to three times, a minute apart, and each try counts. Check that the phone is on.',
      zh: '呼叫失败，系统每隔一分钟再试，最多三次，每次都计数；请确认手机已开机。',
    },
  }),
  retry({
    codes: ['isp.SYSTEM_ERROR'],
    fix: FIXES.fault,
  }),
];

/** Every code of SingleCallByTts whose meaning is known, variants by words first. Source: help.aliyun.com/document_detail/178344.html. */
export const VOICE_RULES: readonly OpenApiRule[] = [...rates, ...templates, ...account, ...callees, ...faults];
