import { createOpenApi } from '../../shared/adapters/aliyun/openapi.ts';
import { createHttpClient } from '../../shared/adapters/net/http-client.ts';
import { createMailTransport } from '../../shared/adapters/net/mail-transport.ts';
import type { Notice } from '../../shared/channels/channel.ts';
import { CHANNELS } from '../../shared/channels/registry.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { Target } from '../../shared/domain/target.ts';
import { OPENAPI_PATH } from '../../shared/local/sandbox/openapi-provider.ts';
import { SANDBOX_CREDENTIALS } from '../../shared/local/sandbox/openapi-signature.ts';
import { aTarget } from '../fixtures/providers/notice.ts';
import { channelPorts } from '../support/channel-ports.ts';
import type { SandboxServer } from './sandbox-server.ts';

const PHONE: Partial<Target> = {
  address: '+8613800001234',
  sms: { signName: '烽火通知', templateCode: 'SMS_100000001', internationalFrom: 'FENGHUO' },
  voice: { ttsCode: 'TTS_100000001' },
};

/** Where each channel sends to in these tests: one place of every fake provider. */
const targetsAt = (url: string, mailServer: string): Readonly<Record<string, Partial<Target>>> => ({
  dingtalk: { address: `${url}/sandbox/dingtalk/robot/send?access_token=ops-robot-0123456789` },
  lark: { address: `${url}/sandbox/lark/open-apis/bot/v2/hook/6f1f3c52-9d1e-4b7b-9a51-0b4f2e8ab17d` },
  wecom: { address: `${url}/sandbox/wecom/cgi-bin/webhook/send?key=693a91f6-7a1b-4bc4-97a0-0ec2f1fa5aaa` },
  slack: { address: `${url}/sandbox/slack/services/T0000001/B0000001/abcdefghijklmnopqrstuvwx` },
  webhook: { address: `${url}/sandbox/webhook/tickets` },
  email: {
    address: 'oncall@example.com',
    smtp: { name: 'mailer', server: mailServer, user: 'fenghuo@example.com', password: 'code-0123456789abcdef' },
  },
  sms: PHONE,
  voice: PHONE,
});

/** Our own channels with their real clients, pointed at a sandbox. */
export interface Senders {
  /** Sends a notice over the channel of that name, as the delivery function would. */
  notify(channel: string, notice: Notice, changes?: Partial<Target>): Promise<Outcome>;
  close(): Promise<void>;
}

/** Opens the real clients. The calls of the OpenAPI are signed with the time of this machine, so the sandbox must live in it too. */
export const openSenders = async ({ sandbox, url }: SandboxServer): Promise<Senders> => {
  const mailServer = await sandbox.startMail();
  const http = createHttpClient({ allow: ['127.0.0.1/32'] });
  const mail = createMailTransport({ allow: ['127.0.0.1/32'], trusted: [mailServer] });
  const openapi = createOpenApi({
    endpoint: url + OPENAPI_PATH,
    credentials: () => Promise.resolve(SANDBOX_CREDENTIALS),
  });
  const ports = channelPorts({ http, mail, openapi, clock: { nowMs: () => Date.now() } });
  const targets = targetsAt(url, `${mailServer.host}:${mailServer.port}`);
  return {
    notify: async (name, notice, changes = {}) => {
      const channel = CHANNELS.find((each) => each.name === name);
      if (channel === undefined) throw new Error(`no channel ${name}`);
      const { language } = notice;
      return channel.send(notice, aTarget({ channel: name, language, ...targets[name], ...changes }), ports);
    },
    close: async () => {
      mail.close();
      await http.close();
      await mailServer.close();
    },
  };
};
