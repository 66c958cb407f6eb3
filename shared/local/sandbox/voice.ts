import { escapeHtml } from '../../domain/escape-html.ts';
import type { SandboxMessage } from './message-log.ts';
import { type Check, firstOf, refusal } from './openapi-check.ts';
import type { PhoneLimit } from './openapi-phone.ts';
import { FakeOpenApiProduct, type ProductAction } from './openapi-provider.ts';
import { filled, holdsUrl, namesIn, variablesOf } from './openapi-variables.ts';

/** The template of docs/channels/voice.md; the fake takes every template code for it. */
const TEMPLATE =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the template language of the service
  '您好，这里是烽火告警。级别${level}，${name}。产品${product}，资源${resource}，共${count}个事件。请尽快登录控制台处理。';

const MAX_PARAM_CHARS = 249;
const MAX_OUT_ID_BYTES = 15;

/** Source: help.aliyun.com/document_detail/393519.html; failed calls count. */
const LIMITS: readonly PhoneLimit[] = [
  { limit: 1, windowMs: 60_000, words: '触发分钟级流控Permits:1' },
  { limit: 5, windowMs: 3_600_000, words: '触发小时级流控Permits:5' },
  { limit: 20, windowMs: 86_400_000, words: '触发天级流控Permits:20' },
];

const isWithin = (value: string | undefined, least: number, most: number): boolean =>
  value === undefined || (/^-?\d{1,3}$/.test(value) && Number(value) >= least && Number(value) <= most);

const checkParam: Check = ({ form }) => {
  const values = variablesOf(form.TtsParam ?? '');
  if (values === undefined) return refusal('isv.TEMPLATE_PARAMS_ILLEGAL', '模板变量参数不合法');
  if ((form.TtsParam ?? '').length > MAX_PARAM_CHARS) return refusal('isv.PARAM_LENGTH_LIMIT', '参数超过长度限制');
  if (namesIn(TEMPLATE).some((name) => (values[name] ?? '') === ''))
    return refusal('isv.TEMPLATE_MISSING_PARAMETERS', '模板变量缺少对应参数值');
  return Object.values(values).some(holdsUrl) ? refusal('isv.PARAM_NOT_SUPPORT_URL', '变量不支持传入URL') : undefined;
};

const checkOutId: Check = ({ form: { OutId } }) =>
  OutId === undefined || (OutId !== '' && Buffer.byteLength(OutId) <= MAX_OUT_ID_BYTES)
    ? undefined
    : refusal('isv.INVALID_PARAMETERS', 'OutId');

const CHECKS: readonly Check[] = [
  ({ form }) =>
    (form.CalledNumber ?? '').includes(',')
      ? refusal('isv.MOBILE_COUNT_OVER_LIMIT', '手机号码数量超过限制')
      : undefined,
  ({ form }) =>
    /^(?:\+?86)?1[3-9]\d{9}$/.test(form.CalledNumber ?? '')
      ? undefined
      : refusal('isv.MOBILE_NUMBER_ILLEGAL', `${form.CalledNumber}手机号码格式错误`),
  ({ form }) =>
    /^TTS_\d{1,15}$/.test(form.TtsCode ?? '') ? undefined : refusal('isv.TTS_TEMPLATE_ILLEGAL', '语音模板不合法'),
  ({ form }) => (form.CalledShowNumber === undefined ? undefined : refusal('isv.DISPLAY_NUMBER_ILLEGAL', '号显不合法')),
  ({ form }) =>
    isWithin(form.PlayTimes, 1, 3) && isWithin(form.Volume, 0, 100) && isWithin(form.Speed, -500, 500)
      ? undefined
      : refusal('isv.INVALID_PARAMETERS', '参数异常'),
  checkOutId,
  checkParam,
  ({ phone }) => (phone.settings.blocked ? refusal('isv.BLACK_KEY_CONTROL_LIMIT', '黑名单管控') : undefined),
  ({ phone }) => (phone.settings.quiet ? refusal('isv.VOICE_CALL_PERIOD_ERROR', '不在可呼叫时段') : undefined),
  ({ phone, nowMs }) => {
    const exceeded = phone.admit('call', nowMs, LIMITS);
    return exceeded === undefined ? undefined : refusal('isv.BUSINESS_LIMIT_CONTROL', exceeded.words);
  },
  ({ phone }) => (phone.settings.unreachable ? refusal('isv.VOICE_CALL_FAIL', '语音呼叫失败') : undefined),
];

const ACTIONS: Readonly<Record<string, ProductAction>> = {
  SingleCallByTts: {
    version: '2017-05-25',
    numberIn: 'CalledNumber',
    idIn: 'OutId',
    codeIn: 'Code',
    wordsIn: 'Message',
    receiptIn: 'CallId',
    check: firstOf(CHECKS),
    sight: (form) => ({
      title: `× ${form.PlayTimes ?? '3'}`,
      text: filled(TEMPLATE, variablesOf(form.TtsParam ?? '') ?? {}),
    }),
  },
};

/** A fake Voice Service: calls a phone and reads a template aloud. */
export class FakeVoice extends FakeOpenApiProduct {
  readonly name = 'voice';
  protected readonly actions = ACTIONS;

  protected takesOthers(): boolean {
    return false;
  }

  /** One call: the spoken text, and how often it is read. */
  html(message: SandboxMessage): string {
    if (message.text === '') return '';
    return `<p class="call">📞 <q>${escapeHtml(message.text)}</q> ${escapeHtml(message.title)}</p>`;
  }
}
