import type { SealerKeys } from '../adapters/crypto/sealer.ts';
import type { QueueSnapshot, StoreConnection } from '../adapters/local/protocol.ts';
import type { TrustedCertificate } from '../adapters/net/mail-transport.ts';
import type { HostEnvironment } from './environment.ts';

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
}

/** To the queue thread. */
export type ToQueueThread = { kind: 'metrics'; ask: number } | { kind: 'stop' };

/** From the queue thread. */
export type FromQueueThread =
  | { kind: 'started' }
  | { kind: 'log'; line: string }
  | { kind: 'metrics'; ask: number; text: string }
  | { kind: 'stopped' };
