import type { Notice } from '../channel.ts';
import type { Sent } from './shortened.ts';
import { dataOf, isoOf, SOURCE, typeOf } from './standard-body.ts';

/** What one CloudEvent is about; absent when it is about several events. */
const subjectOf = ({ digest }: Sent): { subject?: string } => {
  const resource = digest.total === 1 ? digest.top[0]?.resource : undefined;
  const subject = resource?.arn || resource?.id;
  return subject ? { subject } : {};
};

/** One CloudEvent in structured JSON; `id` and `source` stay the same over all attempts. Source: github.com/cloudevents/spec, 1.0.2. */
export const cloudEventBody = (notice: Notice, sent: Sent): string =>
  JSON.stringify({
    specversion: '1.0',
    id: notice.id,
    source: `urn:${SOURCE}`,
    type: `${SOURCE}.${typeOf(notice)}`,
    time: isoOf(notice.digest.lastMs),
    ...subjectOf(sent),
    datacontenttype: 'application/json',
    data: dataOf(notice, sent),
  });
