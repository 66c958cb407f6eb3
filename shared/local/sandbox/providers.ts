import { FakeDingtalk } from './dingtalk.ts';
import type { FakeProvider, SandboxParts } from './provider.ts';
import { FakeSms } from './sms.ts';
import { FakeVoice } from './voice.ts';
import { FakeWebhook } from './webhook.ts';

/** Every fake provider that is called over HTTP; the only list. */
export const createProviders = (parts: SandboxParts): readonly FakeProvider[] => [
  new FakeDingtalk(parts),
  new FakeWebhook(parts),
  new FakeVoice(parts),
  new FakeSms(parts),
];
