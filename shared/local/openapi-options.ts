import type { OpenApiOptions } from '../adapters/aliyun/openapi.ts';
import type { HostEnvironment } from './environment.ts';
import { OPENAPI_PATH } from './sandbox/openapi-provider.ts';
import { SANDBOX_CREDENTIALS } from './sandbox/openapi-signature.ts';

type Given = Pick<HostEnvironment, 'openApiEndpoint' | 'cloudCredentials' | 'sandbox'>;

/**
 * Where calls to OpenAPIs of this host go and who makes them. An endpoint of the environment comes first. Otherwise, while the
 * sandbox is on, it is the built-in fake with credentials that open nothing, so that a trial never reaches the cloud and the
 * fake never sees real credentials. `url` is the host's own.
 */
export const openApiOptions = (environment: Given, url: string): OpenApiOptions => {
  const { openApiEndpoint, cloudCredentials, sandbox } = environment;
  if (openApiEndpoint === undefined && sandbox)
    return { endpoint: `${url}${OPENAPI_PATH}`, credentials: () => Promise.resolve(SANDBOX_CREDENTIALS) };
  const credentials = cloudCredentials ?? (sandbox ? SANDBOX_CREDENTIALS : undefined);
  return {
    ...(openApiEndpoint === undefined ? {} : { endpoint: openApiEndpoint }),
    credentials: () => Promise.resolve(credentials),
  };
};
