import type { Outcome } from '../../domain/outcome.ts';
import type { Target } from '../../domain/target.ts';
import type { Channel, ChannelPorts, Notice, Quota } from '../channel.ts';
import { badAddress, postToRobot } from '../robot-post.ts';
import { sendInTwoForms } from '../second-form.ts';
import { claimsHookUrl, hookAddressOf } from './config.ts';
import { simplerForm } from './fallback.ts';
import { calmMs } from './jitter.ts';
import { type Form, letterOf } from './letter.ts';
import { probeHook } from './probe.ts';
import { renderHookBody } from './render.ts';
import { readReply } from './reply.ts';
import { signatureOf } from './sign.ts';

const TIMEOUT_MS = 5_000;

/** Source: open.feishu.cn, client-docs/bot-v3/add-custom-bot: 100 a minute and 5 a second for one bot. */
const QUOTA: Quota = {
  windows: [
    { limit: 100, windowMs: 60_000 },
    { limit: 5, windowMs: 1_000 },
  ],
  maxSendMs: TIMEOUT_MS,
};

const NO_ADDRESS = badAddress({
  en: 'Paste the whole webhook address of the bot; it looks like .../open-apis/bot/v2/hook/<token>.',
  zh: '请粘贴机器人完整的 Webhook 地址，形如 .../open-apis/bot/v2/hook/<token>。',
});
const OLD_ADDRESS = badAddress(
  {
    en: 'This address belongs to the first version of bots, which is not supported: create a custom bot in the group and enter its address (.../bot/v2/hook/...).',
    zh: '这是旧版机器人的地址，已不支持：请在群中新建自定义机器人并填写其地址（.../bot/v2/hook/...）。',
  },
  'old-address',
);

type Hook = Extract<ReturnType<typeof hookAddressOf>, { kind: 'hook' }>;

const secretsOf = ({ url, token }: Hook, target: Target): string[] =>
  [token, target.secret ?? '', target.address, url.href].filter((secret) => secret !== '');

/** One message and where it goes. */
interface Errand {
  notice: Notice;
  target: Target;
  hook: Hook;
}

const deliver = ({ notice, target, hook }: Errand, { http, clock }: ChannelPorts): Promise<Outcome> => {
  const secrets = secretsOf(hook, target);
  const attempt = ({ look, quiet }: Form, timeoutMs: number): Promise<Outcome> => {
    const body = renderHookBody(letterOf({ notice, target, nowMs: clock.nowMs(), quiet }), look);
    return postToRobot(http, { url: hook.url.href, body, timeoutMs, secrets, repetition: 'once' }, (response) =>
      readReply(response, { nowMs: clock.nowMs(), secrets }),
    );
  };
  return sendInTwoForms<Form>({
    first: { look: 'card-2', quiet: false },
    simpler: simplerForm,
    attempt,
    clock,
    timeoutMs: TIMEOUT_MS,
  });
};

/** The custom bot of Lark and Feishu: a card to a group, 100 messages a minute and 5 a second. */
export const lark: Channel = {
  name: 'lark',
  quotaOf: () => QUOTA,
  notBeforeMs: ({ key }, nowMs) => calmMs(key, nowMs),
  timeoutMs: TIMEOUT_MS,
  claims: claimsHookUrl,
  send: async (notice, target, ports) => {
    const hook = hookAddressOf(target.address);
    if (hook.kind === 'hook') return deliver({ notice, target, hook }, ports);
    return hook.kind === 'old' ? OLD_ADDRESS : NO_ADDRESS;
  },
  probe: async (target, { http, clock }) => {
    const hook = hookAddressOf(target.address);
    if (hook.kind !== 'hook') return 'dead';
    const signature = signatureOf(target.secret, clock.nowMs());
    return probeHook(http, { url: hook.url.href, signature, timeoutMs: TIMEOUT_MS });
  },
};
