import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiError, json } from '../../shared/console/api.ts';
import { redactText, redactValue } from '../../shared/domain/redact.ts';
import { StoreUnavailableError } from '../../shared/ports/table-store.ts';
import { MAX_BODY_BYTES, MAX_SETTINGS_BYTES, readHttpEvent } from '../../shared/runtime/http-event.ts';
import { type Answerer, httpFunction } from '../../shared/runtime/http-function.ts';
import { createJsonLogger } from '../../shared/runtime/json-logger.ts';
import { createMetrics } from '../../shared/runtime/metrics.ts';
import { registerPlatform } from '../../shared/runtime/platform.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { createTestWorld } from '../support/test-platform.ts';

const httpEvent = (parts: Record<string, unknown> = {}): Buffer =>
  Buffer.from(
    JSON.stringify({
      version: 'v1',
      rawPath: '/ingest',
      headers: { 'Content-Type': 'application/json', 'X-Many': ['a', 'b'] },
      queryParameters: { q: 'x', many: ['1', '2'] },
      body: '{}',
      isBase64Encoded: false,
      requestContext: { http: { method: 'post' } },
      ...parts,
    }),
  );

afterEach(() => registerPlatform(undefined));

describe('an HTTP trigger event', () => {
  it('is read with its header names in lower case and its first query values', () => {
    expect(readHttpEvent(httpEvent())).toEqual({
      method: 'POST',
      path: '/ingest',
      query: { q: 'x', many: '1' },
      headers: { 'content-type': 'application/json', 'x-many': 'a, b' },
      body: '{}',
    });
  });

  it('gives any text back, plain or in Base64', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (body, encoded) => {
        const sent = encoded ? Buffer.from(body).toString('base64') : body;
        expect(readHttpEvent(httpEvent({ body: sent, isBase64Encoded: encoded })).body).toBe(body);
      }),
    );
  });

  it('may leave out what it does not have', () => {
    const bare = Buffer.from('{"rawPath":"/","requestContext":{"http":{"method":"GET"}}}');
    expect(readHttpEvent(bare)).toEqual({ method: 'GET', path: '/', query: {}, headers: {}, body: '' });
  });

  it('is refused with 413 above 1 MiB, also in Base64', () => {
    const fits = 'a'.repeat(MAX_BODY_BYTES);
    expect(readHttpEvent(httpEvent({ body: fits })).body).toHaveLength(MAX_BODY_BYTES);
    expect(() => readHttpEvent(httpEvent({ body: `${fits}a` }))).toThrow(expect.objectContaining({ status: 413 }));
    const encoded = Buffer.from(`${fits}a`).toString('base64');
    expect(() => readHttpEvent(httpEvent({ body: encoded, isBase64Encoded: true }))).toThrow(
      expect.objectContaining({ status: 413 }),
    );
  });

  it('may carry a settings file of up to 16 MiB', () => {
    const put = (bytes: number) =>
      httpEvent({ rawPath: '/api/settings', body: 'a'.repeat(bytes), requestContext: { http: { method: 'PUT' } } });
    expect(readHttpEvent(put(MAX_SETTINGS_BYTES)).body).toHaveLength(MAX_SETTINGS_BYTES);
    expect(() => readHttpEvent(put(MAX_SETTINGS_BYTES + 1))).toThrow(expect.objectContaining({ status: 413 }));
  });

  it('is refused with 400 when it is something else', () => {
    for (const event of ['', '[]', 'null', '{"rawPath":1}', '{"triggerTime":"x"}'])
      expect(() => readHttpEvent(Buffer.from(event))).toThrow(expect.objectContaining({ status: 400 }));
  });
});

describe('an HTTP function', () => {
  const call = async (answer: Answerer, event = httpEvent()) => {
    const world = createTestWorld();
    registerPlatform(world.platform);
    const result = await httpFunction('console', () => answer)(event, {});
    return { world, result, body: JSON.parse(result.body) };
  };

  it('answers in the form of the trigger', async () => {
    const { result, body } = await call(async ({ method }) => json(202, { method }, { etag: '"7"' }));
    expect(result).toMatchObject({ statusCode: 202, isBase64Encoded: false, headers: { etag: '"7"' } });
    expect(body).toEqual({ method: 'POST' });
  });

  it('turns a refusal into its status and the one form of errors', async () => {
    const details = [{ path: 'a', message: 'b' }];
    const { result, body } = await call(async () => {
      throw new ApiError({ status: 405, code: 'c', message: 'm', details, headers: { allow: 'GET' } });
    });
    expect(result).toMatchObject({ statusCode: 405, headers: { allow: 'GET' } });
    expect(body).toEqual({ error: { code: 'c', message: 'm', details } });
  });

  it('answers 503 while the store is away', async () => {
    const { result, body } = await call(async () => Promise.reject(new StoreUnavailableError('disk full at /var/x')));
    expect(result.statusCode).toBe(503);
    expect(body.error.code).toBe('store-unavailable');
    expect(result.body).not.toContain('/var/x');
  });

  it('answers 503 and says what to do while the secrets of the settings cannot be opened', async () => {
    class Foreign extends Error {
      readonly code = 'secrets-unreadable';
    }
    const { result, body } = await call(async () => Promise.reject(new Foreign('sealed under the key abcd1234')));
    expect(result.statusCode).toBe(503);
    expect(body.error).toMatchObject({ code: 'secrets-unreadable', message: 'sealed under the key abcd1234' });
  });

  it('hides everything about a fault from the caller and logs it', async () => {
    const { result, body, world } = await call(async () => Promise.reject(new TypeError('boom at secret place')));
    expect(result.statusCode).toBe(500);
    expect(body.error.code).toBe('internal');
    expect(result.body).not.toMatch(/boom|secret|\.ts/);
    expect(world.logged.at(-1)).toMatchObject({ level: 'error', message: 'call failed' });
  });

  it('answers 400 to an event of another trigger', async () => {
    const { result } = await call(async () => json(200, {}), Buffer.from('[]'));
    expect(result.statusCode).toBe(400);
  });
});

