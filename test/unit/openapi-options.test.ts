import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../shared/local/environment.ts';
import { openApiOptions } from '../../shared/local/openapi-options.ts';
import { SANDBOX_CREDENTIALS } from '../../shared/local/sandbox/openapi-signature.ts';

const URL = 'http://127.0.0.1:8787';
const KEYS = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAIown', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'own-secret' };
const OWN = { accessKeyId: 'LTAIown', accessKeySecret: 'own-secret' };
const ELSEWHERE = { FENGHUO_OPENAPI_ENDPOINT: 'http://relay.example.com:8080/cloud' };
const OFF = { FENGHUO_SANDBOX: 'off' };

const chosen = async (env: Record<string, string>) => {
  const { endpoint, credentials } = openApiOptions(readEnvironment(env), URL);
  return { endpoint, credentials: await credentials() };
};

describe('where calls to OpenAPIs go', () => {
  it('is the built-in fake while the sandbox is on, which never sees real credentials', async () => {
    const fake = { endpoint: `${URL}/sandbox/openapi`, credentials: SANDBOX_CREDENTIALS };
    expect(await chosen({})).toEqual(fake);
    expect(await chosen(KEYS)).toEqual(fake);
  });

  it('is the endpoint of the environment, with its credentials', async () => {
    const endpoint = ELSEWHERE.FENGHUO_OPENAPI_ENDPOINT;
    for (const more of [{}, OFF])
      expect(await chosen({ ...ELSEWHERE, ...KEYS, ...more })).toEqual({ endpoint, credentials: OWN });
    expect((await chosen({ ...ELSEWHERE, ...KEYS, ALIBABA_CLOUD_SECURITY_TOKEN: 'token' })).credentials).toEqual({
      ...OWN,
      securityToken: 'token',
    });
    expect(await chosen(ELSEWHERE)).toEqual({ endpoint, credentials: SANDBOX_CREDENTIALS });
  });

  it('is the cloud without the sandbox, and nobody calls it without credentials', async () => {
    expect(await chosen({ ...OFF, ...KEYS })).toEqual({ endpoint: undefined, credentials: OWN });
    expect(await chosen(OFF)).toEqual({ endpoint: undefined, credentials: undefined });
    const half = { ...OFF, ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAIown' };
    expect((await chosen(half)).credentials).toBeUndefined();
    expect((await chosen({ ...OFF, ...ELSEWHERE })).credentials).toBeUndefined();
  });
});
