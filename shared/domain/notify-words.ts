import type { Bilingual } from './event.ts';
import { type NotifyProblem, problemIn } from './notify-message.ts';

const MAX_SHOWN_CHARS = 60;
const READ_CHARS = 400;

/** A word of the caller as it may stand in a sentence: short, one line, and no URL, which may hold a token. */
export const shown = (value: unknown): string => {
  // Nothing behind that is shown, and a search for addresses takes its time in a long word.
  const read = (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, READ_CHARS);
  const text = read.replace(/\s+/g, ' ').trim();
  const safe = text.replace(/[a-z0-9+.-]*:\/\/[^\s"'<>]+/gi, '[link]');
  return safe.length <= MAX_SHOWN_CHARS ? safe : `${safe.slice(0, MAX_SHOWN_CHARS).replace(/\p{Cs}$/u, '')}…`;
};

const listed = (words: readonly string[]): Bilingual => ({ en: words.join(', '), zh: words.join('、') });

const NONE: Bilingual = { en: 'none', zh: '无' };

const listOrNone = (words: readonly string[]): Bilingual => (words.length === 0 ? NONE : listed(words));

/** An expression that nobody replaced stands in a parameter. */
export const unreplaced = (field: string, written: string): NotifyProblem =>
  problemIn('unreplaced-expression', field, {
    en: `${field} still holds the expression ${written}: nothing replaced it. Correct the name of the node and of its field.`,
    zh: `${field} 中的表达式 ${written} 没有被替换：请更正节点名称和字段名称。`,
  });

/** A parameter that must be there is not. */
export const missingField = (field: string): NotifyProblem =>
  problemIn('missing-parameter', field, {
    en: `${field} is missing: fill it in.`,
    zh: `缺少参数 ${field}：请填写。`,
  });

/** A parameter has a value that it cannot have. */
export const badValue = (field: string, value: unknown, allowed: readonly string[]): NotifyProblem =>
  problemIn('bad-value', field, {
    en: `${field} cannot be "${shown(value)}". Known values: ${listed(allowed).en}.`,
    zh: `${field} 不能是“${shown(value)}”。可用的值：${listed(allowed).zh}。`,
  });

/** A parameter that should be JSON is not. */
export const notJson = (field: string): NotifyProblem =>
  problemIn('not-json', field, {
    en: `${field} must be a JSON object, or JSON text of one: correct its quotes and braces.`,
    zh: `${field} 必须是 JSON 对象或其文本：请检查引号和花括号。`,
  });

/** A receiver that is no address of any kind. */
export const badReceiver = (field: string, value: unknown): NotifyProblem =>
  problemIn('bad-receiver', field, {
    en: `${field}: "${shown(value)}" is no mail address, no phone number and no contact of the settings. Write name@example.com, +86 and the number, or {"email": ...}.`,
    zh: `${field}：“${shown(value)}”不是邮箱、手机号，也不是配置中的联系人。请写成 name@example.com、+86 加号码，或 {"email": ...}。`,
  });

/** A receiver whom none of the requested channels reaches. */
export const unreached = (field: string, receiver: string): NotifyProblem =>
  problemIn('unreached-receiver', field, {
    en: `${field}: no channel that was asked for reaches ${receiver}. Ask for the channel of this address, or take the receiver out.`,
    zh: `${field}：所选渠道都无法到达 ${receiver}。请启用与其地址对应的渠道，或移除该接收人。`,
  });

/** No channel was asked for. */
export const NOTHING_ASKED: NotifyProblem = problemIn('nothing-asked', 'email', {
  en: 'No channel was asked for: give receivers and emailTitle for mail, dingdingWebhooks for DingTalk, telephone or sms for phones.',
  zh: '没有指定任何渠道：邮件请填写 receivers 和 emailTitle，钉钉请填写 dingdingWebhooks，短信或电话请填写 telephone 或 sms。',
});

/** There is no resource instance at all. */
export const NO_INSTANCE: NotifyProblem = problemIn('no-resource-instance', 'email', {
  en: 'There is no resource instance to send mail with: add resourceInstances with assetname, emailUsername and emailPassword (the authorization code) to the settings.',
  zh: '没有可用于发信的资源实例：请在配置的 resourceInstances 中填写 assetname、emailUsername 和 emailPassword（授权码）。',
});

/** The sender that was asked for is no resource instance. */
export const unknownInstance = (value: unknown, known: readonly string[]): NotifyProblem =>
  problemIn('unknown-resource-instance', 'email', {
    en: `email: "${shown(value)}" is not the sender of any resource instance. Known instances: ${listOrNone(known).en}.`,
    zh: `email：“${shown(value)}”不是任何资源实例的发信账号。已有的实例：${listOrNone(known).zh}。`,
  });

/** A robot id that Message Center does not have. */
export const unknownRobot = (field: string, id: unknown, known: readonly string[]): NotifyProblem =>
  problemIn('unknown-robot', field, {
    en: `${field}: there is no robot with the id "${shown(id)}". Known ids in messageCenter.robots: ${listOrNone(known).en}.`,
    zh: `${field}：没有 ID 为“${shown(id)}”的机器人。messageCenter.robots 中已有的 ID：${listOrNone(known).zh}。`,
  });

/** A URL that is no robot's. */
export const notARobot = (field: string): NotifyProblem =>
  problemIn('not-a-robot', field, {
    en: `${field}: this is not the webhook address of a group robot. Paste the whole address from the group settings, or add it to messageCenter.robots and give its id.`,
    zh: `${field}：这不是群机器人的 Webhook 地址。请从群设置中复制完整地址，或将其加入 messageCenter.robots 并填写 ID。`,
  });

/** A robot body that the robot would not take. */
export const badBody = (what: Bilingual): NotifyProblem =>
  problemIn('bad-robot-message', 'dingdingcontext', {
    en: `dingdingcontext: ${what.en}`,
    zh: `dingdingcontext：${what.zh}`,
  });

/** No text message although numbers for one are there. */
export const SMS_OFF: NotifyProblem = problemIn('contradiction', 'telephone', {
  en: 'telephone names numbers for a text message, but sms switches text messages off: take one of them out. For calls set telephone to 1 and give the numbers in receivers.',
  zh: 'telephone 填写了短信号码，但 sms 关闭了短信：请去掉其中一个。如需语音电话，请将 telephone 设为 1 并在 receivers 中填写号码。',
});

/** Nothing was sent because nobody knows the template. */
export const unknownTemplate = (eventId: unknown, known: readonly string[], nearest?: string): NotifyProblem =>
  problemIn('unknown-template', 'eventId', {
    en: `eventId: there is no template "${shown(eventId)}"${nearest === undefined ? '.' : `; did you mean "${nearest}"?`} Known: ${listed(known).en}.`,
    zh: `eventId：没有模板“${shown(eventId)}”${nearest === undefined ? '。' : `，是否为“${nearest}”？`} 已有的模板：${listed(known).zh}。`,
  });

/** Variables of a template that have no value. */
export const missingVariables = (names: readonly string[], eventId: string): NotifyProblem =>
  problemIn('missing-variable', 'params', {
    en: `params: the template ${eventId} needs ${listed(names).en}, which ${names.length === 1 ? 'has' : 'have'} no value.`,
    zh: `params：模板 ${eventId} 需要变量 ${listed(names).zh}，但没有给出值。`,
  });

/** The account is another one than that of the settings. */
export const otherAccount = (uid: string): NotifyProblem =>
  problemIn('other-account', 'aliuid', {
    en: `aliuid: ${shown(uid)} is not the account of these settings, so its recipients are not known here.`,
    zh: `aliuid：${shown(uid)} 不是本配置所属的账号，无法得知其接收人。`,
  });

/** The remark about parameters that are not acted on. */
export const unknownParameters = (names: readonly string[]): Bilingual => ({
  en: `Not acted on, because nobody knows ${names.length === 1 ? 'this parameter' : 'these parameters'}: ${listed(names.map(shown)).en}.`,
  zh: `以下参数未知，未予处理：${listed(names.map(shown)).zh}。`,
});

/** Names in a sentence. */
export const inList = listOrNone;
