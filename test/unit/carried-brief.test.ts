import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CarriedBrief } from '../../shared/domain/carried-brief.ts';
import { deliverMessageSchema } from '../../shared/domain/deliver-message.ts';
import { type Brief, briefSchema } from '../../shared/domain/digest.ts';
import { LEVELS } from '../../shared/domain/level.ts';
import { notificationsMessageSchema } from '../../shared/domain/messages.ts';
import { StageWorld } from '../support/stage-world.ts';

const SEPARATOR = '\u007f';

const text = fc.string({ unit: 'binary', maxLength: 20 });
const bilingual = fc.record({ zh: text, en: text });
const briefs: fc.Arbitrary<Brief> = fc
  .record(
    {
      id: text,
      product: text,
      type: text,
      name: text,
      status: text,
      level: fc.constantFrom(...LEVELS),
      vendorLevel: text,
      resource: fc.record({ id: text, type: text, name: text, arn: text }),
      region: text,
      account: text,
      atMs: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
      title: bilingual,
      details: fc.array(fc.tuple(text, text), { maxLength: 8 }),
      moreDetails: fc.nat(),
    },
    {
      requiredKeys: [
        'id',
        'product',
        'type',
        'name',
        'status',
        'level',
        'vendorLevel',
        'resource',
        'region',
        'account',
        'atMs',
        'details',
      ],
    },
  )
  // JSON has no negative zero.
  .map((brief) => ({ ...brief, atMs: brief.atMs + 0 }));

/** What the next stage gets out of the message. */
const carried = (brief: Brief): CarriedBrief => {
  const read = CarriedBrief.from(JSON.parse(JSON.stringify(CarriedBrief.of(brief))));
  if (read === undefined) throw new Error('not read');
  return read;
};

const plain: Brief = {
  id: 'evt_1',
  product: 'ecs',
  type: 'Exception',
  name: 'Instance:SystemFailure.Reboot',
  status: 'Executing',
  level: 'critical',
  vendorLevel: 'CRITICAL',
  resource: { id: 'i-1', type: 'instance', name: 'web-1', arn: '' },
  region: 'cn-hangzhou',
  account: '1',
  atMs: 1_700_000_000_000,
  details: [['reason', 'says "no"']],
};

describe('a brief in a queue message', () => {
  it('comes out as it went in, with its id, whatever it says', () => {
    fc.assert(
      fc.property(briefs, (brief) => {
        const read = carried(brief);
        expect(read.brief).toEqual(JSON.parse(JSON.stringify(brief)));
        expect(read.id).toBe(JSON.parse(JSON.stringify(brief.id)));
        expect(JSON.stringify(read)).toBe(JSON.stringify(CarriedBrief.of(brief)));
      }),
      { numRuns: 500 },
    );
  });

  it('is one line of text, shorter than the object', () => {
    const { wire } = CarriedBrief.of(plain);
    expect(wire).toBeTypeOf('string');
    expect(JSON.stringify(wire).length).toBeLessThan(JSON.stringify(plain).length * 0.7);
  });

  it.each([
    ['a field', { ...plain, name: `a${SEPARATOR}b` }],
    ['a detail', { ...plain, details: [['reason', SEPARATOR]] satisfies Brief['details'] }],
    ['a title', { ...plain, title: { zh: '', en: SEPARATOR } }],
  ])('stays an object when the separator stands in %s', (_, brief) => {
    expect(CarriedBrief.of(brief).wire).toBe(brief);
    expect(carried(brief).brief).toEqual(brief);
    expect(carried(brief).id).toBe('evt_1');
  });

  it('may be an object, as releases before lines wrote it', () => {
    expect(CarriedBrief.from(plain)?.brief).toEqual(plain);
  });

  const line = String(CarriedBrief.of(plain).wire);
  it.each([
    ['an empty text', ''],
    ['a text without fields', 'evt_1'],
    ['a line that was cut', line.split(SEPARATOR).slice(0, 17).join(SEPARATOR)],
    ['a level that there is not', line.replace(`${SEPARATOR}critical${SEPARATOR}`, `${SEPARATOR}loud${SEPARATOR}`)],
    ['an instant that is none', line.replace('1700000000000', 'yesterday')],
    ['no instant', line.replace('1700000000000', '')],
    ['an object that lacks fields', { id: 'evt_1' }],
    ['a number', 7],
    ['nothing', null],
  ])('is refused when it is %s', (_, wire) => {
    expect(CarriedBrief.from(wire)).toBeUndefined();
    const item = {
      e: 0,
      target: 'webhook:a',
      channel: 'webhook',
      rule: 'subscription:a',
      intervalMs: 0,
      language: 'en',
    };
    const unit = { batch: 'bat_1', part: 0, briefs: [wire], items: [item] };
    expect(
      notificationsMessageSchema.safeParse({ kind: 'notifications', attempt: 0, units: [unit] }).error?.issues,
    ).toMatchObject([{ message: 'not a list of briefs', path: ['units', 0, 'briefs'] }]);
    const delivery = {
      id: 'dlv_1',
      target: 'webhook:a',
      channel: 'webhook',
      rule: 'subscription:a',
      language: 'en',
      b: 0,
    };
    const message = { kind: 'deliver', attempt: 0, briefs: [wire], deliveries: [delivery] };
    expect(deliverMessageSchema.safeParse(message).success).toBe(false);
  });

  it('passes fanout as it is', async () => {
    const world = new StageWorld();
    const message = world.notify([world.event(), world.event()], { target: 'a', intervalMs: 0 });
    await world.send([message]);
    await world.step('notifications');
    const [sent] = await world.platform.queue.receive({ queue: 'deliver-fake', max: 1, visibilityMs: 1_000 });
    const wires = message.units[0]!.briefs.map(({ wire }) => wire);
    expect(wires.every((wire) => typeof wire === 'string')).toBe(true);
    expect(JSON.parse(sent!.body).briefs).toEqual(wires);
  });
});

describe('a message of many items', () => {
  const item = { e: 0, target: 'webhook:a', channel: 'webhook', rule: 'subscription:a', intervalMs: 0, language: 'en' };
  const read = (items: unknown) =>
    notificationsMessageSchema.safeParse({
      kind: 'notifications',
      attempt: 0,
      units: [{ batch: 'bat_1', part: 0, briefs: [CarriedBrief.of(plain).wire], items }],
    });

  it('reads usual ones and those with more to them alike', () => {
    const acknowledged = { ...item, ack: true };
    const fallback = { afterMs: 1_000, steps: [{ target: 'sms:a', channel: 'sms', language: 'en' }] };
    const items = [item, acknowledged, { ...item, fallback }];
    expect(read(items).data?.units[0]?.items).toHaveLength(3);
    expect(read([item]).data?.units[0]?.items).toEqual([item]);
    expect(read([acknowledged]).data?.units[0]?.items).toEqual([acknowledged]);
  });

  it.each([
    ['a language that nobody reads', [item, { ...item, language: 'fr' }], /language/],
    ['a missing target', [{ ...item, target: undefined }], /target/],
    ['no list', 'items', /./],
    ['nothing', undefined, /./],
  ])('is refused for %s, with the path', (_, items, words) => {
    const { error } = read(items);
    expect(error?.issues[0]?.path.slice(0, 3)).toEqual(['units', 0, 'items']);
    expect(`${error?.issues[0]?.path.join('.')} ${error?.issues[0]?.message}`).toMatch(words);
  });
});

it('a brief of the schema has no field that a line leaves out', () => {
  expect(Object.keys(briefSchema.shape).sort()).toEqual([...Object.keys(plain), 'title', 'moreDetails'].sort());
});
