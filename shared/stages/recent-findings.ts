import { rankOf } from '../domain/level.ts';
import type { Roster } from '../domain/roster.ts';
import { finding, type SettingsFinding } from '../domain/settings-finding.ts';
import type { Target } from '../domain/target.ts';
import type { SimulatedSend } from './simulation-channels.ts';
import { type Span, storedBatches } from './stored-batches.ts';
import { type KindCount, Kinds } from './what-if.ts';
import { type RunPorts, runStored } from './what-if-run.ts';

const SHOWN = 5;
const MINUTE_MS = 60_000;

const untold = async ({ store, simulator }: RunPorts, roster: Roster, span: Span): Promise<KindCount[]> => {
  const kinds = new Kinds();
  for await (const { message } of storedBatches(store, span)) {
    for (const event of message.events)
      if (rankOf(event.level) <= rankOf('high') && roster.route(event).length === 0) kinds.add(event);
    await simulator.breathe();
  }
  return kinds.most();
};

const blackHole = (kinds: readonly KindCount[]): SettingsFinding[] => {
  if (kinds.length === 0) return [];
  const shown = kinds
    .slice(0, SHOWN)
    .map(({ product, name, level, count }) => `${product} ${name} (${level}, ${count})`);
  const total = kinds.reduce((sum, { count }) => sum + count, 0);
  return [
    finding(
      { code: 'recent-black-hole', severity: 'error', path: 'subscriptions' },
      [
        `${total} critical and high events that came in lately would tell nobody: ${shown.join('; ')}`,
        'they really came, and with these settings nobody hears of such an event',
        'let a subscription take them, with a policy that reaches somebody at that level',
      ],
      [
        `最近收到的事件中，有 ${total} 个严重或高危事件不会通知任何人：${shown.join('；')}`,
        '这些事件确实发生过，按此配置没有人会知道',
        '让一条订阅接收它们，并使用在该级别能通知到人的策略',
      ],
    ),
  ];
};

/** The most messages in any sliding minute. */
const peakOf = (times: readonly number[]): number => {
  let [first, peak] = [0, 0];
  for (const [last, atMs] of times.entries()) {
    while (atMs - (times[first] ?? atMs) >= MINUTE_MS) first += 1;
    peak = Math.max(peak, last - first + 1);
  }
  return peak;
};

/** Messages that a target takes in a minute over all robots of its pool; undefined when its provider sets no such limit. */
const perMinuteOf = ({ channels }: RunPorts, target: Target): number | undefined => {
  const windows = channels.find(({ name }) => name === target.channel)?.quotaOf?.(target)?.windows ?? [];
  const limits = windows.filter(({ windowMs }) => windowMs === MINUTE_MS).map(({ limit }) => limit);
  return limits.length === 0 ? undefined : Math.min(...limits) * Math.max(1, target.pool?.length ?? 1);
};

const timesOf = (sends: readonly SimulatedSend[]): Map<string, number[]> => {
  const times = new Map<string, number[]>();
  for (const { target, atMs } of sends) {
    const known = times.get(target);
    if (known === undefined) times.set(target, [atMs]);
    else known.push(atMs);
  }
  return times;
};

const overLimit = (name: string, peak: number, limit: number): SettingsFinding =>
  finding(
    { code: 'rate-over-limit', severity: 'warn', path: name },
    [
      `would have got ${peak} messages in one minute, and takes ${limit}`,
      'what is over the limit waits and comes merged',
      'write a longer interval into the policy or chatbot, or give the robot a pool',
    ],
    [
      `一分钟内会收到 ${peak} 条消息，而限额是 ${limit} 条`,
      '超出限额的消息会等待并合并发送',
      '延长策略或机器人的通知间隔，或配置机器人池',
    ],
  );

/**
 * What stored events say about settings: critical and high ones that nobody would hear of, and targets that would have got more messages
 * in a minute than their provider takes. Nothing is sent or stored.
 */
export const recentFindings = async (ports: RunPorts, roster: Roster, span: Span): Promise<SettingsFinding[]> => {
  const { sends } = await runStored(ports, roster, { span, isLimited: false });
  const over = [...timesOf(sends)].flatMap(([key, times]) => {
    const target = roster.targets.get(key);
    const limit = target === undefined ? undefined : perMinuteOf(ports, target);
    const peak = peakOf(times);
    return target === undefined || limit === undefined || peak <= limit ? [] : overLimit(target.name, peak, limit);
  });
  return [...blackHole(await untold(ports, roster, span)), ...over];
};
