import type { Gate } from './gate.ts';

const instantText = (atMs: number): string => new Date(atMs).toISOString().replace('.000Z', 'Z');

const ownerText = ({ policy }: Gate): string => (policy === undefined ? 'its rule' : `policy ${policy}`);

/** In a few words what the gate waits for; undefined when it lets through at once whatever comes first. */
export const gateText = (gate: Gate): string | undefined => {
  if (gate.opensAtMs !== undefined)
    return `held until ${instantText(gate.opensAtMs)}, outside of the effective period of ${ownerText(gate)}`;
  if (gate.merge === undefined) return undefined;
  return `the first at once, equal events within ${gate.merge.windowMs / 1_000} s merged`;
};

/** What to change when a message should not have waited for a period to open. */
export const periodFix = (gate: Gate): { en: string; zh: string } => {
  const name = gate.policy ?? '';
  return {
    en: `It is outside of the effective period of ${ownerText(gate)} and goes out in one digest when that opens. To be told at once, add its level to effective.passes of the policy, or widen effective.days, from and to.`,
    zh: `当前不在通知策略${name === '' ? '' : `「${name}」`}的生效时段内，时段开始时随汇总消息一并发送。如需立即通知，请将其级别加入该策略的 effective.passes，或放宽 effective.days、from、to。`,
  };
};

/** What to change when a message should not have been merged with equal ones. */
export const mergeFix = (rule: string): { en: string; zh: string } => ({
  en: `An equal event was told a moment ago; it goes out in one message with the others when the merge window of ${rule} ends. To be told each by itself, shorten or remove merge.window there, or name more in merge.by.`,
  zh: `相同事件刚刚已通知；合并窗口结束时与其他相同事件合并为一条发送。如需逐条通知，请在 ${rule} 中缩短或删除 merge.window，或在 merge.by 中加入更多字段。`,
});
