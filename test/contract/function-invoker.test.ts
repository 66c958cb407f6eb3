import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFunctionInvoker } from '../../shared/adapters/aliyun/function-invoker.ts';
import { FC_CREDENTIALS, FcServer, type ServedFunction } from '../support/fc-server.ts';
import { describeInvoker } from './invoker.suite.ts';

/** The SDK dates its calls itself, so the server needs the real time; nothing here depends on it. */
const REAL_CLOCK = { nowMs: () => Date.now() };

const open = async (functions: Readonly<Record<string, ServedFunction>>) => {
  const prefixed = Object.entries(functions).map(([name, run]) => [`fenghuo-test-${name}`, run]);
  const server = new FcServer(REAL_CLOCK, { functions: Object.fromEntries(prefixed) });
  const waits: number[] = [];
  const who = { credentials: async () => FC_CREDENTIALS as { accessKeyId: string; accessKeySecret: string } };
  const endpoint = await server.listen();
  const invoker = createFunctionInvoker({
    endpoint,
    credentials: () => who.credentials(),
    accountId: () => '1234567890',
    nameOf: (name) => `fenghuo-test-${name}`,
    sleep: async (ms) => void waits.push(ms),
    random: () => 0.5,
  });
  return { invoker, server, waits, who, endpoint, close: () => server.close() };
};

describeInvoker('Function Compute', open);

describe('the invoker of Function Compute', () => {
  let under: Awaited<ReturnType<typeof open>>;
  let runs: number;
  beforeEach(async () => {
    runs = 0;
    under = await open({
      'deliver-email': async () => {
        runs += 1;
        return { ok: true };
      },
    });
  });
  afterEach(() => under.close());

  const invoke = (timeoutMs = 20_000) =>
    under.invoker.invoke({ function: 'deliver-email', event: { kind: 'test', key: 'planted-key' }, timeoutMs });
  const caught = async (timeoutMs?: number): Promise<unknown> => invoke(timeoutMs).catch((error: unknown) => error);

  it('waits and tries again while it is throttled, because nothing ran', async () => {
    under.server.faults.push({ status: 429, code: 'ResourceThrottled' }, { status: 429, code: 'ResourceExhausted' });
    expect(await invoke()).toEqual({ ok: true });
    expect(under.waits).toEqual([200, 400]);
  });

  it('gives up after four tries', async () => {
    under.server.faults.push(...Array.from({ length: 9 }, () => ({ status: 429, code: 'ResourceThrottled' })));
    expect(await caught()).toMatchObject({ code: 'throttled', sent: 'no' });
    expect(under.server.calls).toHaveLength(4);
    expect(runs).toBe(0);
  });

  it.each([
    [{ status: 500, code: 'InternalServerError' }, 'http-500'],
    [{ status: 503, code: 'ServiceUnavailable' }, 'http-503'],
    ['reset', 'ECONNRESET'],
    ['done-then-reset', 'ECONNRESET'],
    ['no-json', 'no-json'],
  ] as const)('never repeats what may have run: %j', async (fault, code) => {
    under.server.faults.push(fault);
    expect(await caught()).toMatchObject({ name: 'InvokerError', code, sent: 'maybe' });
    expect(under.server.calls).toHaveLength(1);
  });

  it('says that nothing ran when it may not call', async () => {
    under.server.faults.push({ status: 403, code: 'AccessDenied' });
    expect(await caught()).toMatchObject({ code: 'http-403', sent: 'no' });
    expect(under.server.calls).toHaveLength(1);
  });

  it('ends a call that is not answered', async () => {
    under.server.faults.push('silence');
    expect(await caught(300)).toMatchObject({ code: 'time-out', sent: 'maybe' });
  });

  it('tries again when no connection is made, and says so in the end', async () => {
    await under.server.close();
    expect(await caught()).toMatchObject({ code: 'ECONNREFUSED', sent: 'no' });
    expect(under.waits).toHaveLength(3);
    under = await open({});
  });

  it('signs each call with the credentials of the moment', async () => {
    const right = under.who.credentials;
    under.who.credentials = async () => ({ ...FC_CREDENTIALS, accessKeySecret: 'an old secret' });
    expect(await caught()).toMatchObject({ code: 'http-403', sent: 'no' });
    under.who.credentials = right;
    expect(await invoke()).toEqual({ ok: true });
  });

  it('calls nobody without credentials', async () => {
    under.who.credentials = () => Promise.reject(Object.assign(new Error('none'), { code: 'credentials-missing' }));
    expect(await caught()).toMatchObject({ code: 'no-credentials', sent: 'no' });
    expect(under.server.calls).toEqual([]);
  });

  it('tells no secret and nothing of the event in any failure', async () => {
    const faults = [
      { status: 403, code: 'AccessDenied' },
      { status: 500, code: 'InternalServerError' },
      'reset',
    ] as const;
    for (const fault of faults) {
      under.server.faults.push(fault);
      const error = await caught();
      const said = `${String(error)}${JSON.stringify(error)}${String((error as Error).stack)}${String((error as Error).cause)}`;
      expect(said).not.toMatch(/fc-key|fc-token|planted-key|127\.0\.0\.1/);
    }
  });
});
