import { durationMs } from './duration.ts';
import type { Settings } from './settings.ts';
import type { SettingsFinding } from './settings-finding.ts';

const WHY = 'without receipts nobody could say what became of an event, so they are kept as long as their events';

/** Receipts that are asked to go before their events. */
export const retentionFindings = ({ retention = {} }: Settings): SettingsFinding[] => {
  const { events, deliveries } = retention;
  if (deliveries === undefined) return [];
  const path = 'retention.deliveries';
  if (events === undefined)
    return [{ path, what: 'has no effect while events are kept for ever', why: WHY, fix: 'set retention.events too' }];
  if ((durationMs(deliveries) ?? 0) >= (durationMs(events) ?? 0)) return [];
  return [
    {
      path,
      what: `is shorter than retention.events, so ${events} holds`,
      why: WHY,
      fix: `set it to ${events} or more`,
    },
  ];
};
