import type { Channel } from '../channels/channel.ts';
import type { Bilingual } from '../domain/event.ts';
import { accountOf, compileNotifyBook, mailTarget } from '../domain/notify-book.ts';
import type { ClaimChannel } from '../domain/roster-addresses.ts';
import { compileTargets } from '../domain/roster-targets.ts';
import type { Settings } from '../domain/settings.ts';
import type { Target } from '../domain/target.ts';
import type { TestCall, TestResult } from '../domain/test-call.ts';
import type { DeliverPorts } from './deliver-run.ts';
import { placesOf } from './places.ts';
import { readSettings } from './settings.ts';
import type { DocumentPorts } from './settings-document.ts';
import { testTarget } from './test-target.ts';

/** What answering test calls needs. */
export interface TestCallPorts extends Omit<DeliverPorts, 'roster' | 'sealer'>, DocumentPorts {
  claimChannel: ClaimChannel;
}

const GONE: Bilingual = {
  zh: '设置中已没有该地址，未发送任何内容。请刷新设置后再测试。',
  en: 'The settings do not have this address any more, so nothing was sent. Look at the settings and test again.',
};

/** A contact or a chatbot, disabled ones too, or a mailbox for the sender that is to be tried. */
const targetOf = (call: TestCall, settings: Settings, claimChannel: ClaimChannel): Target | undefined => {
  if (call.kind === 'test-sender') {
    const instance = settings.resourceInstances?.find(({ assetname }) => assetname === call.instance);
    return instance && mailTarget(compileNotifyBook(settings, claimChannel), call.to, accountOf(instance));
  }
  const target = compileTargets(settings, claimChannel).targets.get(call.key);
  return target && placesOf(target)[(call.robot ?? 1) - 1]?.target;
};

/** Sends a test message of this channel to what the settings in force have under that name. */
export const answerTest =
  (channel: Channel, ports: TestCallPorts) =>
  async (call: TestCall): Promise<TestResult> => {
    const { settings } = await readSettings(ports);
    const target = targetOf(call, settings, ports.claimChannel);
    if (target?.channel === channel.name) return testTarget(channel, ports)(target, call.language);
    return { status: 'refused', code: 'target-removed', cause: 'other', fix: GONE[call.language], latencyMs: 0 };
  };
