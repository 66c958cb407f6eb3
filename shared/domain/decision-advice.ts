import type { Decision } from './decision.ts';
import type { Bilingual } from './event.ts';

type Subject = Pick<Decision, 'rule'>;

const ruleOf = ({ rule }: Subject): Bilingual =>
  rule === undefined ? { en: 'The rule', zh: '该规则' } : { en: `Rule ${rule}`, zh: `规则 ${rule}` };

/** Advice that begins with the rule. */
const forRule =
  (en: string, zh: string) =>
  (subject: Subject): Bilingual => ({ en: `${ruleOf(subject).en} ${en}`, zh: `${ruleOf(subject).zh} ${zh}` });

const always = (en: string, zh: string) => (): Bilingual => ({ en, zh });

const isChatbot = ({ rule }: Subject): boolean => rule?.startsWith('chatbot:') === true;

const otherResource = (subject: Subject): Bilingual =>
  isChatbot(subject)
    ? forRule(
        'is for other asset groups: add the asset to one of its assetGroups, or leave assetGroups empty for all assets.',
        '只关注其他资产分组：将该资产加入其 assetGroups 中的分组，或将 assetGroups 留空以包含所有资产。',
      )(subject)
    : forRule(
        'is for other resources: add this id or ARN to resources (* stands for anything), or leave resources empty.',
        '只关注其他资源：将该资源的 ID 或 ARN 加入 resources（* 代表任意内容），或将 resources 留空。',
      )(subject);

