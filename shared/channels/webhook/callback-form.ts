import { titleFor } from '../../domain/catalogue.ts';
import { type Brief, worstLevel } from '../../domain/digest.ts';
import type { Level } from '../../domain/level.ts';
import { productNameOf } from '../../domain/product.ts';
import type { Notice } from '../channel.ts';
import type { Sent } from './shortened.ts';
import { SOURCE } from './standard-body.ts';

/** CloudMonitor has three levels; what is between is told as the louder one. Source: alibabacloud.com/help, CloudMonitor, system event callbacks. */
const SEVERITIES: Readonly<Record<Level, string>> = {
  critical: 'CRITICAL',
  high: 'CRITICAL',
  medium: 'WARN',
  low: 'WARN',
  info: 'INFO',
};

const MAX_LINK_CHARS = 1_000;

const sysEventMetaOf = (brief: Brief, severity: string): Record<string, string> => {
  const { resource, region, name } = brief;
  const title = titleFor(brief);
  const product = productNameOf(brief.product);
  return {
    id: brief.id,
    name,
    eventNameEn: title.en,
    eventNameZh: title.zh,
    eventType: brief.type,
    eventTime: String(brief.atMs),
    level: severity,
    status: brief.status,
    product: brief.product.toUpperCase(),
    serviceTypeEn: product.en,
    serviceTypeZh: product.zh,
    resourceId: resource.arn || resource.id,
    instanceName: resource.name,
    resource: resource.id,
    regionId: region,
    regionNameEn: region,
    regionNameZh: region,
    groupId: '',
  };
};

const alertOf = (brief: Brief): object => {
  const severity = SEVERITIES[brief.level];
  const content: Record<string, string> = { ...Object.fromEntries(brief.details) };
  if (brief.resource.id !== '') content.resourceId = brief.resource.id;
  return {
    alertStatus: 'TRIGGERED',
    severity,
    product: brief.product.toUpperCase(),
    source: 'SYS_EVENT',
    eventName: brief.name,
    eventType: brief.type,
    dedupId: brief.id,
    traceId: brief.id,
    userId: brief.account,
    groupId: '',
    arn: brief.resource.arn,
    timestamp: brief.atMs,
    eventContentMap: content,
    eventRawContent: JSON.stringify(content),
    meta: { sysEventMeta: sysEventMetaOf(brief, severity) },
  };
};

/** What the vendor's callback has no field for: the exact counts, and what was left out. */
const ownFields = ({ link = '', late }: Notice, { digest, leftOut }: Sent): Record<string, string> => ({
  ...(digest.top[0]?.moreDetails === undefined ? {} : { moreDetails: String(digest.top[0].moreDetails) }),
  total: String(digest.total),
  ...(late === undefined ? {} : { late }),
  byLevel: JSON.stringify(digest.byLevel),
  ...(link === '' || link.length > MAX_LINK_CHARS ? {} : { link }),
  ...(leftOut === undefined ? {} : { leftOut: JSON.stringify(leftOut) }),
});

/**
 * The fields of CloudMonitor's own callback of an event subscription as a form, objects as JSON text, `alert` being the most severe event.
 * Source: alibabacloud.com/help, CloudMonitor, configure callbacks for system event-triggered alerts.
 */
export const callbackForm = (notice: Notice, sent: Sent): string => {
  const { digest } = sent;
  const [first] = digest.top;
  return new URLSearchParams({
    batchId: notice.id,
    severity: SEVERITIES[worstLevel(digest)],
    strategyName: notice.test ? 'test' : SOURCE,
    userId: first?.account ?? '',
    time: String(digest.lastMs),
    startTime: String(digest.firstMs),
    alertCount: String(digest.total),
    relatedAlertIds: JSON.stringify(digest.top.map(({ id }) => id)),
    subscription: JSON.stringify({ subscriptionUuid: '', conditions: [], relation: 'AND' }),
    alert: JSON.stringify(first === undefined ? {} : alertOf(first)),
    ...ownFields(notice, sent),
  }).toString();
};
