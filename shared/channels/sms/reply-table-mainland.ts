import { FIXES } from '../openapi-fixes.ts';
import { type OpenApiRule, refused, retry, throttled } from '../openapi-rule.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const EXTENSION = {
  en: 'The extension code is wrong or belongs to another signature. Nothing here sends one: check what the account sets for this signature.',
  zh: '扩展码错误或属于其他签名。本系统不发送扩展码：请检查账号为该签名配置的扩展码。',
};

const rates: readonly OpenApiRule[] = [
  refused({
    codes: ['isv.BUSINESS_LIMIT_CONTROL'],
    match: /天级|per day|\bday/i,
    cause: 'rate',
    fix: {
      en: 'This number got all the messages that the service allows in 24 hours for this signature and template: use another channel until then, and a longer interval.',
      zh: '该号码 24 小时内的短信条数（同一签名和模板）已达上限：请暂用其他渠道，并加长通知间隔。',
    },
  }),
  throttled({
    codes: ['isv.BUSINESS_LIMIT_CONTROL'],
    match: /小时级|\bhour/i,
    retryAfterMs: HOUR_MS,
    fix: FIXES.slowDown,
  }),
  throttled({ codes: ['isv.BUSINESS_LIMIT_CONTROL'], retryAfterMs: MINUTE_MS, fix: FIXES.slowDown }),
  refused({
    codes: ['isv.DAY_LIMIT_CONTROL', 'isv.MONTH_LIMIT_CONTROL'],
    cause: 'rate',
    fix: {
      en: 'The volume of a day or a month that is set in the SMS console is used up: raise it there.',
      zh: '短信控制台设置的日或月发送上限已用完：请在控制台调高。',
    },
  }),
];

const signatures: readonly OpenApiRule[] = [
  refused({
    codes: ['isv.SMS_SIGNATURE_SCENE_ILLEGAL'],
    cause: 'format',
    fix: {
      en: 'The signature may not be used for this kind of message: use one for general or notification purposes.',
      zh: '签名的适用场景与短信类型不符：请使用通用或通知类签名。',
    },
  }),
  refused({
    codes: ['isv.SIGN_STATE_ILLEGAL'],
    cause: 'auth',
    fix: {
      en: 'The signature cannot be used in its present state: look at it in the SMS console.',
      zh: '签名状态不可用：请在短信控制台查看签名状态。',
    },
  }),
  refused({
    codes: ['isv.SMS_SIGN_ILLEGAL'],
    cause: 'auth',
    fix: {
      en: 'The signature is forbidden: apply for another one and enter it as sms.signName.',
      zh: '签名被禁止使用：请申请其他签名并填入 sms.signName。',
    },
  }),
  refused({
    codes: ['isv.SMS_SIGNATURE_ILLEGAL'],
    cause: 'auth',
    fix: {
      en: 'No approved signature of this account has that name: enter sms.signName exactly as the console shows it, without brackets.',
      zh: '本账号下没有该名称的已审核签名：请按控制台显示的名称填写 sms.signName（不带括号）。',
    },
  }),
  refused({
    codes: ['PORT_NOT_REGISTERED'],
    cause: 'auth',
    fix: {
      en: 'The carrier has not registered the signature yet: finish its real-name registration, which takes 5 to 10 working days.',
      zh: '签名尚未完成运营商实名报备：请完成报备，一般需要 5 至 10 个工作日。',
    },
  }),
  refused({
    codes: ['isv.EXTEND_CODE_ERROR', 'isv.ONE_CODE_MULTIPLE_SIGN', 'isv.CODE_ERROR'],
    cause: 'format',
    fix: EXTENSION,
  }),
  refused({ codes: ['isv.CODE_EXCEED_LIMIT'], cause: 'size', fix: EXTENSION }),
];

