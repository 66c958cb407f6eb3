import { escapeHtml } from '../../domain/escape-html.ts';
import type { SandboxMessage } from './message-log.ts';
import { type Check, firstOf, refusal } from './openapi-check.ts';
import type { PhoneLimit } from './openapi-phone.ts';
import { FakeOpenApiProduct, type Form, type PhoneSight, type ProductAction } from './openapi-provider.ts';
import { filled, holdsUrl, namesIn, variablesOf } from './openapi-variables.ts';

/** The template of docs/channels/sms.md; the fake takes every template code for it. */
const TEMPLATE =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the template language of the service
  '烽火通知 ${level}：${product}，${name}，资源 ${resource}，共 ${count} 个事件，时间 ${time}。请登录控制台查看。';

const MAX_VARIABLE_CHARS = 35;
const MAX_OUT_ID_BYTES = 255;
const MAINLAND_MOBILE = /^(?:\+?86|0086)?1[3-9]\d{9}$/;

/** Source: help.aliyun.com/document_detail/2881383.html, notification messages of one signature and template. */
const LIMITS: readonly PhoneLimit[] = [{ limit: 50, windowMs: 86_400_000, words: '触发天级流控Permits:50' }];

const has = (form: Form, name: string): boolean => (form[name] ?? '') !== '';

const checkVariables: Check = ({ form }) => {
  const values = variablesOf(form.TemplateParam ?? '');
  if (values === undefined) return refusal('isv.INVALID_JSON_PARAM', 'JSON参数不合法，只接受字符串值');
  const texts = Object.values(values);
  if (namesIn(TEMPLATE).some((name) => (values[name] ?? '') === ''))
    return refusal('isv.TEMPLATE_MISSING_PARAMETERS', '模板变量缺少对应参数值');
  if (texts.some((text) => text.length > MAX_VARIABLE_CHARS))
    return refusal('isv.PARAM_LENGTH_LIMIT', '参数超过长度限制');
  if (texts.some(holdsUrl)) return refusal('isv.PARAM_NOT_SUPPORT_URL', '变量不支持传入URL');
  if (texts.some((text) => /[【】]/.test(text)))
    return refusal('isv.TEMPLATE_PARAMS_ILLEGAL', '模板变量里包含非法关键字');
  return undefined;
};

const MAINLAND_CHECKS: readonly Check[] = [
  ({ form }) =>
    ['PhoneNumbers', 'SignName', 'TemplateCode'].every((name) => has(form, name))
      ? undefined
      : refusal('isv.INVALID_PARAMETERS', '参数异常'),
  ({ form }) =>
    MAINLAND_MOBILE.test(form.PhoneNumbers ?? '')
      ? undefined
      : refusal('isv.MOBILE_NUMBER_ILLEGAL', `${form.PhoneNumbers}invalid mobile number`),
  ({ form }) =>
    /^[\p{L}\p{N}]{2,12}$/u.test(form.SignName ?? '')
      ? undefined
      : refusal('isv.SMS_SIGNATURE_ILLEGAL', '短信签名不合法'),
  ({ form }) =>
    /^SMS_\d{1,15}$/.test(form.TemplateCode ?? '') ? undefined : refusal('isv.SMS_TEMPLATE_ILLEGAL', '短信模板不合法'),
  checkVariables,
  ({ form }) =>
    Buffer.byteLength(form.OutId ?? '') <= MAX_OUT_ID_BYTES ? undefined : refusal('isv.INVALID_PARAMETERS', 'OutId'),
  ({ phone }) => (phone.settings.blocked ? refusal('isv.BLACK_KEY_CONTROL_LIMIT', '黑名单管控') : undefined),
  ({ phone }) => (phone.settings.refuses ? refusal('isv.CUSTOMER_REFUSED', '用户已退订推广短信') : undefined),
  ({ form, phone, nowMs }) => {
    const exceeded = phone.admit(`${form.SignName}\n${form.TemplateCode}`, nowMs, LIMITS);
    return exceeded === undefined ? undefined : refusal('isv.BUSINESS_LIMIT_CONTROL', exceeded.words);
  },
];

const ABROAD_CHECKS: readonly Check[] = [
  ({ form }) => (has(form, 'To') && has(form, 'Message') ? undefined : refusal('INVALID_PARAMETERS', 'To or Message')),
  ({ form }) =>
    /^[1-9]\d{6,14}$/.test(form.To ?? '') ? undefined : refusal('MOBILE_NUMBER_ILLEGAL', `${form.To} is illegal`),
  ({ form }) => (/^86/.test(form.To ?? '') ? refusal('NOT_SUPPORTED_COUNTRY', 'country is not supported') : undefined),
  ({ form }) =>
    !has(form, 'From') || /^(?:[A-Za-z0-9]{1,11}|\d{1,15})$/.test(form.From ?? '')
      ? undefined
      : refusal('INVALID_SENDERID', 'sender id is illegal'),
  ({ form }) =>
    ['', 'OTP', 'NOTIFY', 'MKT'].includes(form.Type ?? '') ? undefined : refusal('INVALID_PARAMETERS', 'Type'),
  ({ form }) =>
    Buffer.byteLength(form.TaskId ?? '') <= MAX_OUT_ID_BYTES ? undefined : refusal('INVALID_PARAMETERS', 'TaskId'),
  ({ phone }) => (phone.settings.blocked ? refusal('BLACK_KEY_CONTROL_LIMIT', 'blacklisted') : undefined),
];

const mainlandSight = (form: Form): PhoneSight => ({
  title: form.SignName ?? '',
  text: `【${form.SignName}】${filled(TEMPLATE, variablesOf(form.TemplateParam ?? '') ?? {})}`,
});

const ACTIONS: Readonly<Record<string, ProductAction>> = {
  SendSms: {
    version: '2017-05-25',
    numberIn: 'PhoneNumbers',
    idIn: 'OutId',
    codeIn: 'Code',
    wordsIn: 'Message',
    receiptIn: 'BizId',
    check: firstOf(MAINLAND_CHECKS),
    sight: mainlandSight,
  },
  SendMessageToGlobe: {
    version: '2018-05-01',
    numberIn: 'To',
    idIn: 'TaskId',
    codeIn: 'ResponseCode',
    wordsIn: 'ResponseDescription',
    receiptIn: 'MessageId',
    check: firstOf(ABROAD_CHECKS),
    sight: (form) => ({ title: form.From ?? '', text: form.Message ?? '' }),
  },
};

/** A fake Short Message Service, for the mainland and abroad; it also answers actions that no product has. */
export class FakeSms extends FakeOpenApiProduct {
  readonly name = 'sms';
  protected readonly actions = ACTIONS;

  protected takesOthers(action: string): boolean {
    return action !== 'SingleCallByTts';
  }

  /** One text message as a phone shows it. */
  html(message: SandboxMessage): string {
    return message.text === '' ? '' : `<p class="sms">${escapeHtml(message.text)}</p>`;
  }
}
