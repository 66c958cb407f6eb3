import { digestOfEvent } from '../../shared/domain/digest.ts';
import { createSandbox, type Sandbox } from '../../shared/local/sandbox/index.ts';
import type { SandboxMessage } from '../../shared/local/sandbox/message-log.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { aNotice, anEventSaying, aTarget } from '../fixtures/providers/notice.ts';
import { serveSandbox } from './channel-server.ts';

/** The fake groups of one provider behind a real HTTP server. */
export interface FakeGroups {
  sandbox: Sandbox;
  /** A group of this channel with that token. */
  group(changes?: Parameters<typeof aTarget>[0], token?: string): ReturnType<typeof aTarget>;
  /** What came in, with the HTML of each message. */
  messages(): Promise<(SandboxMessage & { html: string })[]>;
  close(): Promise<void>;
}

/** A sandbox that was never used; `path` is that of a call without its token. */
export const openFakeGroups = async (channel: string, path: string, clock: Clock): Promise<FakeGroups> => {
  const sandbox = createSandbox({ clock });
  const server = await serveSandbox(sandbox);
  return {
    sandbox,
    group: (changes = {}, token = 'robot-1') =>
      aTarget({ channel, address: `${server.base}/sandbox/${channel}${path}${token}`, ...changes }),
    messages: async () => {
      const response = await fetch(`${server.base}/sandbox/api/messages?html=1`);
      return ((await response.json()) as { messages: (SandboxMessage & { html: string })[] }).messages;
    },
    close: () => server.close(),
  };
};

/** A notice about one event of more than 300 KB in Chinese and emoji. */
export const hugeNotice = (changes: Parameters<typeof aNotice>[0] = {}): ReturnType<typeof aNotice> => {
  const event = anEventSaying('云服务器🚨磁盘👨‍👩‍👧'.repeat(2_000));
  if (Buffer.byteLength(JSON.stringify(event)) < 300_000) throw new Error('the event is too small');
  return aNotice({ digest: digestOfEvent(event), ...changes });
};
