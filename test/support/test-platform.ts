import { createMemoryPlatform, type MemoryPlatform } from '../../shared/adapters/local/memory-store.ts';
import { InvokerError } from '../../shared/ports/invoker.ts';
import { createMetrics } from '../../shared/runtime/metrics.ts';
import type { Platform } from '../../shared/runtime/platform.ts';
import { unreachable } from './channel-ports.ts';
import { FakeClock } from './fake-clock.ts';
import { testSealer } from './test-sealer.ts';

/** A platform for tests of functions: memory, a clock that stands still, and what was logged. */
export interface TestWorld {
  platform: Platform;
  memory: MemoryPlatform;
  clock: FakeClock;
  logged: { level: string; message: string; fields: unknown }[];
}

const NOWHERE = { code: 'function-not-found', sent: 'no', message: 'no functions in this test' } as const;

/** Makes a platform whose HTTP client answers as told; by default every call is delivered with errcode 0. */
export const createTestWorld = (overrides: Partial<Platform> = {}): TestWorld => {
  const clock = new FakeClock();
  const memory = createMemoryPlatform(clock);
  const logged: TestWorld['logged'] = [];
  const log =
    (level: string) =>
    (message: string, fields: unknown = {}): void => {
      logged.push({ level, message, fields });
    };
  const metrics = overrides.metrics ?? createMetrics();
  const platform: Platform = {
    store: memory.store,
    queue: memory.queue,
    outbox: memory.outbox,
    ...unreachable,
    http: { send: async () => ({ status: 200, headers: {}, body: '{"errcode":0,"errmsg":"ok"}' }) },
    invoker: { invoke: () => Promise.reject(new InvokerError(NOWHERE)) },
    sealer: testSealer,
    clock,
    timers: clock,
    logger: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    metrics,
    metricsText: () => Promise.resolve(metrics.text()),
    accessToken: 'test-token-1234',
    settingsEnv: { HOOK: 'https://oapi.dingtalk.com/robot/send?access_token=tok-from-env-0001' },
    consoleUrl: 'http://127.0.0.1:1',
    ...overrides,
  };
  return { platform, memory, clock, logged };
};