const templates: readonly OpenApiRule[] = [
  refused({
    codes: ['isv.SMS_TEMPLATE_ILLEGAL'],
    cause: 'auth',
    fix: {
      en: 'No approved template of this account has that code: enter sms.templateCode (SMS_...) as the console shows it.',
      zh: '本账号下没有该编号的已审核模板：请按控制台填写 sms.templateCode（SMS_ 开头）。',
    },
  }),
  refused({
    codes: ['isv.DOMESTIC_NUMBER_NOT_SUPPORTED'],
    cause: 'format',
    fix: {
      en: 'The template is for numbers abroad: use a domestic one for mainland numbers.',
      zh: '该模板仅用于国际或港澳台号码：内地号码请使用国内短信模板。',
    },
  }),
  refused({
    codes: ['isv.TEMPLATE_MISSING_PARAMETERS'],
    cause: 'format',
    fix: {
      en: 'The template has a variable that is never sent: use only level, product, name, resource, count and time.',
      zh: '模板中有未提供的变量：只能使用 level、product、name、resource、count、time。',
    },
  }),
  refused({
    codes: ['isv.TEMPLATE_PARAMS_ILLEGAL'],
    cause: 'format',
    fix: {
      en: 'A value does not fit the type of its variable: choose the type "other" for every variable of the template.',
      zh: '变量值与其类型不符：请将模板的变量类型都设为“其他”。',
    },
  }),
  refused({
    codes: ['isv.PARAM_LENGTH_LIMIT'],
    cause: 'size',
    fix: {
      en: 'A value is too long for its variable (35 characters in notification templates): make sure that the template is a notification template.',
      zh: '变量值超长（通知类模板每个变量最多 35 个字符）：请确认模板为通知类模板。',
    },
  }),
  refused({
    codes: ['isv.PARAM_NOT_SUPPORT_URL'],
    cause: 'format',
    fix: {
      en: 'The service takes a value for a URL: this is a fault of the sender, please report it with this record.',
      zh: '变量值被识别为链接：这是发送程序的问题，请附上本记录反馈。',
    },
  }),
  refused({
    codes: ['isv.INVALID_JSON_PARAM', 'isv.INVALID_PARAMETERS'],
    cause: 'format',
    fix: {
      en: 'The service does not accept the form of the request: check sms.signName and sms.templateCode, and report it with this record when they are right.',
      zh: '服务不接受请求参数：请检查 sms.signName 和 sms.templateCode；如无误，请附上本记录反馈。',
    },
  }),
  refused({
    codes: ['isv.SMS_TEST_NUMBER_LIMIT'],
    cause: 'auth',
    fix: {
      en: 'Test signatures and templates reach only numbers that are bound for tests: bind this number, or use approved ones.',
      zh: '测试签名和模板只能发给已绑定的测试号码：请绑定该号码，或改用已审核的签名和模板。',
    },
  }),
  refused({
    codes: ['isv.SMS_TEST_SIGN_TEMPLATE_LIMIT'],
    cause: 'format',
    fix: {
      en: 'A test signature goes with a test template only: use either both or none.',
      zh: '测试签名必须与测试模板一起使用：请同时使用或都不使用。',
    },
  }),
  refused({
    codes: ['isv.SMS_TEST_TEMPLATE_PARAMS_ILLEGAL'],
    cause: 'format',
    fix: {
      en: 'The test template does not take these values: use an approved template.',
      zh: '测试模板不接受这些变量值：请使用已审核的模板。',
    },
  }),
];

const account: readonly OpenApiRule[] = [
  refused({
    codes: ['isp.RAM_PERMISSION_DENY'],
    cause: 'auth',
    fix: {
      en: 'The RAM user or role may not send: grant it dysms:SendSms.',
      zh: 'RAM 用户或角色没有权限：请授予 dysms:SendSms。',
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
      en: 'This account has not subscribed to Short Message Service: do that in its console.',
      zh: '该账号未开通短信服务：请在短信控制台开通。',
    },
  }),
  refused({
    codes: ['isv.ACCOUNT_NOT_EXISTS', 'isv.ACCOUNT_ABNORMAL'],
    cause: 'auth',
    fix: FIXES.checkAccount,
  }),
  refused({
    codes: ['isv.SECURITY_FROZEN_ACCOUNT'],
    cause: 'auth',
    fix: {
      en: 'The account is frozen for security reasons: contact the support of the service.',
      zh: '账号因安全原因被冻结：请联系阿里云客服。',
    },
  }),
  refused({
    codes: ['isv.DENY_IP_RANGE'],
    cause: 'ip',
    fix: {
      en: 'The service refuses calls from this region: send from a mainland region.',
      zh: '服务拒绝来自该地区的调用：请从中国内地地域发送。',
    },
  }),
];

const receivers: readonly OpenApiRule[] = [
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
    codes: ['isv.SMS_CONTENT_ILLEGAL'],
    cause: 'other',
    fix: {
      en: 'The content has words that are forbidden: look which value of the event holds them, or use another channel for such events.',
      zh: '短信内容包含违禁词：请查看事件的哪个字段触发，或改用其他渠道通知此类事件。',
    },
  }),
  refused({
    codes: ['isv.BLACK_KEY_CONTROL_LIMIT'],
    cause: 'other',
    fix: FIXES.blocked,
  }),
  refused({
    codes: ['isv.CUSTOMER_REFUSED'],
    cause: 'other',
    fix: {
      en: 'The owner of this number refused such messages: remove the number, or ask them to allow it again.',
      zh: '该号码的用户已拒收：请移除号码，或请用户恢复接收。',
    },
  }),
];

const faults: readonly OpenApiRule[] = [
  retry({
    codes: ['isp.SYSTEM_ERROR', 'isp.GATEWAY_ERROR'],
    fix: FIXES.fault,
  }),
];

/** Every code of SendSms whose meaning is known, variants by words first. Source: help.aliyun.com/document_detail/101346.html. */
export const MAINLAND_RULES: readonly OpenApiRule[] = [
  ...rates,
  ...signatures,
  ...templates,
  ...account,
  ...receivers,
  ...faults,
];
