import type { Event } from '../../shared/domain/event.ts';
import { levelOfWord } from '../../shared/domain/level.ts';
import type { CloudMonitorPush, Notice, Settings } from '../../shared/domain/settings.ts';
import { type PlainAsk, waysOf } from './linear-reach.ts';

const ITEMS: Record<string, string> = {
  vulnerability: 'vulnerabilities',
  'vulnerability-cnt': 'vulnerabilities',
  'system-baseline-cnt': 'baselineRisks',
  accesskeyleak: 'accessKeyLeak',
};

const SWITCHES: Record<string, [keyof CloudMonitorPush, 'details' | 'overview']> = {
  suspicious: ['alert', 'details'],
  vulnerability: ['vulnerability', 'details'],
  'vulnerability-cnt': ['vulnerability', 'overview'],
  'system-baseline-cnt': ['baseline', 'overview'],
};

/** The parts of an item that exist. */
const PARTS: Record<string, ('details' | 'overview')[]> = {
  alert: ['details'],
  vulnerability: ['details', 'overview'],
  baseline: ['overview'],
};

const EVERY_MS: Record<string, number> = { none: 0, '2m': 120_000, '10m': 600_000 };

const isSecurity = ({ product }: Event): boolean => product.toLowerCase() === 'sas';

const switchOf = (event: Event, settings: Settings) => {
  const push = settings.securityCenter?.cloudMonitorPush;
  const found = SWITCHES[event.type.toLowerCase()];
  if (!push || !found || !isSecurity(event)) return undefined;
  const outside = event.region.startsWith('eu-');
  const { region } = settings.securityCenter!;
  if (event.region !== '' && ((region === 'mainland' && outside) || (region === 'outside' && !outside)))
    return undefined;
  const [item, part] = found;
  return { item, part, written: push[item] ?? {} };
};

/** Whether Security Center pushes an event to CloudMonitor, so that subscriptions hear of it. */
export const isPushed = (event: Event, settings: Settings): boolean => {
  const found = switchOf(event, settings);
  if (!found) return true;
  const { item, part, written } = found;
  if (written[part] !== undefined) return written[part];
  return !PARTS[item]!.some((one) => written[one] === true);
};

/** The lane and the least time between two messages of what the push sends in details. */
export const everyOf = (event: Event, settings: Settings): { rule: string; everyMs: number } | undefined => {
  const found = switchOf(event, settings);
  if (!found || found.part === 'overview') return undefined;
  return { rule: `push:${found.item}`, everyMs: EVERY_MS[found.written.every ?? 'none']! };
};

interface Lane {
  rule: string;
  intervalMs: number;
}

/** Who owns the lane: each subscription counts as no quicker than the push, and what hears directly goes first at the same pace. */
export const pacedOwner = (asks: Lane[], push: { rule: string; everyMs: number } | undefined): Lane => {
  const everyMs = push?.everyMs ?? 0;
  const first = asks[0]!;
  if (push === undefined || !first.rule.startsWith('subscription:') || first.intervalMs >= everyMs) return first;
  const direct = asks.find(({ rule, intervalMs }) => !rule.startsWith('subscription:') && intervalMs <= everyMs);
  return direct ?? { rule: push.rule, intervalMs: everyMs };
};

const noticeFits = ({ item, severity = [] }: Notice, event: Event): boolean =>
  isSecurity(event) &&
  (ITEMS[event.type.toLowerCase()] ?? 'alerts') === item &&
  (severity.length === 0 || severity.some((word) => levelOfWord(word) === event.level));

/** Whom notices tell of an event, recipient after recipient and method after method. */
export const plainNotices = (
  { settings, deployed }: { settings: Settings; deployed?: ReadonlySet<string> | undefined },
  event: Event,
): PlainAsk[] => {
  const { recipients = [], accountContact, receiving } = settings.messageCenter ?? {};
  const told = recipients.length > 0 ? recipients : [accountContact];
  const entries: Record<string, string | undefined> = receiving?.securityNotice ?? {};
  return (settings.securityCenter?.notices ?? [])
    .filter((notice) => noticeFits(notice, event))
    .flatMap(({ item, notifyBy }) =>
      settings
        .contacts!.filter(({ name }) => told.includes(name))
        .flatMap((contact) =>
          Object.entries(waysOf(contact, settings))
            .filter(([method]) => {
              const entry = entries[method];
              if (entry === 'required') return true;
              return notifyBy.some((one) => one === method) && entry !== 'banned' && entry !== 'disabled';
            })
            .filter(([method]) => deployed?.has(method) ?? true)
            .map(([, target]) => ({ target, rule: `notice:${item}`, intervalMs: 0 })),
        ),
    );
};
