import type { Channel } from '../channels/channel.ts';
import type { Language } from '../domain/delivery.ts';
import { digestOfEvent } from '../domain/digest.ts';
import type { Bilingual, Event } from '../domain/event.ts';
import { idOf } from '../domain/ids.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Target } from '../domain/target.ts';
import type { TestResult } from '../domain/test-call.ts';
import type { DeliverPorts } from './deliver-run.ts';
import { enableEndpoint } from './health.ts';
import { parkTarget, takeOneSlot } from './quota-rows.ts';

const STATUS: Record<Outcome['kind'], TestResult['status']> = {
  delivered: 'delivered',
  refused: 'refused',
  throttled: 'deferred',
  retry: 'refused',
  ambiguous: 'ambiguous',
};

/** What to do when no message may be sent now: the minute is used up, or the provider imposed a pause. */
const waitFix = (waitMs: number): Bilingual => {
  const minutes = Math.max(1, Math.ceil(waitMs / 60_000));
  return {
    zh: `暂时不能再向其发送（配额已用完，或服务商要求暂停），请 ${minutes} 分钟后再测试。`,
    en: `Nothing may be sent there now: the quota is used up, or the provider imposed a pause. Test again in ${minutes} min.`,
  };
};

const TITLE = { zh: '测试消息：通知通道可用', en: 'Test message: this channel works' };

const testEvent = (target: Target, nowMs: number): Event => ({
  id: idOf('evt', nowMs, ['test', target.key]),
  source: 'canary',
  product: 'fenghuo',
  type: 'Test',
  name: 'Test',
  status: '',
  level: 'info',
  vendorLevel: '',
  resource: { id: target.name, type: '', name: '', arn: '' },
  region: '',
  account: '',
  occurredAtMs: nowMs,
  receivedAtMs: nowMs,
  title: TITLE,
  content: {},
});

const resultOf = (outcome: Outcome, language: Language, latencyMs: number): TestResult => {
  const base = { status: STATUS[outcome.kind], code: outcome.code, latencyMs };
  return outcome.kind === 'delivered' ? base : { ...base, cause: outcome.cause, fix: outcome.fix[language] };
};

/**
 * Sends a test message to a target now, within its quota, though nothing else may be sent there; what arrives switches the endpoint on
 * again.
 */
export const testTarget =
  (channel: Channel, ports: Omit<DeliverPorts, 'roster'>) =>
  async (target: Target, language: Language): Promise<TestResult> => {
    const waitMs = await takeOneSlot(ports, target.key, channel.quotaOf?.(target));
    if (waitMs > 0)
      return { status: 'deferred', code: 'quota', cause: 'rate', fix: waitFix(waitMs)[language], latencyMs: 0 };
    const startedAtMs = ports.clock.nowMs();
    const event = testEvent(target, startedAtMs);
    const notice = {
      id: idOf('dlv', startedAtMs, [event.id, target.key]),
      digest: digestOfEvent(event),
      language,
      test: true,
    };
    const outcome = await channel.send(notice, target, ports);
    if (outcome.kind === 'delivered') await enableEndpoint(ports.store, target.key);
    if (outcome.kind === 'throttled')
      await parkTarget(ports.store, target.key, ports.clock.nowMs() + outcome.retryAfterMs);
    return resultOf(outcome, language, ports.clock.nowMs() - startedAtMs);
  };
