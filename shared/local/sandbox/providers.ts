import { FakeDingtalk } from './dingtalk.ts';
import type { FakeProvider, SandboxParts } from './provider.ts';
import { FakeSlack } from './slack.ts';
import { FakeWebhook } from './webhook.ts';

/** Every fake provider that is called over HTTP; the only list. */
export const createProviders = (parts: SandboxParts): readonly FakeProvider[] => [
  new FakeDingtalk(parts),
  new FakeSlack(parts),
  new FakeWebhook(parts),
];
