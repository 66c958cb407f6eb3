import type { Facts } from './draft.ts';
import type { Envelope } from './envelope.ts';
import { firstOf, textOf } from './fields.ts';
import { instantOf } from './instant.ts';
import type { JsonObject } from './json.ts';

const bodyOf = (body: JsonObject): unknown => body.Message ?? body.messageBody ?? body.MessageBody ?? body.body;

const originOf = (body: JsonObject): string =>
  firstOf(textOf(body.TopicName), textOf(body.QueueName), textOf(body.SubscriptionName));

/** A message whose body is no event that we know is an event itself: somebody published a text. */
const readOne = (body: JsonObject): Facts => {
  const origin = originOf(body);
  const message = textOf(bodyOf(body));
  return {
    source: 'topic',
    product: 'mns',
    type: 'Message',
    name: 'Message',
    status: '',
    level: '',
    resource: { id: origin, type: origin === '' ? '' : 'topic', name: origin, arn: '' },
    region: '',
    account: firstOf(textOf(body.TopicOwner), textOf(body.Subscriber)),
    occurredAtMs: instantOf(body.PublishTime),
    content: { message },
    vendorId: firstOf(textOf(body.MessageId), textOf(body.messageId)),
    marks: [],
    title:
      origin === ''
        ? { en: 'Message published', zh: '收到消息' }
        : { en: `Message published to ${origin}`, zh: `${origin} 收到消息` },
  };
};

const STREAM_KEYS: ReadonlySet<string> = new Set(['body', 'attrs']);

const isStream = (body: JsonObject): boolean =>
  'body' in body && 'attrs' in body && Object.keys(body).every((key) => STREAM_KEYS.has(key));

/** A message of an SMQ topic or queue: the JSON notification, the stream form with attributes, a queue message as received. */
export const topic: Envelope = {
  claims: (body) =>
    ('Message' in body && ('TopicName' in body || 'MessageId' in body)) ||
    'messageBody' in body ||
    'MessageBody' in body ||
    isStream(body),
  read: (body) => [readOne(body)],
  unwrap: bodyOf,
};
