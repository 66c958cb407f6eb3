import type { Channel, Quota } from '../channels/channel.ts';
import type { Cause, Language } from '../domain/delivery.ts';
import { digestOfEvent } from '../domain/digest.ts';
import type { Event } from '../domain/event.ts';
import { idOf } from '../domain/ids.ts';
import type { Outcome } from '../domain/outcome.ts';
import { quotaStateSchema, takeSlots, UNUSED_QUOTA } from '../domain/quota.ts';
import type { Target } from '../domain/target.ts';
import { parkTarget, quotaRowKey, slotRuleOf } from './admit.ts';
import type { DeliverPorts } from './deliver.ts';
import { putRow, readStored, unchanged } from './rows.ts';

/** What a test message came to; cause and fix in the language of the caller. */
export interface TestResult {
  status: 'delivered' | 'refused' | 'deferred' | 'ambiguous';
  code: string;
  cause?: Cause;
  fix?: string;
  latencyMs: number;
}

const STATUS: Record<Outcome['kind'], TestResult['status']> = {
  delivered: 'delivered',
  refused: 'refused',
  throttled: 'deferred',
  retry: 'refused',
  ambiguous: 'ambiguous',
};

const QUOTA_FIX = {
  zh: '该机器人一分钟内的发送次数已用完，请一分钟后再测试。',
  en: 'The robot has used up its messages of this minute. Test again in a minute.',
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

const takeSlot = async (
  ports: Pick<DeliverPorts, 'store' | 'clock'>,
  target: string,
  quota: Quota,
): Promise<boolean> => {
  const stored = await readStored(ports.store, quotaStateSchema, quotaRowKey(target));
  const request = { wanted: 1, nowMs: ports.clock.nowMs() };
  const grant = takeSlots(stored?.value ?? UNUSED_QUOTA, slotRuleOf(quota), request);
  if (grant.granted === 0) return false;
  const [result] = await ports.store.write([putRow(quotaRowKey(target), grant.state, unchanged(stored))]);
  return result?.applied === true;
};

const resultOf = (outcome: Outcome, language: Language, latencyMs: number): TestResult => {
  const base = { status: STATUS[outcome.kind], code: outcome.code, latencyMs };
  return outcome.kind === 'delivered' ? base : { ...base, cause: outcome.cause, fix: outcome.fix[language] };
};

/** Sends a test message to a target now, within its quota, though nothing else may be sent there; undefined when there is no such channel. */
export const testTarget =
  (channels: readonly Channel[], ports: Omit<DeliverPorts, 'roster'>) =>
  async (target: Target, language: Language): Promise<TestResult | undefined> => {
    const channel = channels.find((one) => one.name === target.channel);
    if (channel === undefined) return undefined;
    if (channel.quota !== undefined && !(await takeSlot(ports, target.key, channel.quota))) {
      return { status: 'deferred', code: 'quota', cause: 'rate', fix: QUOTA_FIX[language], latencyMs: 0 };
    }
    const startedAtMs = ports.clock.nowMs();
    const event = testEvent(target, startedAtMs);
    const notice = {
      id: idOf('dlv', startedAtMs, [event.id, target.key]),
      digest: digestOfEvent(event),
      language,
      test: true,
    };
    const outcome = await channel.send(notice, target, ports);
    if (outcome.kind === 'throttled')
      await parkTarget(ports.store, target.key, ports.clock.nowMs() + outcome.retryAfterMs);
    return resultOf(outcome, language, ports.clock.nowMs() - startedAtMs);
  };
