import type { Clock } from '../ports/clock.ts';
import type { Invoker } from '../ports/invoker.ts';
import type { Logger } from '../ports/logger.ts';
import type { OpenApi } from '../ports/openapi.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { Sealer } from '../ports/secrets.ts';
import type { TableStore } from '../ports/table-store.ts';
import type { RosterSource } from '../stages/roster-source.ts';
import type { Snapshots } from '../stages/settings-snapshots.ts';
import type { ApiReply } from './api.ts';
import type { ApiCall } from './router.ts';

/** Answers for which every channel is needed, and most of the stages: dry runs, and what is sent again at the pace of each target. */
export interface ChannelWork {
  route(call: ApiCall): Promise<ApiReply>;
  whatIf(call: ApiCall): Promise<ApiReply>;
  check(call: ApiCall): Promise<ApiReply>;
  replay(call: ApiCall): Promise<ApiReply>;
}

/** What is needed to show what came in and what became of it. */
export interface RecordsPorts {
  store: TableStore;
  clock: Clock;
  sealer: Sealer;
  roster: RosterSource;
  /** All metrics in the text format of Prometheus. */
  metricsText: () => Promise<string>;
  /** Told of each acknowledgement that counts; absent where nobody counts. */
  countAck?: () => void;
}

/** What the routes need that read the settings. */
export interface ConsolePorts {
  store: TableStore;
  clock: Clock;
  openapi: OpenApi;
  outbox: Outbox;
  sealer: Sealer;
  logger: Logger;
  roster: RosterSource;
  /** Settings that this instance has read already; left out, the console keeps its own. */
  snapshots?: Snapshots;
  /** Names of the channels that this deployment has. */
  deployed: ReadonlySet<string>;
  /** Calls the delivery function of a channel, which sends test messages: the console itself sends nothing to anybody. */
  invoker: Invoker;
  /** Brings what needs every channel, with the first call for it. */
  channelWork: (ports: ConsolePorts) => Promise<ChannelWork>;
  /** Channel name for a webhook URL; undefined when no channel claims it. */
  claimChannel: (url: string) => string | undefined;
  /** The value of a YAML text, or a promise of it; an Error says where the text is wrong. */
  parseYaml: (text: string) => unknown | Promise<unknown>;
  /** What `${env:NAME}` in a settings file may see. */
  settingsEnv: Readonly<Record<string, string>>;
  consoleUrl?: string;
}
