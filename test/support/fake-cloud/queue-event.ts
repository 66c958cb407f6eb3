import { randomUUID } from 'node:crypto';

/** One message as the trigger received it, in Base64. */
export interface Received {
  id: string;
  base64: string;
  receipt: string;
}

interface EventWorld {
  queue: string;
  region: string;
  accountId: string;
  nowMs: number;
  /** From 0 to 1. */
  random: () => number;
}

/** As often is an item a JSON text and not an object: the vendor's samples disagree. */
const TEXT_CHANCE = 0.2;
/** As often is a body an object already. */
const OBJECT_CHANCE = 0.1;

const bodyOf = (base64: string, random: () => number): unknown => {
  const text = Buffer.from(base64, 'base64').toString('utf8');
  return random() < OBJECT_CHANCE ? JSON.parse(text) : text;
};

const itemOf = ({ id, base64 }: Received, world: EventWorld): object => {
  const { queue, region, accountId, nowMs, random } = world;
  const time = new Date(nowMs).toISOString();
  return {
    id,
    source: `MNS-${queue}`,
    specversion: '1.0',
    type: 'mns:Queue:SendMessage',
    datacontenttype: 'application/json; charset=utf-8',
    subject: `acs:mns:${region}:${accountId}:queues/${queue}`,
    time,
    aliyunaccountid: accountId,
    aliyunpublishtime: time,
    aliyunregionid: region,
    data: { requestId: randomUUID(), messageId: id, messageBody: bodyOf(base64, random) },
  };
};

/** The event of event streaming for a batch: an array of CloudEvents, some of them as JSON text. */
export const queueEvent = (batch: readonly Received[], world: EventWorld): Buffer =>
  Buffer.from(
    JSON.stringify(
      batch.map((one) => {
        const item = itemOf(one, world);
        return world.random() < TEXT_CHANCE ? JSON.stringify(item) : item;
      }),
    ),
  );
