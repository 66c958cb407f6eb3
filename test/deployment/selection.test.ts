import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CHANNEL_NAMES } from '../../shared/channels/registry.ts';
import { environmentOf, readSelection, selectFrom } from '../../shared/deployment/selection.ts';
import { renderTemplate } from '../../shared/deployment/template-render.ts';
import { templateSchema } from '../../shared/deployment/template-schema.ts';
import { ROOT } from '../support/source-files.ts';

const KNOWN = [...CHANNEL_NAMES];
const TEXT = readFileSync(join(ROOT, 's.yaml'), 'utf8');
const TEMPLATE = templateSchema.parse(parse(readFileSync(join(ROOT, 'shared/deployment/infrastructure.yaml'), 'utf8')));

const stackWith = (parameters: Record<string, string>) =>
  renderTemplate(TEMPLATE, {
    region: 'cn-hangzhou',
    accountId: '1000000000000000',
    parameters: { Prefix: 'fenghuo-dev', TablePrefix: 'fenghuo_dev', InstanceName: 'fenghuo-dev', ...parameters },
  });

const queuesOf = (parameters: Record<string, string>): unknown[] =>
  [...stackWith(parameters).resources.values()]
    .filter(({ type }) => type === 'ALIYUN::MNS::Queue')
    .map(({ properties }) => properties.QueueName);

describe('the choice of channels', () => {
  it('is all of them when nothing is said', () => {
    expect(readSelection({}, KNOWN)).toEqual({ channels: undefined, notifyQueue: true });
    expect(parse(selectFrom(TEXT, KNOWN, readSelection({}, KNOWN)))).toEqual(parse(TEXT));
  });

  it('removes the functions of the others and nothing else', () => {
    const selected = parse(selectFrom(TEXT, KNOWN, readSelection({ FENGHUO_CHANNELS: ' sms , email,' }, KNOWN)));
    const left = Object.keys(parse(TEXT).resources).filter((name) => !/^deliver-(?!sms$|email$)/.test(name));
    expect(Object.keys(selected.resources)).toEqual(left);
    expect(selected.resources.match).toEqual(parse(TEXT).resources.match);
  });

  it('refuses a channel that does not exist and names the nearest one', () => {
    expect(() => readSelection({ FENGHUO_CHANNELS: 'dingtalk,emial' }, KNOWN)).toThrow('did you mean "email"');
  });

  it('takes the trigger of the queue of NotifyMessage away and leaves its address', () => {
    const selected = parse(selectFrom(TEXT, KNOWN, readSelection({ FENGHUO_NOTIFY_QUEUE: 'off' }, KNOWN)));
    const types = selected.resources['notify-message'].props.triggers.map(
      ({ triggerType }: { triggerType: string }) => triggerType,
    );
    expect(types).toEqual(['http']);
  });
});

describe('the environment of the tool', () => {
  it('has no variable of ours without a value, as pipelines set them', () => {
    const env = {
      FENGHUO_CHANNELS: '',
      FENGHUO_NOTIFY_QUEUE: ' ',
      FENGHUO_STAGE: 'prod',
      OTHER: '',
      ABSENT: undefined,
    };
    expect(environmentOf(env, readSelection(env, KNOWN))).toEqual({ FENGHUO_STAGE: 'prod', OTHER: '' });
  });

  it('has the channels without blanks', () => {
    const env = { FENGHUO_CHANNELS: ' sms , email,' };
    expect(environmentOf(env, readSelection(env, KNOWN))).toEqual({ FENGHUO_CHANNELS: 'sms,email' });
  });
});

describe('the stack', () => {
  it('has a queue, a role and an output for each channel that is deployed, and none for the others', () => {
    expect(queuesOf({ Channels: 'dingtalk,sms', NotifyQueue: 'off' })).toEqual(
      ['events', 'notifications', 'deliver-dingtalk', 'deliver-sms', 'dead'].map((name) => `fenghuo-dev-${name}`),
    );
    const { outputs, resources, problems } = stackWith({ Channels: 'sms' });
    expect(problems).toEqual([]);
    expect(Object.keys(outputs).filter((name) => name.startsWith('Deliver'))).toEqual(['DeliverSmsRole']);
    expect(resources.has('DeliverVoiceRole')).toBe(false);
    expect(resources.has('VoiceCallsPolicy')).toBe(false);
  });

  it('has all of them by default', () => {
    expect(queuesOf({})).toHaveLength(KNOWN.length + 4);
  });

  it('takes no channel for another one that begins in the same way', () => {
    expect(queuesOf({ Channels: 'webhook2,sm', NotifyQueue: 'off' })).toHaveLength(3);
  });

  it('tells where everything is', () => {
    expect(stackWith({}).outputs).toMatchObject({
      SmqEndpoint: 'https://1000000000000000.mns.cn-hangzhou-internal.aliyuncs.com',
      TablestoreEndpoint: 'https://fenghuo-dev.cn-hangzhou.ots-internal.aliyuncs.com',
      FcEndpoint: 'https://1000000000000000.cn-hangzhou-internal.fc.aliyuncs.com',
      DeadQueueArn: 'acs:mns:cn-hangzhou:1000000000000000:/queues/fenghuo-dev-dead',
      MatchRole: 'acs:ram::1000000000000000:role/fenghuo-dev-match',
    });
  });
});