/** What to change so that the next event of this kind is told, or told sooner, by the name of the decision. */
const ADVICE: Readonly<Record<string, (subject: Subject) => Bilingual>> = {
  'no-rule': always(
    'Nobody wanted it: add a subscription that fits it, or change the filter that the lines above name for the rule that should have.',
    '没有规则需要它：添加一条匹配的订阅，或修改上面各行所指出的、本应匹配的规则的筛选条件。',
  ),
  'canary-late': always(
    'The queue before matching was slow: look for the alarm of that time, and at the log of the function match.',
    '匹配之前的队列过慢：请查看当时的告警以及 match 函数的日志。',
  ),
  'rule-disabled': forRule('is switched off: set enabled to true.', '已停用：将 enabled 设为 true。'),
  'product-not-wanted': forRule(
    'is for other products: add the product of the event to products, or leave products empty.',
    '不包含该产品：将事件的产品加入 products，或将 products 留空。',
  ),
  'type-not-wanted': forRule(
    'is for other event types: add this type to eventTypes, or leave eventTypes empty.',
    '不包含该事件类型：将其加入 eventTypes，或将 eventTypes 留空。',
  ),
  'name-not-wanted': forRule(
    'is for other event names: add this name to eventNames, or leave eventNames empty.',
    '不包含该事件名称：将其加入 eventNames，或将 eventNames 留空。',
  ),
  'level-not-wanted': forRule(
    'does not take this level: add it to levels, or leave levels empty.',
    '不接收该级别：将其加入 levels，或将 levels 留空。',
  ),
  blacklisted: forRule(
    'leaves it out by its blacklist: take the name or level out of the list.',
    '的黑名单排除了它：将该名称或级别从名单中去掉。',
  ),
  'resource-not-wanted': otherResource,
  'region-not-wanted': forRule(
    'is for other regions: add this one to regions, or leave regions empty.',
    '不包含该地域：将其加入 regions，或将 regions 留空。',
  ),
  'account-not-wanted': forRule(
    'is for other accounts: add this one to accounts, or leave accounts empty.',
    '不包含该账号：将其加入 accounts，或将 accounts 留空。',
  ),
  'content-not-wanted': forRule(
    'stops it by its content keywords: change content.keywords or content.relation.',
    '的内容关键词拦下了它：修改 content.keywords 或 content.relation。',
  ),
  'kind-not-notified': forRule(
    'does not notify on this kind: add it to notifyOn, or leave notifyOn empty.',
    '未订阅这类通知：将其加入 notifyOn，或将 notifyOn 留空。',
  ),
  'group-not-wanted': forRule(
    'is for other application groups: add one of the event to applicationGroups, or leave applicationGroups empty.',
    '不包含该应用分组：将事件所属的应用分组加入 applicationGroups，或将 applicationGroups 留空。',
  ),
  'pattern-not-wanted': forRule(
    'has an event pattern that does not accept it: change pattern, or leave it out.',
    '的事件模式不接受它：修改 pattern，或将其去掉。',
  ),
  'push-off': always(
    'Security Center does not push such events to CloudMonitor: switch the item on in securityCenter.cloudMonitorPush.',
    '云安全中心未将此类事件推送到云监控：在 securityCenter.cloudMonitorPush 中开启该项。',
  ),
  'channel-banned': always(
    'Message Center never uses this channel for the item: name another channel in notifyBy.',
    '消息中心对该消息项禁用此渠道：在 notifyBy 中改用其他渠道。',
  ),
  'channel-not-received': always(
    'Message Center does not use this channel for the item: enable it in messageCenter.receiving.',
    '消息中心未对该消息项启用此渠道：在 messageCenter.receiving 中启用。',
  ),
  'no-address': forRule(
    'reaches nobody at this level: give a contact of its policy an address for a method that channelsByLevel allows, and something to send with.',
    '在该级别通知不到任何人：为其策略中的联系人填写 channelsByLevel 所允许方式的地址，并配置相应的发送方。',
  ),
  'channel-not-deployed': forRule(
    'needs a channel that is not deployed: deploy its function, or name another method.',
    '所需渠道尚未部署：部署该渠道的函数，或改用其他方式。',
  ),
  'held-for-interval': forRule(
    'waits for its notification interval: shorten interval of the policy or chatbot, or write none, to be told each at once.',
    '在等待通知间隔：如需逐条立即通知，请缩短策略或机器人的 interval，或设为 none。',
  ),
  'held-for-period': forRule(
    'is outside of the effective period of its policy: add the level to effective.passes, or change days, from and to.',
    '当前不在其策略的生效时段：将该级别加入 effective.passes，或修改 days、from、to。',
  ),
  'held-for-merge': forRule(
    'merges equal events within its window: shorten merge.window, or add to merge.by what makes them different.',
    '会合并窗口内的相同事件：缩短 merge.window，或在 merge.by 中加入能区分它们的字段。',
  ),
  'held-for-quota': forRule(
    'has used up what its target takes in this time: lengthen the interval, narrow the rule, or give the robot a pool.',
    '的目标在此时段内的限额已用完：延长通知间隔、收窄规则，或为机器人配置机器人池。',
  ),
  'held-for-moment': always(
    'What is critical goes out at such moments all the same; the rest comes when the moment is over. Nothing needs to be changed.',
    '此类时刻严重级别的消息照常发送，其余在时刻过后发送，无需修改。',
  ),
  'target-parked': forRule(
    'was too fast for its provider: lengthen the interval, or give the robot a pool; nobody else should send by the same robot.',
    '发送过快，被服务商暂停：延长通知间隔或配置机器人池，并确认没有其他程序使用同一机器人。',
  ),
  merged: forRule(
    'told it inside a merged message: to be told each by itself, shorten interval, or give the robot a pool when its limit was the reason.',
    '已在合并消息中告知：如需逐条通知，请缩短 interval；若因限额合并，请配置机器人池。',
  ),
  'target-removed': always(
    'The settings no longer have this target: give the rule another one, then send what was missed again with fenghuo replay.',
    '配置中已没有该目标：为规则配置其他目标，再用 fenghuo replay 补发。',
  ),
  'endpoint-disabled': forRule(
    'has a dead target: copy the address of the robot again or create it anew, test it, then send what was missed again with fenghuo replay.',
    '的目标已失效：重新复制机器人地址或重新创建，测试通过后用 fenghuo replay 补发。',
  ),
  'attempt-unknown': always(
    'The provider did not answer: ask the recipient; fenghuo replay --force sends it again when it is missing.',
    '服务商没有应答：请与收件人确认；如未收到，可用 fenghuo replay --force 补发。',
  ),
};

/** What to change in the settings because of this decision, naming the rule; undefined for a decision that asks for nothing. */
export const adviceFor = (decision: Pick<Decision, 'name' | 'rule'>): Bilingual | undefined =>
  ADVICE[decision.name]?.(decision);
