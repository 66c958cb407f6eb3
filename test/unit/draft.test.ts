import { describe, expect, it } from 'vitest';
import { type Event, eventSchema } from '../../shared/domain/event.ts';
import { eventFrom } from '../../shared/sources/index.ts';

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

describe('a draft', () => {
  it('has every member of an event in this test, but the instant of receipt', () => {
    expect(Object.keys(event).sort()).toEqual(Object.keys(eventSchema.shape).sort());
  });

  it('becomes an event with every member', () => {
    const { receivedAtMs, ...draft } = event;
    expect(eventFrom(draft, receivedAtMs)).toEqual(event);
  });
});
