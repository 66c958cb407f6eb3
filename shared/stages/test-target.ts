import type { Channel } from '../channels/channel.ts';
import type { Cause, Language } from '../domain/delivery.ts';
import type { DeliverPorts } from './deliver.ts';

/** What a test message came to; cause and fix in the language of the caller. */
export interface TestResult {
  status: 'delivered' | 'refused' | 'deferred' | 'ambiguous';
  code: string;
  cause?: Cause;
  fix?: string;
  latencyMs: number;
}

/** Sends a test message to a target now, within its quota. */
export const testTarget =
  (channels: readonly Channel[], ports: DeliverPorts) =>
  (targetKey: string, language: Language): Promise<TestResult> =>
    Promise.reject(new Error(`not built ${channels.length} ${ports.clock.nowMs()} ${targetKey} ${language}`));
