import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOpenApi } from '../../shared/adapters/aliyun/openapi.ts';
import { openLocalPlatform } from '../../shared/adapters/local/open.ts';
import { createHttpClient } from '../../shared/adapters/net/http-client.ts';
import { createMailTransport } from '../../shared/adapters/net/mail-transport.ts';
import type { ChannelPorts } from '../../shared/channels/channel.ts';
import { OPENAPI_PATH } from '../../shared/local/sandbox/openapi-provider.ts';
import { SANDBOX_CREDENTIALS } from '../../shared/local/sandbox/openapi-signature.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';
import type { ChannelProviders } from './channel-providers.ts';

/** Ports that answer at once in memory and keep nothing; `reply` is the body of every HTTP answer. */
export const instantPorts = (reply: string): ChannelPorts => ({
  http: { send: async () => ({ status: 200, headers: {}, body: reply }) },
  mail: { send: async () => ({ response: '250 OK', rejected: [] }) },
  openapi: { call: async () => ({ status: 200, body: { Code: 'OK', Message: 'OK' } }) },
  store: {
    get: async () => undefined,
    getMany: async (keys) => keys.map(() => undefined),
    range: async () => [],
    scan: async () => [],
    write: async (ops) => ops.map(() => ({ applied: true, version: 1 })),
  },
  clock: systemClock,
});

/** Ports that send for real, with what they hold open. */
export interface OpenPorts {
  ports: ChannelPorts;
  close(): Promise<void>;
}

/** The transports of the product on the fake providers, and the embedded store on an empty directory. */
export const openPorts = async ({ base, mail }: ChannelProviders): Promise<OpenPorts> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'fenghuo-bench-'));
  const platform = await openLocalPlatform({ dataDir, clock: systemClock });
  const http = createHttpClient({ allow: ['127.0.0.1/32'] });
  const mailTransport = createMailTransport({ allow: ['127.0.0.1/32'], trusted: [mail] });
  const openapi = createOpenApi({
    endpoint: base + OPENAPI_PATH,
    credentials: () => Promise.resolve(SANDBOX_CREDENTIALS),
  });
  return {
    ports: { http, mail: mailTransport, openapi, store: platform.store, clock: systemClock },
    close: async () => {
      await http.close();
      mailTransport.close();
      await platform.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
