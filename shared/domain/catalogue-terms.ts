import type { Bilingual } from './event.ts';

/** Life-cycle words of maintenance events as CloudMonitor spells them. */
export const STATUS_TERMS: ReadonlyMap<string, Bilingual> = new Map([
  ['Scheduled', { en: 'scheduled', zh: '已计划' }],
  ['Inquiring', { en: 'awaiting your response', zh: '等待您响应' }],
  ['Executing', { en: 'in progress', zh: '执行中' }],
  ['Executed', { en: 'completed', zh: '已完成' }],
  ['Avoided', { en: 'avoided', zh: '已避免' }],
  ['Canceled', { en: 'canceled', zh: '已取消' }],
  ['Failed', { en: 'failed', zh: '执行失败' }],
  ['WillExecute', { en: 'upcoming', zh: '即将执行' }],
  ['RESOLVED', { en: 'resolved', zh: '已恢复' }],
]);

const CAUSES: ReadonlyMap<string, Bilingual> = new Map([
  ['SystemMaintenance', { en: 'system maintenance', zh: '系统维护' }],
  ['SystemFailure', { en: 'a system failure', zh: '系统故障' }],
  ['InstanceFailure', { en: 'an instance failure', zh: '实例故障' }],
  ['AccountUnbalanced', { en: 'an overdue payment', zh: '账号欠费' }],
  ['InstanceExpiration', { en: 'an expired subscription', zh: '包年包月到期' }],
]);

const ACTIONS: ReadonlyMap<string, Bilingual> = new Map([
  ['Reboot', { en: 'restart', zh: '重启' }],
  ['Redeploy', { en: 'redeployment', zh: '重新部署' }],
  ['Stop', { en: 'stop', zh: '停止' }],
  ['Delete', { en: 'release', zh: '释放' }],
  ['PerformanceImpact', { en: 'performance impact', zh: '性能受影响' }],
  ['PerformanceAffect', { en: 'performance restriction', zh: '性能受限' }],
  ['IsolateErrorDisk', { en: 'disk isolation', zh: '隔离坏盘' }],
  ['ReInitErrorDisk', { en: 'disk replacement', zh: '恢复坏盘' }],
  ['RebootAndIsolateErrorDisk', { en: 'restart and disk isolation', zh: '重启并隔离坏盘' }],
  ['RebootAndReInitErrorDisk', { en: 'restart and disk replacement', zh: '重启并恢复坏盘' }],
  ['Transfer', { en: 'migration', zh: '迁移' }],
  ['MinorVersionUpgrade', { en: 'minor version upgrade', zh: '小版本升级' }],
]);

const NAME = /^Instance:(\w+)\.(\w+)$/;

/** The title of an `Instance:<cause>.<action>` name made of its terms; undefined when a term is not known. */
export const composedTitleOf = (name: string): Bilingual | undefined => {
  const [, causeWord = '', actionWord = ''] = NAME.exec(name) ?? [];
  const cause = CAUSES.get(causeWord);
  const action = ACTIONS.get(actionWord);
  if (cause === undefined || action === undefined) return undefined;
  return { en: `Instance ${action.en} due to ${cause.en}`, zh: `实例因${cause.zh}${action.zh}` };
};
