import { type AddressInfo, createServer } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOpenApi } from '../../shared/adapters/aliyun/openapi.ts';
import { failureOf } from '../../shared/adapters/aliyun/openapi-failure.ts';
import type { OpenApiCredentials, OpenApiRequest } from '../../shared/ports/openapi.ts';
import { openDeafListener } from '../support/deaf-listener.ts';
import { type Reply, startServer, type TestServer } from './channel-server.ts';

const CREDENTIALS: OpenApiCredentials = { accessKeyId: 'LTAIplantedkeyid', accessKeySecret: 'planted-key-secret' };
const NUMBER = '13800000000';

const REQUEST: OpenApiRequest = {
  endpoint: 'product.invalid',
  action: 'SendSms',
  version: '2017-05-25',
  params: { PhoneNumbers: NUMBER, SignName: '某某 科技+*~', TemplateParam: '{"name":"磁盘 é"}' },
  timeoutMs: 2_000,
};

const caught = async (work: Promise<unknown>): Promise<Error & Record<string, unknown>> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error) return error as Error & Record<string, unknown>;
  }
  throw new Error('expected a rejection');
};

describe('the caller of OpenAPIs', () => {
  let reply: Reply;
  let server: TestServer;
  beforeEach(async () => {
    reply = { body: '{"Code":"OK"}' };
    server = await startServer(() => reply);
  });
  afterEach(() => server.close());

  const api = (changes: { base?: string; credentials?: OpenApiCredentials | undefined } = {}) => {
    const { base = server.base, ...rest } = changes;
    const credentials = 'credentials' in rest ? rest.credentials : CREDENTIALS;
    return createOpenApi({ endpoint: base, credentials: () => Promise.resolve(credentials) });
  };
  const call = (changes: Partial<OpenApiRequest> = {}) => api().call({ ...REQUEST, ...changes });

  it('sends one signed form, with nothing of it in the URL, and gives the answer', async () => {
    reply = { body: '{"Code":"OK","BizId":"1^0"}' };
    expect(await call()).toEqual({ status: 200, body: { Code: 'OK', BizId: '1^0' } });
    const [seen] = server.received;
    expect(seen).toMatchObject({ method: 'POST', path: '/' });
    expect(seen?.query.size).toBe(0);
    expect(seen?.headers).toMatchObject({ 'x-acs-action': 'SendSms', 'x-acs-version': '2017-05-25' });
    expect(seen?.headers.authorization).toMatch(/^ACS3-HMAC-SHA256 Credential=LTAIplantedkeyid,/);
    expect(Object.fromEntries(new URLSearchParams(seen?.body.toString()))).toEqual(REQUEST.params);
  });

  it('keeps the path of the endpoint and carries the token of temporary credentials', async () => {
    const credentials = { ...CREDENTIALS, securityToken: 'planted-token' };
    await api({ base: `${server.base}/relay/cloud`, credentials }).call(REQUEST);
    expect(server.received[0]).toMatchObject({ path: '/relay/cloud/' });
    expect(server.received[0]?.headers['x-acs-security-token']).toBe('planted-token');
  });

  it.each([
    [400, 'SignatureDoesNotMatch'],
    [403, 'NoPermission'],
    [404, 'InvalidAction.NotFound'],
    [429, 'Throttling.User'],
    [503, 'ServiceUnavailable'],
  ])('gives an error answer with HTTP %i as an answer, and never repeats the call', async (status, Code) => {
    reply = { status, body: JSON.stringify({ Code, Message: 'no', RequestId: 'R-1' }) };
    expect(await call()).toMatchObject({ status, body: { Code, Message: 'no', RequestId: 'R-1' } });
    expect(server.received).toHaveLength(1);
  });

  it('asks for credentials each time, and sends nothing without them', async () => {
    const given = [CREDENTIALS, { ...CREDENTIALS, accessKeyId: 'LTAIsecond' }];
    const rotating = createOpenApi({ endpoint: server.base, credentials: () => Promise.resolve(given.shift()) });
    await rotating.call(REQUEST);
    await rotating.call(REQUEST);
    expect(server.received.map(({ headers }) => /Credential=(\w+)/.exec(String(headers.authorization))?.[1])).toEqual([
      'LTAIplantedkeyid',
      'LTAIsecond',
    ]);
    expect(await caught(rotating.call(REQUEST))).toMatchObject({ code: 'ENOCREDENTIALS', sent: 'no' });
    const broken = createOpenApi({ endpoint: server.base, credentials: () => Promise.reject(new Error('no')) });
    expect(await caught(broken.call(REQUEST))).toMatchObject({ code: 'ENOCREDENTIALS', sent: 'no' });
    expect(server.received).toHaveLength(2);
  });

  it.each<[string, Reply]>([
    ['ECONNRESET', 'reset'],
    ['ETIMEDOUT', 'hang'],
    ['EANSWER', { body: '<html>' }],
    ['EANSWER', { status: 502, body: '<html>' }],
    ['EUNKNOWN', { body: '[]' }],
  ])('says maybe with %s after %j', async (code, answer) => {
    reply = answer;
    expect(await caught(call({ timeoutMs: 400 }))).toMatchObject({ name: 'OpenApiError', code, sent: 'maybe' });
    expect(server.received).toHaveLength(1);
  });

  it('says maybe after silence on every later call too, since no connection is kept', async () => {
    for (const answer of [{ body: '{"Code":"OK"}' }, 'hang', { body: '{"Code":"OK"}' }, 'hang'] as const) {
      reply = answer;
      const result = await call({ timeoutMs: 400 }).catch((error: unknown) => error);
      expect(result).toMatchObject(answer === 'hang' ? { code: 'ETIMEDOUT', sent: 'maybe' } : { status: 200 });
    }
    expect(server.connections()).toBe(4);
  });

  it('says no when nothing listens, and when the other side speaks no TLS', async () => {
    const closed = await startServer(() => ({}));
    await closed.close();
    expect(await caught(api({ base: closed.base }).call(REQUEST))).toMatchObject({ code: 'ECONNREFUSED', sent: 'no' });
    const plain = `https://127.0.0.1:${server.port}`;
    expect(await caught(api({ base: plain }).call(REQUEST))).toMatchObject({ code: 'ETLS', sent: 'no' });
    expect(server.received).toHaveLength(0);
  });

  it('says no when the connection is cut before TLS is agreed', async () => {
    const rude = createServer((socket) => socket.on('error', () => undefined).once('data', () => socket.destroy()));
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
    const { port } = rude.address() as AddressInfo;
    const error = await caught(api({ base: `https://127.0.0.1:${port}` }).call(REQUEST));
    await new Promise((resolve) => rude.close(resolve));
    expect(error).toMatchObject({ code: 'ETLS', sent: 'no' });
  });

  it.each([
    ['ENOTFOUND', 'no'],
    ['EHOSTUNREACH', 'no'],
    ['CERT_HAS_EXPIRED', 'no'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'no'],
    ['EPIPE', 'maybe'],
    ['ETIMEDOUT', 'maybe'],
    ['ParameterMissing', 'maybe'],
  ])('takes %s of the system for %s', (code, sent) => {
    const failure = failureOf(Object.assign(new Error(`POST http://127.0.0.1:1/ ${NUMBER}`), { code }));
    expect(failure).toMatchObject({ name: 'OpenApiError', sent });
    expect(failure.message).not.toContain(NUMBER);
  });

  it.skipIf(process.platform !== 'linux')('says no when a connection is neither made nor refused', async () => {
    const deaf = await openDeafListener();
    const error = await caught(api({ base: `http://127.0.0.1:${deaf.port}` }).call({ ...REQUEST, timeoutMs: 600 }));
    await deaf.close();
    expect(error).toMatchObject({ code: 'ECONNTIMEOUT', sent: 'no' });
  });

  /** All that a log could show of what a call came to. */
  const shownOf = (result: unknown): string => {
    if (!(result instanceof Error)) return JSON.stringify(result);
    return JSON.stringify({ ...result, message: result.message, stack: result.stack, cause: result.cause });
  };

  it('lets no credential, number or address into an error or an answer', async () => {
    const text = fc.stringMatching(/^[A-Za-z0-9]{16,40}$/);
    await fc.assert(
      fc.asyncProperty(text, text, text, async (accessKeyId, accessKeySecret, securityToken) => {
        const own = api({ credentials: { accessKeyId, accessKeySecret, securityToken } });
        const echo = { Code: 'SignatureDoesNotMatch', Message: `token:${securityToken} key ${accessKeyId}` };
        for (const answer of ['reset', { status: 400, body: JSON.stringify(echo) }, { body: accessKeyId }] as const) {
          reply = answer;
          const shown = shownOf(await own.call(REQUEST).catch((error: unknown) => error));
          for (const hidden of [accessKeyId, accessKeySecret, securityToken, NUMBER, `:${server.port}`])
            expect(shown).not.toContain(hidden);
        }
      }),
      { numRuns: 20 },
    );
  });
});