describe('the log', () => {
  const secret = fc.stringMatching(/^[a-z0-9]{20,40}$/);
  const lineOf = (message: string, fields: Record<string, unknown>): string => {
    const lines: string[] = [];
    const logger = createJsonLogger({ clock: new FakeClock(), write: (line) => lines.push(line), least: 'debug' });
    logger.error(message, fields);
    return lines.join('');
  };

  const places: ((token: string) => Record<string, unknown>)[] = [
    (token) => ({ text: `https://oapi.dingtalk.com/robot/send?access_token=${token}` }),
    (token) => ({ text: `POST /ingest/${token} failed` }),
    (token) => ({ text: `https://open.feishu.cn/open-apis/bot/v2/hook/${token}` }),
    (token) => ({ text: `https://hooks.slack.com/services/T0/B0/${token}` }),
    (token) => ({ text: `Authorization: Bearer ${token}` }),
    (token) => ({ text: `?timestamp=1&sign=${token}` }),
    (token) => ({ text: `webhook?key=${token}` }),
    (token) => ({ text: `{"password":"${token}"}` }),
    (token) => ({
      text: JSON.stringify(JSON.stringify({ emailPassword: token, email_password: token, secret: token })),
    }),
    (token) => ({ text: `https://user:${token}@example.com/x` }),
    (token) => ({ deep: [{ target: { url: `http://x/${token}`, secret: token, emailPassword: token } }] }),
    (token) => ({ accessToken: token, authorization: token, cookie: token }),
    (token) => ({ error: new Error(`failed: access_token=${token}`, { cause: new Error(`sign=${token}`) }) }),
  ];

  it('never holds a secret, wherever it stands', () => {
    fc.assert(
      fc.property(secret, fc.constantFrom(...places), (token, place) => {
        expect(lineOf('x', place(token))).not.toContain(token);
      }),
    );
  });

  it('never holds a DingTalk signature secret or an ingest key', () => {
    const line = lineOf('SEC0123456789abcdef0123456789abcdef and fhk_abcdefghijklmnop', {});
    expect(line).not.toMatch(/0123456789abcdef|fhk_a/);
  });

  it('keeps what is no secret', () => {
    expect(redactText('3 messages on deliver-dingtalk, code 310000, host oapi.dingtalk.com')).toBe(
      '3 messages on deliver-dingtalk, code 310000, host oapi.dingtalk.com',
    );
    expect(redactValue({ queue: 'events', attempt: 2, list: [1, 'a', true, null] })).toEqual({
      queue: 'events',
      attempt: 2,
      list: [1, 'a', true, null],
    });
  });

  it('is one JSON object a line with time and level, and leaves out what is below the least level', () => {
    const lines: string[] = [];
    const logger = createJsonLogger({ clock: new FakeClock(0), write: (line) => lines.push(line), least: 'warn' });
    logger.info('no');
    logger.warn('yes\nsecond', { n: 1 });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      level: 'warn',
      message: 'yes\nsecond',
      n: 1,
    });
  });

  it('survives what goes round in circles and what is huge', () => {
    const round: Record<string, unknown> = { text: 'x'.repeat(1_000_000) };
    round.self = round;
    expect(lineOf('round', round).length).toBeLessThan(40_000);
  });
});

describe('metrics', () => {
  it('are counters, gauges and histograms in the text format of Prometheus', () => {
    const metrics = createMetrics();
    const counter = metrics.counter({ name: 'c_total', help: 'C.', labels: { kind: ['a', 'b'] } });
    counter.add(2, { kind: 'a' });
    counter.add(1, { kind: 'a' });
    metrics.gauge({ name: 'g', help: 'G.', labels: { queue: 'code' } }, () => [{ value: 4, labels: { queue: 'q"1' } }]);
    const histogram = metrics.histogram({ name: 'h_ms', help: 'H.' }, [1, 10]);
    for (const value of [0.5, 1, 5, 50]) histogram.observe(value);
    const text = metrics.text();
    expect(text).toContain('# TYPE c_total counter\nc_total{kind="a"} 3\n');
    expect(text).toContain('# TYPE g gauge\ng{queue="q\\"1"} 4\n');
    expect(text).toContain(
      'h_ms_bucket{le="1"} 2\nh_ms_bucket{le="10"} 3\nh_ms_bucket{le="+Inf"} 4\nh_ms_sum 56.5\nh_ms_count 4\n',
    );
  });

  it('have labels with closed sets of values', () => {
    const metrics = createMetrics();
    const counter = metrics.counter({ name: 'c_total', help: 'C.', labels: { kind: ['a'] } });
    for (const kind of ['x1', 'x2', 'x3']) counter.add(1, { kind });
    expect(metrics.text()).toContain('c_total{kind="other"} 3');
    expect(metrics.text()).not.toContain('x1');
  });

  it('are shared by everybody who asks for the same name', () => {
    const metrics = createMetrics();
    const spec = { name: 'c_total', help: 'C.' };
    metrics.counter(spec).add(1);
    metrics.counter(spec).add(1);
    expect(metrics.text()).toBe('# HELP c_total C.\n# TYPE c_total counter\nc_total 2\n');
  });
});
