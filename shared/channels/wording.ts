import type { Language, LateReason } from '../domain/delivery.ts';
import type { Bilingual } from '../domain/event.ts';
import type { Level } from '../domain/level.ts';

const LEVEL_NAMES: Readonly<Record<Level, Bilingual>> = {
  critical: { zh: '紧急', en: 'Critical' },
  high: { zh: '严重', en: 'High' },
  medium: { zh: '警告', en: 'Medium' },
  low: { zh: '提醒', en: 'Low' },
  info: { zh: '通知', en: 'Info' },
};

/** The name of a level for a reader. */
export const levelName = (level: Level, language: Language): string => LEVEL_NAMES[level][language];

/** The fixed words of a message in one language; functions take exact counts. */
export interface Wording {
  level: string;
  levels: string;
  what: string;
  status: string;
  resource: string;
  region: string;
  account: string;
  time: string;
  span: string;
  meaning: string;
  byName: string;
  mostSevere: string;
  open: string;
  openAll: string;
  colon: string;
  test: string;
  testTitle: string;
  testText: string;
  vendorLevel(own: string, vendor: string): string;
  withName(name: string, id: string): string;
  total(count: number): string;
  /** `kinds` besides the first; `atLeast` when there are too many to count apart. */
  otherKinds(kinds: number, atLeast: boolean): string;
  moreEvents(shown: number, more: number): string;
  moreOfOtherKinds(more: number): string;
  detailsLeftOut(count: number): string;
  /** Fields of the event that no message of it ever had. */
  moreDetails(count: number): string;
  /** Stands in a message whose mentions the provider refused. */
  nobodyMentioned: string;
  /** Why a message comes by this way; `name` may be empty. */
  insteadOf(channel: string, name: string, why: 'failed' | 'late'): string;
  /** Why the message comes now; `count` when only so many of its events waited. */
  quietHours(since: string, count: number | undefined): string;
  /** Says that this happened long ago and why it is sent again. */
  late(when: string, why: LateReason): string;
}

const ENGLISH_REASONS: Readonly<Record<LateReason, string>> = {
  refused: 'the first message was refused',
  dead: 'the first message could not be delivered',
  suppressed: 'the first message was not sent',
  missed: 'no rule wanted it then',
  mixed: 'earlier messages did not arrive',
};

const CHINESE_REASONS: Readonly<Record<LateReason, string>> = {
  refused: '首次发送被拒绝',
  dead: '首次未能送达',
  suppressed: '首次未发送',
  missed: '当时没有规则需要它',
  mixed: '此前的消息未送达',
};

const ENGLISH: Wording = {
  level: 'Level',
  levels: 'Levels',
  what: 'What happened',
  status: 'Status',
  resource: 'Resource',
  region: 'Region',
  account: 'Account',
  time: 'Time',
  span: 'Time span',
  meaning: 'What it means',
  byName: 'By kind',
  mostSevere: 'Most severe',
  open: 'Open the event',
  openAll: 'See all of them',
  colon: ': ',
  test: 'Test',
  testTitle: 'Fenghuo test message',
  testText: 'This is a test. Messages from Fenghuo arrive here; nothing happened and nothing needs to be done.',
  vendorLevel: (own, vendor) => `${own} (vendor: ${vendor})`,
  withName: (name, id) => `${name} (${id})`,
  total: (count) => `${count} ${count === 1 ? 'event' : 'events'}`,
  otherKinds: (kinds, atLeast) => ` and ${kinds}${atLeast ? '+' : ''} more ${kinds === 1 ? 'kind' : 'kinds'}`,
  moreEvents: (shown, more) => `${shown} shown, ${more} more`,
  moreOfOtherKinds: (more) => `${more} of other kinds`,
  detailsLeftOut: (count) => `${count} ${count === 1 ? 'detail' : 'details'} left out`,
  moreDetails: (count) => `${count} more ${count === 1 ? 'detail' : 'details'} in the event.`,
  nobodyMentioned: 'Nobody was mentioned: this group does not allow it, or does not know the id.',
  insteadOf: (channel, name, why) =>
    `Sent this way because ${channel}${name === '' ? '' : ` (${name})`} ${why === 'late' ? 'had not delivered it in time' : 'did not confirm delivery'}.`,
  quietHours: (since, count) =>
    `${count === undefined ? 'Held' : `${count} of these held`} during quiet hours since ${since} and told when they ended.`,
  late: (when, why) => `Late: happened at ${when}, sent again because ${ENGLISH_REASONS[why]}.`,
};

const CHINESE: Wording = {
  level: '级别',
  levels: '级别统计',
  what: '事件',
  status: '状态',
  resource: '资源',
  region: '地域',
  account: '账号',
  time: '时间',
  span: '时间范围',
  meaning: '说明',
  byName: '按类型统计',
  mostSevere: '最严重的事件',
  open: '查看事件',
  openAll: '查看全部',
  colon: '：',
  test: '测试',
  testTitle: '烽火测试消息',
  testText: '这是一条测试消息。烽火的通知可以送达这里；没有发生任何事件，无需处理。',
  vendorLevel: (own, vendor) => `${own}（原始级别：${vendor}）`,
  withName: (name, id) => `${name}（${id}）`,
  total: (count) => `共 ${count} 个事件`,
  otherKinds: (kinds, atLeast) => `等 ${kinds + 1} 类${atLeast ? '以上' : ''}`,
  moreEvents: (shown, more) => `已显示 ${shown} 条，另有 ${more} 条`,
  moreOfOtherKinds: (more) => `其他类型 ${more} 条`,
  detailsLeftOut: (count) => `省略了 ${count} 项详情`,
  moreDetails: (count) => `事件中还有 ${count} 项详情。`,
  nobodyMentioned: '未能 @ 任何人：群设置不允许，或群内没有该成员 ID。',
  insteadOf: (channel, name, why) =>
    `${channel}${name === '' ? '' : `（${name}）`}${why === 'late' ? '未能按时送达' : '未能确认送达'}，因此改由此渠道发送。`,
  quietHours: (since, count) =>
    `${count === undefined ? '' : `其中 ${count} 个`}自 ${since} 起处于静默时段而暂缓，时段结束后汇总发送。`,
  late: (when, why) => `补发：发生于 ${when}，因${CHINESE_REASONS[why]}，现重新发送。`,
};

/** The fixed words of a message for a reader. */
export const wordingOf = (language: Language): Wording => (language === 'zh' ? CHINESE : ENGLISH);
