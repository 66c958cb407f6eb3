import type { Planted } from './planted.ts';

let count = 0;

/** Sixteen letters and digits, as short as the shortest real secrets, so that no rule about long words can find it. */
const coreOf = (): string => {
  count += 1;
  return `Zq${String(count).padStart(2, '0')}pLaNtEdX7w${'abcdefghijklmnopqrstuvwxyz'[count % 26]}K`;
};

/** Where the addresses of a file lead: most of them to a provider that means ill, one to the sandbox of the host itself. */
interface Places {
  hostile: string;
  own: string;
  mailServer: string;
}

/** Secrets of every place of the settings, and the file that they stand in. */
export class PlantedSettings {
  readonly planted: Planted[] = [];
  readonly env: Record<string, string> = {};

  /** A new secret; what follows it may be shown as the end of a mask. */
  plant(name: string): string {
    const core = coreOf();
    this.planted.push({ name, core });
    return core;
  }

  /** A whole file; its secrets are new ones in every call. */
  fileFor({ hostile, own, mailServer }: Places): Record<string, unknown> {
    const ding = `${hostile}/robot/send?access_token=${this.plant('chatbot url')}tail`;
    this.env.PLANTED_HOOK = `${hostile}/services/T0/B0/${this.plant('variable')}tail`;
    return {
      version: 1,
      language: 'en',
      contacts: [
        this.#ticket(hostile),
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of the settings file
        { name: 'slack', webhook: { url: '${env:PLANTED_HOOK}', type: 'slack' } },
        {
          name: 'sandbox',
          inbox: 'ops-lead',
          webhook: {
            url: `${own}/sandbox/dingtalk/robot/send?access_token=${this.plant('sandbox url')}tail`,
            secret: `SEC${this.plant('sandbox secret')}--`,
          },
        },
        {
          name: 'ding',
          webhook: {
            type: 'dingtalk',
            url: `${hostile}/robot/send?access_token=${this.plant('contact url')}tail`,
            secret: `SEC${this.plant('contact secret')}--`,
          },
        },
        {
          name: 'lark',
          webhook: {
            type: 'lark',
            url: `${hostile}/open-apis/bot/v2/hook/${this.plant('lark url')}tail`,
            secret: `${this.plant('lark secret')}--`,
          },
        },
        {
          name: 'wecom',
          webhook: { type: 'wecom', url: `${hostile}/cgi-bin/webhook/send?key=${this.plant('wecom url')}tail` },
        },
        { name: 'person', email: 'ops@example.com', phone: '+8613800000000' },
      ],
      contactGroups: [{ name: 'all', contacts: ['ticket', 'slack', 'sandbox', 'ding', 'lark', 'wecom', 'person'] }],
      notificationPolicies: [{ name: 'now', contactGroups: ['all'], interval: 'none' }],
      subscriptions: [{ name: 'everything', policy: 'now' }],
      chatbots: [
        {
          name: 'bot',
          type: 'dingtalk',
          url: ding,
          secret: `SEC${this.plant('chatbot secret')}--`,
          keywords: ['Cloud'],
          notifyOn: ['alert'],
          interval: 'none',
          pool: [
            {
              url: `${hostile}/robot/send?access_token=${this.plant('pool url')}tail`,
              secret: `SEC${this.plant('pool secret')}--`,
            },
          ],
        },
      ],
      messageCenter: {
        robots: [{ id: '10651', url: `${hostile}/robot/send?access_token=${this.plant('message center url')}tail` }],
      },
      sms: { signName: 'Beacon', templateCode: 'SMS_000000000' },
      voice: { ttsCode: 'TTS_000000000' },
      resourceInstances: [
        {
          emailSendServer: mailServer,
          assetname: 'mail-out',
          emailUsername: 'alert@example.com',
          emailPassword: `${this.plant('mail password')} "ü/&--`,
        },
      ],
    };
  }

  #ticket(hostile: string): object {
    const password = this.plant('password in a URL');
    const { host } = new URL(hostile);
    return {
      name: 'ticket',
      webhook: {
        type: 'webhook',
        url: `http://user:${password}@${host}/hooks/${this.plant('webhook path')}?sig=${this.plant('webhook query')}tail`,
        secret: `whsec_${Buffer.from(this.plant('signing secret')).toString('base64')}AA==`,
        previousSecret: `${this.plant('previous secret')}/+--`,
        headers: {
          Authorization: `Bearer ${this.plant('authorization header')}--`,
          'X-Api-Key': `${this.plant('api key header')}--`,
        },
      },
    };
  }
}
