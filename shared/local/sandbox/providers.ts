import { fakeDingtalk } from './dingtalk.ts';
import { fakeLark } from './lark.ts';
import type { FakeProvider, SandboxParts } from './provider.ts';
import { FakeSlack } from './slack.ts';
import { FakeSms } from './sms.ts';
import { FakeVoice } from './voice.ts';
import { FakeWebhook } from './webhook.ts';
import { fakeWecom } from './wecom.ts';

/** Every fake provider that is called over HTTP; the only list. */
export const createProviders = (parts: SandboxParts): readonly FakeProvider[] => [
  fakeDingtalk(parts),
  fakeLark(parts),
  fakeWecom(parts),
  new FakeSlack(parts),
  new FakeWebhook(parts),
  new FakeVoice(parts),
  new FakeSms(parts),
];
