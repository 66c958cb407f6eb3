import { describe, expect, it } from 'vitest';
import { type Event, eventSchema } from '../../shared/domain/event.ts';
import type { EventDraft } from '../../shared/sources/index.ts';
import { logRowSchema } from '../../shared/stages/events-log.ts';
import { type Batch, eventWritesOf, incomingOf, logWriteOf, messageOf } from '../../shared/stages/ingest-batch.ts';

const event: Event = {
  id: 'evt_1',
  source: 'native',
  product: 'ecs',
  type: 'StatusNotification',
  name: 'Instance:StateChange',
  status: 'Executing',
  level: 'medium',
  vendorLevel: 'warn',
  resource: { id: 'i-1', type: 'instance', name: 'web-1', arn: 'acs:ecs:cn-hangzhou:135:instance/i-1' },
  region: 'cn-hangzhou',
  account: '135',
  occurredAtMs: 1,
  receivedAtMs: 2,
  title: { en: 'Stopped', zh: '已停止' },
  content: { state: 'Stopped' },
};

const RECEIVED_MS = 7;
const batchWith = (of: Event | EventDraft): Batch => ({
  batch: 'bat_1',
  receivedAtMs: RECEIVED_MS,
  items: [incomingOf(of, { text: '{"a":1}', ours: true })],
});
const { receivedAtMs: _, ...draft } = event;
const stored = { ...event, receivedAtMs: RECEIVED_MS };

describe('an event about to be stored', () => {
  it('has every member of an event in this test', () => {
    expect(Object.keys(event).sort()).toEqual(Object.keys(eventSchema.shape).sort());
  });

  it.each([
    ['a draft', draft],
    ['an event that was received before', event],
  ])('is in its row and in the message of its batch with every member once, received with the batch: %s', (_, of) => {
    const batch = batchWith(of);
    const [write] = eventWritesOf(batch);
    const body = write?.kind === 'put' ? write.body : '';
    expect(JSON.parse(body)).toEqual({ event: stored, json: { a: 1 }, batch: 'bat_1' });
    expect(body.match(/"receivedAtMs"/g)).toHaveLength(1);
    expect(JSON.parse(messageOf(batch).body)).toEqual({ kind: 'events', batch: 'bat_1', attempt: 0, events: [stored] });
  });

  it('has a line in the log that the reader of the log knows', () => {
    const write = logWriteOf(batchWith(draft));
    const { entries, ...row } = logRowSchema.parse(JSON.parse(write.kind === 'put' ? write.body : ''));
    expect(row).toEqual({ batch: 'bat_1', receivedAtMs: RECEIVED_MS });
    expect(entries).toMatchObject([
      { id: 'evt_1', name: 'Instance:StateChange', resource: { id: 'i-1', name: 'web-1' } },
    ]);
  });
});
