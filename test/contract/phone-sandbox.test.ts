import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOpenApi } from '../../shared/adapters/aliyun/openapi.ts';
import type { Notice } from '../../shared/channels/channel.ts';
import { sms } from '../../shared/channels/sms/index.ts';
import { voice } from '../../shared/channels/voice/index.ts';
import { digestOfEvent } from '../../shared/domain/digest.ts';
import type { Target } from '../../shared/domain/target.ts';
import { createSandbox, type Sandbox } from '../../shared/local/sandbox/index.ts';
import type { SandboxMessage } from '../../shared/local/sandbox/message-log.ts';
import { OPENAPI_PATH } from '../../shared/local/sandbox/openapi-provider.ts';
import { SANDBOX_CREDENTIALS } from '../../shared/local/sandbox/openapi-signature.ts';
import type { OpenApiCredentials } from '../../shared/ports/openapi.ts';
import { aMergedNotice, aNotice, anEvent, aTarget } from '../fixtures/providers/notice.ts';
import { channelPorts } from '../support/channel-ports.ts';
import { serveSandbox, type TestServer } from './channel-server.ts';

const MOBILE = '+8613800000000';
const ABROAD = '+85291234567';
const HOUR_MS = 3_600_000;

describe('SMS and voice against the fake OpenAPI', () => {
  // The client signs with the time of this machine, so the clock of the fake goes with it, a few hours aside when a test says so.
  const clock = { aheadMs: 0, nowMs: () => Date.now() + clock.aheadMs };
  let sandbox: Sandbox;
  let server: TestServer;

  beforeEach(async () => {
    clock.aheadMs = 0;
    sandbox = createSandbox({ clock });
    server = await serveSandbox(sandbox);
  });
  afterEach(() => server.close());

  const openapi = (credentials: OpenApiCredentials = SANDBOX_CREDENTIALS) =>
    createOpenApi({ endpoint: server.base + OPENAPI_PATH, credentials: () => Promise.resolve(credentials) });
  const phone = (changes: Partial<Target> = {}): Target =>
    aTarget({
      address: MOBILE,
      sms: { signName: '某某科技', templateCode: 'SMS_100000001', internationalFrom: 'FENGHUO' },
      voice: { ttsCode: 'TTS_100000001' },
      ...changes,
    });
  const write = (target = phone(), notice = aNotice()) =>
    sms.send(notice, target, channelPorts({ openapi: openapi() }));
  const ring = (target = phone(), notice = aNotice()) =>
    voice.send(notice, target, channelPorts({ openapi: openapi() }));
  const api = async (method: string, path: string, json?: unknown): Promise<unknown> => {
    const body = json === undefined ? null : JSON.stringify(json);
    return (await fetch(`${server.base}/sandbox/api/${path}`, { method, body })).json();
  };
  const messages = async (query = ''): Promise<(SandboxMessage & { html: string })[]> =>
    ((await api('GET', `messages?html=1&${query}`)) as { messages: (SandboxMessage & { html: string })[] }).messages;

  it.each(['zh', 'en'] as const)(
    'takes single, merged and test messages in %s, at home and abroad',
    async (language) => {
      for (const notice of [
        aNotice({ language }),
        aMergedNotice(44, { language }),
        aNotice({ language, test: true }),
      ]) {
        expect(await write(phone(), notice)).toEqual({ kind: 'delivered', code: 'OK' });
        expect(await write(phone({ address: ABROAD }), notice)).toEqual({ kind: 'delivered', code: 'OK' });
        clock.aheadMs += 60_000;
        expect(await ring(phone(), notice)).toEqual({ kind: 'delivered', code: 'OK' });
      }
    },
  );

  it('shows a message as on a phone and a call as it is spoken, for one number under a masked name', async () => {
    sandbox.configure('sms', MOBILE, { name: 'Ops lead' });
    await write(phone(), aMergedNotice(44, { language: 'zh' }));
    await ring(phone(), aMergedNotice(44, { language: 'zh' }));
    const [text, spoken] = await messages();
    expect(text).toMatchObject({
      provider: 'sms',
      target: '138****0000',
      name: 'Ops lead',
      title: '某某科技',
      shown: true,
    });
    expect(text?.text).toMatch(/^【某某科技】烽火通知 紧急：云服务器 ECS，.*共 44 个事件/);
    expect(text?.html).toContain('【某某科技】');
    expect(spoken).toMatchObject({ provider: 'voice', shown: true });
    expect(spoken?.text).toMatch(/级别紧急，实例因系统维护计划重启.*共44个事件/);
    expect(spoken?.html).toContain('尾号0000');
    expect(await messages('target=13800000000')).toHaveLength(2);
  });

  it('shows markup of an event as text', async () => {
    const hostile = anEvent({ title: { en: '<img src=x onerror=alert(1)>', zh: '<b>' }, status: '' });
    await write(phone({ address: ABROAD }), aNotice({ digest: digestOfEvent(hostile) }));
    const [message] = await messages();
    expect(message?.text).not.toBe('');
    expect(message?.html.replaceAll(/<\/?p[^>]*>/g, '')).not.toMatch(/[<>]/);
  });

  it.each<[string, OpenApiCredentials, string]>([
    ['another key', { ...SANDBOX_CREDENTIALS, accessKeyId: 'LTAIother' }, 'InvalidAccessKeyId.NotFound'],
    ['another secret', { ...SANDBOX_CREDENTIALS, accessKeySecret: 'other' }, 'SignatureDoesNotMatch'],
  ])('refuses a call with %s', async (_, credentials, code) => {
    const outcome = await sms.send(aNotice(), phone(), channelPorts({ openapi: openapi(credentials) }));
    expect(outcome).toMatchObject({ kind: 'refused', code });
  });

  it('refuses a clock that is more than 15 minutes away', async () => {
    for (const aheadMs of [-901_000, 901_000]) {
      clock.aheadMs = aheadMs;
      expect(await write()).toMatchObject({ kind: 'retry', code: 'InvalidTimeStamp.Expired', cause: 'signature' });
    }
    clock.aheadMs = 880_000;
    expect((await write()).kind).toBe('delivered');
  });

  it('refuses a call that was seen before, or that was changed on the way', async () => {
    await write();
    const [seen] = server.received;
    if (seen === undefined) throw new Error('nothing was sent');
    const again = async (body: string, headers: Record<string, string> = {}) => {
      const kept = Object.entries(seen.headers).filter(([name]) => /^x-acs|^auth|^content-type/.test(name));
      const sent = { ...Object.fromEntries(kept), ...headers } as Record<string, string>;
      const response = await fetch(server.base + seen.path, { method: 'POST', headers: sent, body });
      return { status: response.status, ...((await response.json()) as object) };
    };
    const body = seen.body.toString();
    expect(await again(body)).toMatchObject({ status: 400, Code: 'SignatureNonceUsed' });
    const nonce = { 'x-acs-signature-nonce': 'another' };
    expect(await again(body, nonce)).toMatchObject({ status: 400, Code: 'SignatureDoesNotMatch' });
    expect(await again(body.replace('138', '139'))).toMatchObject({ status: 400, Code: 'SignatureDoesNotMatch' });
    expect(await messages()).toHaveLength(4);
  });

  it('answers an unknown action and a wrong version as the gateway does', async () => {
    const call = (action: string, version: string) =>
      openapi().call({ endpoint: 'x', action, version, params: { To: '1' }, timeoutMs: 2_000 });
    expect(await call('SendNothing', '2017-05-25')).toMatchObject({
      status: 404,
      body: { Code: 'InvalidAction.NotFound' },
    });
    expect(await call('SendSms', '2018-05-01')).toMatchObject({ status: 400, body: { Code: 'InvalidVersion' } });
    expect(await call('SingleCallByTts', '2018-05-01')).toMatchObject({
      status: 400,
      body: { Code: 'InvalidVersion' },
    });
  });

  const SENDS = {
    sms: {
      action: 'SendSms',
      params: {
        PhoneNumbers: '13800000000',
        SignName: '某某科技',
        TemplateCode: 'SMS_1',
        TemplateParam: '{"level":"a","product":"a","name":"a","resource":"a","count":"1","time":"a"}',
      },
    },
    voice: {
      action: 'SingleCallByTts',
      params: {
        CalledNumber: '13800000000',
        TtsCode: 'TTS_1',
        TtsParam: '{"level":"a","product":"a","name":"a","resource":"a","count":"1"}',
      },
    },
  };
  const variables = (name: 'sms' | 'voice', changes: object) =>
    JSON.stringify({
      ...JSON.parse(name === 'sms' ? SENDS.sms.params.TemplateParam : SENDS.voice.params.TtsParam),
      ...changes,
    });

  it.each<['sms' | 'voice', Record<string, string>, string]>([
    ['sms', {}, 'OK'],
    ['sms', { SignName: '' }, 'isv.INVALID_PARAMETERS'],
    ['sms', { PhoneNumbers: '12345' }, 'isv.MOBILE_NUMBER_ILLEGAL'],
    ['sms', { SignName: '【某某】' }, 'isv.SMS_SIGNATURE_ILLEGAL'],
    ['sms', { TemplateCode: 'TTS_1' }, 'isv.SMS_TEMPLATE_ILLEGAL'],
    ['sms', { TemplateParam: '{"name":1}' }, 'isv.INVALID_JSON_PARAM'],
    ['sms', { TemplateParam: 'x' }, 'isv.INVALID_JSON_PARAM'],
    ['sms', { TemplateParam: variables('sms', { time: '' }) }, 'isv.TEMPLATE_MISSING_PARAMETERS'],
    ['sms', { TemplateParam: variables('sms', { name: '字'.repeat(36) }) }, 'isv.PARAM_LENGTH_LIMIT'],
    ['sms', { TemplateParam: variables('sms', { name: 'see http://a' }) }, 'isv.PARAM_NOT_SUPPORT_URL'],
    ['sms', { TemplateParam: variables('sms', { name: 'shop.example.com' }) }, 'isv.PARAM_NOT_SUPPORT_URL'],
    ['sms', { TemplateParam: variables('sms', { name: '【银行】' }) }, 'isv.TEMPLATE_PARAMS_ILLEGAL'],
    ['sms', { OutId: 'x'.repeat(256) }, 'isv.INVALID_PARAMETERS'],
    ['voice', {}, 'OK'],
    ['voice', { CalledNumber: '13800000000,13900000000' }, 'isv.MOBILE_COUNT_OVER_LIMIT'],
    ['voice', { CalledNumber: '+85291234567' }, 'isv.MOBILE_NUMBER_ILLEGAL'],
    ['voice', { TtsCode: 'SMS_1' }, 'isv.TTS_TEMPLATE_ILLEGAL'],
    ['voice', { CalledShowNumber: '057112345678' }, 'isv.DISPLAY_NUMBER_ILLEGAL'],
    ['voice', { PlayTimes: '4' }, 'isv.INVALID_PARAMETERS'],
    ['voice', { OutId: 'x'.repeat(16) }, 'isv.INVALID_PARAMETERS'],
    ['voice', { TtsParam: '[]' }, 'isv.TEMPLATE_PARAMS_ILLEGAL'],
    ['voice', { TtsParam: variables('voice', { name: 'a'.repeat(200) }) }, 'isv.PARAM_LENGTH_LIMIT'],
    ['voice', { TtsParam: '{"level":"a"}' }, 'isv.TEMPLATE_MISSING_PARAMETERS'],
    ['voice', { TtsParam: variables('voice', { name: 'www.a' }) }, 'isv.PARAM_NOT_SUPPORT_URL'],
  ])('%s with %j is answered with %s', async (name, changes, Code) => {
    const { action, params } = SENDS[name];
    const request = { endpoint: 'x', action, version: '2017-05-25', timeoutMs: 2_000 };
    const answer = await openapi().call({ ...request, params: { ...params, ...changes } });
    expect(answer).toMatchObject({ status: 200, body: { Code } });
  });

  it('takes 50 messages in 24 hours for one number, and others for another', async () => {
    for (let count = 0; count < 50; count += 1) expect((await write()).kind).toBe('delivered');
    expect(await write()).toMatchObject({ kind: 'refused', code: 'isv.BUSINESS_LIMIT_CONTROL', cause: 'rate' });
    expect((await write(phone({ address: '13900000000' }))).kind).toBe('delivered');
  });

  it('takes one call a minute and five an hour, failed ones included', async () => {
    sandbox.configure('voice', MOBILE, { unreachable: true });
    expect(await ring()).toMatchObject({ kind: 'retry', code: 'isv.VOICE_CALL_FAIL' });
    sandbox.configure('voice', MOBILE, {});
    expect(await ring()).toMatchObject({ kind: 'throttled', retryAfterMs: 60_000 });
    for (let count = 0; count < 4; count += 1) {
      clock.aheadMs += 60_000;
      expect((await ring()).kind).toBe('delivered');
    }
    clock.aheadMs += 60_000;
    expect(await ring()).toMatchObject({ kind: 'throttled', retryAfterMs: HOUR_MS });
  });

  it('refuses for phones that are blocked, have refused, or may not be called now', async () => {
    sandbox.configure('sms', MOBILE, { blocked: true });
    expect(await write()).toMatchObject({ kind: 'refused', code: 'isv.BLACK_KEY_CONTROL_LIMIT' });
    sandbox.configure('sms', MOBILE, { refuses: true });
    expect(await write()).toMatchObject({ kind: 'refused', code: 'isv.CUSTOMER_REFUSED' });
    sandbox.configure('voice', '13800000000', { quiet: true });
    expect(await ring()).toMatchObject({ kind: 'throttled', code: 'isv.VOICE_CALL_PERIOD_ERROR' });
    expect(await api('PUT', 'robots/sms/13800000000', { unknown: 1 })).toMatchObject({
      error: { code: 'invalid-robot' },
    });
  });

  it('gives the answers that the fault knobs ask for, and takes the message before a cut connection', async () => {
    await api('PUT', 'faults', { provider: 'sms', codes: [{ code: 'isv.AMOUNT_NOT_ENOUGH' }] });
    expect(await write()).toMatchObject({ kind: 'refused', code: 'isv.AMOUNT_NOT_ENOUGH' });
    expect((await ring()).kind).toBe('delivered');
    await api('PUT', 'faults', { provider: 'sms', reset: 1 });
    expect(await write()).toMatchObject({ kind: 'ambiguous', maxAttempts: 1 });
    expect((await messages('provider=sms')).map(({ shown, answer }) => [shown, answer.reset])).toEqual([
      [false, false],
      [true, true],
    ]);
  });

  it('is told what is missing in the settings before anything is sent', async () => {
    const { sms: _sms, voice: _voice, ...bare } = phone();
    expect(await write(bare)).toMatchObject({ kind: 'refused', code: 'no-sms-settings' });
    expect(await ring(bare)).toMatchObject({ kind: 'refused', code: 'no-voice-settings' });
    const options = { signName: '某某科技', templateCode: 'SMS_1' };
    expect(await write(phone({ address: ABROAD, sms: options }))).toMatchObject({ code: 'no-international-sender' });
    const long = { ...options, internationalFrom: 'TwelveLetter' };
    expect(await write(phone({ address: ABROAD, sms: long }))).toMatchObject({ code: 'bad-international-sender' });
    expect(server.received).toHaveLength(0);
  });

  const wordy = (text: string, language: Notice['language']): Notice => {
    const resource = { id: text, type: text, name: text, arn: text };
    const event = anEvent({ name: text, product: 'oss', title: { en: text, zh: text }, status: text, resource });
    return aNotice({ digest: digestOfEvent(event), language });
  };

  it('delivers whatever an event says, at home, abroad and by call', async () => {
    const unit = fc.constantFrom(
      '汉',
      '🚨',
      '👨‍👩‍👧',
      '𠮷',
      '"',
      '\\',
      '.',
      'com',
      '://',
      'www.',
      '【',
      '{x}',
      '\n',
      '\ud800',
      '1',
      '-',
      'é',
      ' ',
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit, maxLength: 90 }), fc.constantFrom('zh', 'en'), async (text, language) => {
        clock.aheadMs = 0;
        const fresh = createSandbox({ clock });
        const own = await serveSandbox(fresh);
        const ports = channelPorts({
          openapi: createOpenApi({
            endpoint: own.base + OPENAPI_PATH,
            credentials: () => Promise.resolve(SANDBOX_CREDENTIALS),
          }),
        });
        const notice = wordy(text, language);
        for (const outcome of [
          await sms.send(notice, phone(), ports),
          await sms.send(notice, phone({ address: ABROAD }), ports),
          await voice.send(notice, phone(), ports),
        ])
          expect(outcome).toEqual({ kind: 'delivered', code: 'OK' });
        await own.close();
      }),
      { numRuns: 60 },
    );
  });

  it.each(['zh', 'en'] as const)('delivers an event of 300 KB in Chinese with emoji in %s', async (language) => {
    const notice = wordy('云服务器🚨磁盘读写👨‍👩‍👧停滞'.repeat(6_500), language);
    for (const outcome of [
      await write(phone(), notice),
      await write(phone({ address: ABROAD }), notice),
      await ring(phone(), notice),
    ])
      expect(outcome).toEqual({ kind: 'delivered', code: 'OK' });
    const shown = await messages();
    expect(shown).toHaveLength(3);
    for (const { text } of shown) {
      expect(text).toContain('云服务器 磁盘读写');
      expect(text).toContain('…');
      expect(text).not.toMatch(/\p{Surrogate}|\ufffd/u);
    }
  });
});
