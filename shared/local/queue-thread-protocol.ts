import type { SealerKeys } from '../adapters/crypto/sealer.ts';
import type { QueueSnapshot, StoreConnection } from '../adapters/local/protocol.ts';
import type { TrustedCertificate } from '../adapters/net/mail-transport.ts';
import type { HostEnvironment } from './environment.ts';
import type { FunctionName } from './function-bundles.ts';

/** What the queue thread is started with: plain data and a way to the store. */
export interface QueueThreadSettings {
  connection: StoreConnection;
  /** What waited when the store was opened. */
  queues: readonly QueueSnapshot[];
  environment: HostEnvironment;
  /** What the secrets of the settings are sealed with; never logged or shown. */
  keys: SealerKeys;
  url: string;
  functionsDirectory: string;
  fakeMail: TrustedCertificate | undefined;
  /** Whether the front is being called; see FrontRest. */
  frontCalls: Int32Array;
}

/** Why a function failed; errors of classes do not cross threads. */
export interface HelpFault {
  isOutage: boolean;
  message: string;
}

/** To the queue thread. */
export type ToQueueThread =
  | { kind: 'metrics'; ask: number }
  | { kind: 'helped'; ask: number; fault?: HelpFault }
  | { kind: 'stop' };

/** From the queue thread. */
export type FromQueueThread =
  | { kind: 'started' }
  | { kind: 'log'; line: string }
  | { kind: 'metrics'; ask: number; text: string }
  | { kind: 'help'; ask: number; name: FunctionName; event: Uint8Array }
  | { kind: 'stopped' };
