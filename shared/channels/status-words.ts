import type { Language } from '../domain/delivery.ts';

/** Words of status that vendors use, in lower case, and what a Chinese reader calls them. */
const CHINESE = new Map(
  Object.entries({
    accomplished: '已完成',
    alarm: '告警中',
    alert: '告警中',
    avoided: '已规避',
    canceled: '已取消',
    cancelled: '已取消',
    closed: '已关闭',
    completed: '已完成',
    compliant: '合规',
    critical: '告警中',
    defense_end: '防护结束',
    defense_start: '防护开始',
    deleted: '已删除',
    enabled: '已启用',
    error: '出错',
    executed: '已执行',
    executing: '执行中',
    expired: '已过期',
    failed: '失败',
    firing: '告警中',
    inquiring: '待授权',
    insufficient_data: '数据不足',
    non_compliant: '不合规',
    normal: '正常',
    occurred: '已发生',
    ok: '正常',
    ongoing: '进行中',
    pending: '待处理',
    recovered: '已恢复',
    released: '已释放',
    resolved: '已恢复',
    running: '运行中',
    scheduled: '已计划',
    starting: '启动中',
    stopped: '已停止',
    stopping: '停止中',
    success: '成功',
    succeeded: '成功',
    unfix: '未处理',
    unfixed: '未处理',
    willexecute: '将执行',
  }),
);

/** Words that an English reader would stumble over. */
const ENGLISH = new Map(
  Object.entries({
    inquiring: 'waiting for your approval',
    insufficient_data: 'not enough data',
    non_compliant: 'not compliant',
    unfix: 'not handled',
    willexecute: 'will be executed',
  }),
);

/** Whether the status says that it is over and well, or never came to be. */
export const isOver = (status: string): boolean =>
  ['avoided', 'canceled', 'cancelled', 'resolved', 'recovered', 'ok', 'executed', 'completed'].includes(
    status.toLowerCase(),
  );

/** The one word by which a reader knows the status; the vendor's own when there is no better one. */
export const statusWord = (status: string, language: Language): string =>
  (language === 'zh' ? CHINESE : ENGLISH).get(status.toLowerCase()) ?? status;

/** A vendor's word of status for a reader; its own spelling stays beside the translation. */
export const statusText = (status: string, language: Language): string => {
  const word = (language === 'zh' ? CHINESE : ENGLISH).get(status.toLowerCase());
  if (word === undefined) return status;
  return language === 'zh' ? `${word}（${status}）` : `${word} (${status})`;
};
