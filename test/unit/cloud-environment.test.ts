import { describe, expect, it } from 'vitest';
import { CHANNEL_NAMES } from '../../shared/channels/registry.ts';
import { readCloudEnvironment } from '../../shared/runtime/cloud-environment.ts';
import { createCloudPlatform } from '../../shared/runtime/cloud-platform.ts';
import { CurrentCall } from '../../shared/runtime/current-call.ts';

const LEAST = {
  FENGHUO_NAME_PREFIX: 'fenghuo-prod',
  FENGHUO_SMQ_ENDPOINT: 'https://1.mns.cn-hangzhou-internal.aliyuncs.com',
  FENGHUO_TABLESTORE_ENDPOINT: 'https://fh-prod.cn-hangzhou.vpc.tablestore.aliyuncs.com',
  FENGHUO_TABLESTORE_INSTANCE: 'fh-prod',
};
const KEY = Buffer.alloc(32, 3).toString('base64');

const read = (more: Record<string, string> = {}) => readCloudEnvironment({ ...LEAST, ...more }, CHANNEL_NAMES);

describe('the environment of a deployed function', () => {
  it('needs a name, a queue service and a table store, and nothing else', () => {
    expect(read({ PATH: '/bin' })).toEqual({
      namePrefix: 'fenghuo-prod',
      smqEndpoint: LEAST.FENGHUO_SMQ_ENDPOINT,
      tablestoreEndpoint: LEAST.FENGHUO_TABLESTORE_ENDPOINT,
      tablestoreInstance: 'fh-prod',
      webhookAllow: [],
      previousSecretKeys: [],
      logLevel: 'warn',
      settingsEnv: { PATH: '/bin' },
    });
  });

  it('takes everything that may be said', () => {
    const more = {
      FENGHUO_FC_ENDPOINT: 'https://1.cn-hangzhou-internal.fc.aliyuncs.com',
      FENGHUO_CONSOLE_URL: 'https://fenghuo.example.com/',
      FENGHUO_CHANNELS: 'dingtalk, email,',
      FENGHUO_TOKEN: 'a-token-of-a-stage',
      FENGHUO_SECRET_KEY: KEY,
      ALIBABA_CLOUD_ACCESS_KEY_ID: 'id',
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret',
    };
    expect(read(more)).toMatchObject({
      fcEndpoint: more.FENGHUO_FC_ENDPOINT,
      consoleUrl: 'https://fenghuo.example.com',
      channels: new Set(['dingtalk', 'email']),
      token: more.FENGHUO_TOKEN,
      secretKey: Buffer.alloc(32, 3),
      fallbackCredentials: { accessKeyId: 'id', accessKeySecret: 'secret' },
      settingsEnv: {},
    });
  });

  it.each([
    ['FENGHUO_NAME_PREFIX', 'Fenghuo'],
    ['FENGHUO_NAME_PREFIX', 'fenghuo_prod'],
    ['FENGHUO_NAME_PREFIX', '-prod'],
    ['FENGHUO_NAME_PREFIX', 'a'.repeat(33)],
    ['FENGHUO_NAME_PREFIX', ' '],
    ['FENGHUO_SMQ_ENDPOINT', '1.mns.cn-hangzhou.aliyuncs.com'],
    ['FENGHUO_TABLESTORE_ENDPOINT', 'ftp://x'],
    ['FENGHUO_TABLESTORE_INSTANCE', ''],
    ['FENGHUO_FC_ENDPOINT', 'planted-value'],
    ['FENGHUO_CONSOLE_URL', 'planted-value'],
    ['FENGHUO_CHANNELS', 'dingtalk,mail'],
    ['FENGHUO_TOKEN', 'short'],
    ['FENGHUO_SECRET_KEY', 'planted-value'],
    ['FENGHUO_LOG', 'loud'],
  ])('names %s when it is "%s", without its value', (name, value) => {
    const refused = expect.objectContaining({
      code: 'bad-environment',
      message: expect.stringMatching(new RegExp(`^${name}: (?!.*planted)`)),
    });
    expect(() => read({ [name]: value })).toThrow(refused);
  });

  it('names the allow list when an entry is none', () => {
    expect(() => createCloudPlatform({ ...LEAST, FENGHUO_WEBHOOK_ALLOW: 'not a host!' })).toThrow(
      /^FENGHUO_WEBHOOK_ALLOW: /,
    );
  });
});

describe('the platform of a deployed function', () => {
  it('says which variable is missing when a secret is to be opened, as an outage that costs no message an attempt', () => {
    const { platform } = createCloudPlatform(LEAST);
    for (const use of [
      () => platform.sealer.open('x', 'y'),
      () => platform.sealer.seal('x', 'y'),
      () => platform.sealer.keyId,
    ])
      expect(use).toThrow(
        expect.objectContaining({ code: 'secrets-unreadable', message: expect.stringContaining('FENGHUO_SECRET_KEY') }),
      );
  });

  it('says which variable is missing when another function is to be invoked', async () => {
    const { platform } = createCloudPlatform(LEAST);
    const invoked = platform.invoker.invoke({ function: 'deliver-sms', event: {}, timeoutMs: 1 });
    await expect(invoked).rejects.toThrow(/^FENGHUO_FC_ENDPOINT: /);
  });

  it('knows which channels were left out', () => {
    expect(createCloudPlatform(LEAST).platform.deployedChannels).toBeUndefined();
    const { platform } = createCloudPlatform({ ...LEAST, FENGHUO_CHANNELS: 'sms' });
    expect(platform.deployedChannels).toEqual(new Set(['sms']));
  });
});

describe('the invocation under way', () => {
  const of = (accessKeyId: string) => ({ credentials: { accessKeyId, accessKeySecret: 's', securityToken: '' } });

  it('gives the credentials of the last one, and of the environment only when it brought none', async () => {
    const call = new CurrentCall({ accessKeyId: 'fallback', accessKeySecret: 's' });
    expect(await call.credentials()).toMatchObject({ accessKeyId: 'fallback' });
    call.begin(of('one'));
    expect(await call.credentials()).toEqual({ accessKeyId: 'one', accessKeySecret: 's' });
    call.begin(of('two'));
    expect(await call.credentials()).toMatchObject({ accessKeyId: 'two' });
    call.begin({});
    expect(await call.credentials()).toMatchObject({ accessKeyId: 'fallback' });
    call.begin(of(''));
    expect(await call.credentials()).toMatchObject({ accessKeyId: 'fallback' });
  });

  it('writes to its own log, at the level of the line', () => {
    const lines: string[] = [];
    const logger = {
      debug: () => undefined,
      info: (line: string) => void lines.push(`info ${line}`),
      warn: () => undefined,
      error: (line: string) => void lines.push(`error ${line}`),
    };
    const call = new CurrentCall(undefined);
    call.begin({ logger });
    call.write('{"a":1}\n', 'info');
    call.write('{"b":2}\n', 'error');
    expect(lines).toEqual(['info {"a":1}', 'error {"b":2}']);
  });
});
