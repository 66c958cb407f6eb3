import { fakeDingtalk } from './dingtalk.ts';
import type { FakeProvider, SandboxParts } from './provider.ts';
import { FakeWebhook } from './webhook.ts';

/** Every fake provider that is called over HTTP; the only list. */
export const createProviders = (parts: SandboxParts): readonly FakeProvider[] => [
  fakeDingtalk(parts),
  new FakeWebhook(parts),
];
