import { beforeEach, describe, expect, it } from 'vitest';
import { parseYaml } from '../../shared/adapters/local/yaml.ts';
import type { Decision } from '../../shared/domain/decision.ts';
import type { Event } from '../../shared/domain/event.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { consoleOf, consoleParts } from '../support/console-parts.ts';
import { testSealer } from '../support/test-sealer.ts';
import { robot, settingsOf, WholeWorld } from '../support/whole-world.ts';

const MINUTE = 60_000;
const CHINESE = /\p{Script=Han}/u;

const refusal = (endpointDead: boolean): Outcome => ({
  kind: 'refused',
  endpointDead,
  code: '310000',
  cause: 'keyword',
  text: 'keywords not in content',
  fix: { zh: '在 keywords 中填写机器人的关键词', en: 'Enter one of the keywords of the robot in keywords.' },
});

const SETTINGS = settingsOf({
  contacts: [robot('a')],
  contactGroups: [{ name: 'g', contacts: ['a'] }],
  notificationPolicies: [
    { name: 'now', contactGroups: ['g'] },
    { name: 'slow', contactGroups: ['g'], interval: '5m' },
  ],
  subscriptions: [
    { name: 'grave', products: ['ecs'], levels: ['critical'], policy: 'now' },
    { name: 'calm', products: ['rds'], policy: 'slow' },
    { name: 'not-noise', products: ['oss'], blacklist: true, eventNames: ['Noise'], policy: 'now' },
  ],
  assetGroups: [{ name: 'web', resources: ['i-web*'] }],
  chatbots: [
    { name: 'guard', type: 'webhook', url: 'https://robots.example/guard', assetGroups: ['web'], interval: 'none' },
  ],
});

interface Line extends Decision {
  advice?: { en: string; zh: string };
}

let world: WholeWorld;

const why = async (id: string): Promise<Line[]> => {
  const ask = consoleOf({
    ...world.ports,
    ...consoleParts({ ...world.ports, sealer: testSealer, claimChannel: () => 'webhook' }, world.ports),
    sealer: testSealer,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    claimChannel: () => 'webhook',
    parseYaml,
    metricsText: () => Promise.resolve(''),
    settingsEnv: {},
    accessToken: 'token',
  });
  const headers = { authorization: 'Bearer token' };
  const { body } = await ask({ method: 'GET', path: `/api/events/${id}`, query: {}, headers, body: '' });
  return JSON.parse(body).trace;
};

/** Lets this event come in, and gives the lines of its trace with that name. */
const linesOf = async (over: Partial<Event>, name: string): Promise<Line[]> => {
  const event = world.event(over);
  await world.accept([event]);
  await world.run(10 * MINUTE);
  return (await why(event.id)).filter((line) => line.name === name);
};

const expectAdvice = (line: Line | undefined, rule: string | undefined, en: RegExp): void => {
  expect(line?.rule).toBe(rule);
  expect(line?.advice?.en).toMatch(en);
  expect(line?.advice?.zh).toMatch(CHINESE);
  if (rule !== undefined && line?.name !== 'refused') {
    expect(line?.advice?.en).toContain(rule);
    expect(line?.advice?.zh).toContain(rule);
  }
};

beforeEach(() => {
  world = new WholeWorld(SETTINGS);
});

describe('why', () => {
  it('says of what nobody wanted that a subscription must fit it, and of each rule what stopped it', async () => {
    const [none] = await linesOf({ product: 'slb' }, 'no-rule');
    expectAdvice(none, undefined, /add a subscription that fits it/);
    const others = await linesOf({ product: 'slb' }, 'product-not-wanted');
    expectAdvice(others[0], 'subscription:grave', /add the product of the event to products/);
  });

  it('names the rule that takes other levels', async () => {
    const [line] = await linesOf({ level: 'info' }, 'level-not-wanted');
    expectAdvice(line, 'subscription:grave', /add it to levels/);
  });

  it('names the rule whose blacklist leaves it out', async () => {
    const [line] = await linesOf({ product: 'oss', name: 'Noise' }, 'blacklisted');
    expectAdvice(line, 'subscription:not-noise', /take the name or level out of the list/);
  });

  it('names the chatbot that is for other asset groups', async () => {
    const over = { product: 'sas', type: 'Suspicious', resource: { id: 'i-db1', type: '', name: '', arn: '' } };
    const [line] = await linesOf(over, 'resource-not-wanted');
    expectAdvice(line, 'chatbot:guard', /assetGroups/);
  });

  it('names the rule whose interval held it, and that it was merged', async () => {
    await world.accept([world.event({ product: 'rds' })]);
    await world.run(MINUTE);
    const [line] = await linesOf({ product: 'rds' }, 'held-for-interval');
    expectAdvice(line, 'subscription:calm', /shorten interval/);
    world = new WholeWorld(SETTINGS, { windows: [{ limit: 1, windowMs: MINUTE }], maxSendMs: 0 });
    await world.accept([world.event({ level: 'critical' })]);
    const crowd = [
      world.event({ level: 'critical' }),
      world.event({ level: 'critical' }),
      world.event({ level: 'critical' }),
    ];
    await world.accept(crowd);
    await world.run(10 * MINUTE);
    const merged = (await Promise.all(crowd.map(({ id }) => why(id)))).flat().find(({ name }) => name === 'merged');
    expectAdvice(merged, 'subscription:grave', /shorten interval, or give the robot a pool/);
  });

  it('gives for a refusal for a missing keyword the fix of the provider, under its rule', async () => {
    world.answer = () => refusal(false);
    const [line] = await linesOf({ level: 'critical' }, 'refused');
    expectAdvice(line, 'subscription:grave', /Enter one of the keywords/);
  });

  it('names the rule whose target is switched off', async () => {
    world.answer = () => refusal(true);
    await world.accept([world.event({ level: 'critical' })]);
    await world.run(MINUTE);
    const [line] = await linesOf({ level: 'critical' }, 'endpoint-disabled');
    expectAdvice(line, 'subscription:grave', /test it, then send what was missed again with fenghuo replay/);
  });

  it('names the rule that quiet hours hold', async () => {
    const effective = { from: '20:00', to: '22:00', passes: ['critical'] };
    world = new WholeWorld(
      settingsOf({
        timezone: 'UTC',
        contacts: [robot('a')],
        contactGroups: [{ name: 'g', contacts: ['a'] }],
        notificationPolicies: [{ name: 'evening', contactGroups: ['g'], effective }],
        subscriptions: [{ name: 'held', policy: 'evening' }],
      }),
    );
    const [line] = await linesOf({}, 'held-for-period');
    expectAdvice(line, 'subscription:held', /add the level to effective\.passes, or change days, from and to/);
  });

  it('asks for nothing when all went well', async () => {
    const event = world.event({ level: 'critical' });
    await world.accept([event]);
    await world.run(MINUTE);
    const trace = await why(event.id);
    const told = trace.filter(({ name }) => ['accepted', 'matched', 'delivered', 'sent-at-once'].includes(name));
    expect(told.length).toBeGreaterThan(2);
    expect(told.filter(({ advice }) => advice !== undefined)).toEqual([]);
  });
});
