import { channelName } from '../domain/channel-name.ts';
import type { Delivery } from '../domain/delivery.ts';
import { type Brief, digestOfBrief } from '../domain/digest.ts';
import type { Bilingual } from '../domain/event.ts';
import type { Health } from '../domain/health.ts';
import { idOf } from '../domain/ids.ts';
import type { Target } from '../domain/target.ts';

const LABELS = {
  provider: { en: 'The provider said', zh: '服务商的答复' },
  todo: { en: 'What to do', zh: '处理办法' },
  until: { en: 'Until then', zh: '在此之前' },
} as const satisfies Record<string, Bilingual>;

const UNTIL: Bilingual = {
  en: 'Nothing is sent there. It is looked at again from time to time; a test message that arrives switches it on at once.',
  zh: '不再向其发送消息。系统会定期检查；测试消息发送成功后立即恢复。',
};

const titleOf = (target: Target, { member }: Health): Bilingual => {
  const channel = channelName(target.channel);
  return {
    en: `${channel.en} endpoint switched off: ${target.name}${member === undefined ? '' : `, robot ${member}`}`,
    zh: `${channel.zh}端点已停用：${target.name}${member === undefined ? '' : `，第 ${member} 个机器人`}`,
  };
};

/** What happened to the endpoint and what to do, for a reader of that language. */
const briefOf = (target: Target, health: Health, language: Delivery['language']): Brief => ({
  id: idOf('endpoint', health.sinceMs, [health.target, String(health.member)]),
  product: 'fenghuo',
  type: 'Endpoint',
  name: 'EndpointDisabled',
  status: '',
  level: 'high',
  vendorLevel: '',
  resource: { id: '', type: '', name: '', arn: '' },
  region: '',
  account: '',
  atMs: health.sinceMs,
  title: titleOf(target, health),
  details: [
    [LABELS.provider[language], `${health.code}: ${health.text}`],
    [LABELS.todo[language], health.fix[language]],
    [LABELS.until[language], UNTIL[language]],
  ],
});

/**
 * The messages that tell the owners of a target that an endpoint of it was switched off. Their ids are a pure function of the endpoint
 * and of the instant at which it was switched off, so each owner is told once, however often this is repeated.
 */
export const ownerNotices = (owners: readonly Target[], target: Target, health: Health): Delivery[] =>
  owners
    .filter((owner) => owner.key !== target.key)
    .map((owner) => {
      const brief = briefOf(target, health, owner.language);
      return {
        id: idOf('dlv', health.sinceMs, [brief.id, owner.key]),
        target: owner.key,
        channel: owner.channel,
        rule: 'endpoint-health',
        language: owner.language,
        digest: digestOfBrief(brief),
      };
    });
