import { createMemoryPlatform } from '../../shared/adapters/local/memory-store.ts';
import type { ChannelPorts } from '../../shared/channels/channel.ts';
import { MailError } from '../../shared/ports/mail-transport.ts';
import { OpenApiError } from '../../shared/ports/openapi.ts';
import { FakeClock } from './fake-clock.ts';

const NOWHERE = { code: 'ENETUNREACH', sent: 'no', message: 'no network in this test' } as const;

/** Ports to the outside that reach nothing. */
export const unreachable: Pick<ChannelPorts, 'http' | 'mail' | 'openapi'> = {
  http: { send: () => Promise.reject(new Error(NOWHERE.message)) },
  mail: { send: () => Promise.reject(new MailError(NOWHERE)) },
  openapi: { call: () => Promise.reject(new OpenApiError(NOWHERE)) },
};

/** What a channel may use, with a store in memory; what is not given reaches nothing. */
export const channelPorts = (given: Partial<ChannelPorts> = {}): ChannelPorts => {
  const clock = given.clock ?? new FakeClock();
  return { ...unreachable, store: createMemoryPlatform(clock).store, clock, ...given };
};
