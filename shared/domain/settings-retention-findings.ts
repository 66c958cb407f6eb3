import { durationMs } from './duration.ts';
import type { Settings } from './settings.ts';
import { finding, type SettingsFinding } from './settings-finding.ts';

const HEAD = { code: 'receipts-kept-as-events', severity: 'remind', path: 'retention.deliveries' } as const;

const WHY = 'without receipts nobody could say what became of an event, so they are kept as long as their events';
const WHY_ZH = '没有回执就无法说明事件的处理结果，因此回执与事件保留同样长的时间';

/** Receipts that are asked to go before their events. */
export const retentionFindings = ({ retention = {} }: Settings): SettingsFinding[] => {
  const { events, deliveries } = retention;
  if (deliveries === undefined) return [];
  if (events === undefined)
    return [
      finding(
        HEAD,
        ['has no effect while events are kept for ever', WHY, 'set retention.events too'],
        ['事件永久保留，因此不起作用', WHY_ZH, '同时设置 retention.events'],
      ),
    ];
  if ((durationMs(deliveries) ?? 0) >= (durationMs(events) ?? 0)) return [];
  return [
    finding(
      HEAD,
      [`is shorter than retention.events, so ${events} holds`, WHY, `set it to ${events} or more`],
      [`短于 retention.events，按 ${events} 执行`, WHY_ZH, `设为 ${events} 或更长`],
    ),
  ];
};
