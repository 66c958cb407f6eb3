import type { DecisionName } from '../domain/decision.ts';
import type { Bilingual } from '../domain/event.ts';

const WORDS: Readonly<Record<DecisionName, Bilingual>> = {
  accepted: { en: 'Accepted and stored', zh: '已接收并落盘' },
  duplicate: { en: 'Sent again by the source, already known', zh: '来源重复投递，此前已接收' },
  matched: { en: 'A rule wants it', zh: '有规则需要它' },
  'no-rule': { en: 'No rule wants it, so nobody is told', zh: '没有规则需要它，因此不通知任何人' },
  'canary-late': {
    en: 'The canary was matched after its deadline: it counts as missing, so nobody is told',
    zh: '自检消息超过期限才匹配：已按未送达处理，不再发送',
  },
  'rule-disabled': { en: 'The rule is switched off', zh: '规则已停用' },
  'product-not-wanted': { en: 'The rule is for other products', zh: '规则不包含该产品' },
  'type-not-wanted': { en: 'The rule is for other event types', zh: '规则不包含该事件类型' },
  'name-not-wanted': { en: 'The rule is for other event names', zh: '规则不包含该事件名称' },
  'level-not-wanted': { en: 'The rule is for other levels', zh: '规则不包含该级别' },
  blacklisted: { en: 'The rule excludes it by name or level', zh: '规则按名称或级别将其排除' },
  'resource-not-wanted': { en: 'The rule is for other resources', zh: '规则不包含该资源' },
  'region-not-wanted': { en: 'The rule is for other regions', zh: '规则不包含该地域' },
  'account-not-wanted': { en: 'The rule is for other accounts', zh: '规则不包含该账号' },
  'content-not-wanted': { en: 'The keywords of the rule stop it', zh: '规则的内容关键词将其拦下' },
  'group-not-wanted': {
    en: 'The rule is for other application groups; add the group of the event to it',
    zh: '规则不包含该应用分组；如需通知，请将事件所属的应用分组加入规则',
  },
  'pattern-not-wanted': {
    en: 'A field of the event pattern does not accept it; widen that field or take it out',
    zh: '事件模式中有字段不接受该事件；如需通知，请放宽或去掉该字段',
  },
  'kind-not-notified': {
    en: 'The chatbot or notice is for other kinds of Security Center events',
    zh: '机器人或通知项不包含这类云安全中心事件',
  },
  'push-off': {
    en: 'Security Center does not push such events to CloudMonitor, so no subscription gets them',
    zh: '云安全中心未开启这类事件的云监控推送，因此订阅收不到',
  },
  'channel-banned': {
    en: 'Message Center never sends this item on the channel',
    zh: '消息中心禁止该消息项使用此渠道',
  },
  'channel-not-received': {
    en: 'Message Center does not send this item on the channel at present',
    zh: '消息中心当前未勾选该消息项的此渠道',
  },
  'no-address': {
    en: 'The contact has no address on a wanted channel, or there is nothing to send with',
    zh: '联系人在所需渠道上没有地址，或没有可用的发送配置',
  },
  'channel-not-deployed': { en: 'This channel is not deployed', zh: '该渠道尚未部署' },
  'held-for-period': {
    en: 'Held: the policy is outside of its effective period',
    zh: '等待：通知策略当前不在生效时段内',
  },
  'period-opened': {
    en: 'The effective period opened: what was held goes on as one message',
    zh: '生效时段开始，累积内容合并为一条发送',
  },
  'first-of-merge': {
    en: 'The first of its kind goes on at once; equal events in the merge window are merged',
    zh: '首个此类事件立即发送，合并窗口内的相同事件将被合并',
  },
  'held-for-merge': {
    en: 'Held: an equal event was told a moment ago, and the merge window is not over',
    zh: '等待：相同事件刚刚已通知，合并窗口尚未结束',
  },
  'merge-ended': {
    en: 'The merge window is over: equal events go on as one message',
    zh: '合并窗口结束，相同事件合并为一条发送',
  },
  'sent-at-once': { en: 'Sent at once', zh: '立即发送' },
  'held-for-interval': { en: 'Held until the notification interval is over', zh: '通知间隔未到，先行合并等待' },
  'window-closed': {
    en: 'The interval is over: what was held goes out as one message',
    zh: '间隔结束，累积内容合并为一条发送',
  },
  'held-for-quota': { en: 'Waits: the quota of the target is used up', zh: '等待：目标的发送额度已用完' },
  'held-for-moment': {
    en: 'Waits: this is a moment at which the provider is overrun',
    zh: '等待：当前是服务商的拥堵时刻',
  },
  'target-parked': { en: 'Waits: the provider said too fast', zh: '等待：服务商提示发送过快' },
  merged: { en: 'Told inside a merged message', zh: '已在合并消息中告知' },
  'attempt-started': { en: 'Sending', zh: '开始发送' },
  'attempt-unknown': {
    en: 'No answer: the provider may or may not have it',
    zh: '没有应答：服务商可能已收到，也可能没有',
  },
  'retry-later': { en: 'Failed for now, tried again later', zh: '暂时失败，稍后重试' },
  'already-told': { en: 'Already finished, not told twice', zh: '此前已完成，不重复告知' },
  'target-removed': { en: 'The settings no longer have this target', zh: '配置中已没有该目标' },
  'endpoint-disabled': {
    en: 'Not sent: the endpoint is switched off, because the provider said that nothing can arrive there',
    zh: '未发送：服务商表示该地址已失效，端点已停用',
  },
  'fell-back': { en: 'Went on to another channel', zh: '已转由其他渠道发送' },
  escalated: { en: 'Nobody acknowledged in time: further groups are told', zh: '超时无人确认，已升级通知其他联系组' },
  repeated: { en: 'Nobody acknowledged in time: the same people are told again', zh: '超时无人确认，已再次通知' },
  acknowledged: { en: 'Acknowledged: nobody else is told', zh: '已有人确认，不再继续通知' },
  'escalation-ended': { en: 'Nothing more follows', zh: '不再继续升级或重复通知' },
  delivered: { en: 'Delivered: the provider confirmed it', zh: '已送达：服务商已确认' },
  refused: { en: 'Refused by the provider', zh: '被服务商拒绝' },
  dead: { en: 'Given up after the last attempt', zh: '多次尝试后放弃' },
  redriven: { en: 'Found stuck and put back on its way', zh: '发现滞留，已重新推进' },
  replayed: { en: 'Sent again on request, marked as late', zh: '应要求重新发送，并标明为补发' },
};

/** What a decision means, in a few words for people. */
export const wordsFor = (name: DecisionName): Bilingual => WORDS[name];
