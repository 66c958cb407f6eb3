import type { Event } from '../../shared/domain/event.ts';
import { targetKeyOf } from '../../shared/domain/ids.ts';
import type { Chatbot, NotificationPolicy, Settings, Subscription } from '../../shared/domain/settings.ts';
import { LEVEL_MEANS, PRODUCT_WORDS, plainPatternFits } from './linear-pattern.ts';
import { type PlainAsk, plainReach, waysOf } from './linear-reach.ts';
import { everyOf, isPushed, pacedOwner, plainNotices } from './linear-security-center.ts';

/** What the plain matcher says about one target. */
export interface PlainWant {
  target: string;
  rule: string;
  rules: string[];
  intervalMs: number;
  language: string;
  fallback?: { afterMs: number; steps: { target: string; channel: string; language: string }[] };
}

const MS: Record<string, number> = {
  none: 0,
  '1m': 60_000,
  '5m': 300_000,
  '10m': 600_000,
  '30m': 1_800_000,
  '90s': 90_000,
};

const same = (one: string, other: string): boolean => one.trim().toLowerCase() === other.trim().toLowerCase();

const unset = (list: readonly string[] | undefined): boolean => !list || list.length === 0 || list.includes('*');

const starFits = (pattern: string, text: string): boolean => {
  const body = [...pattern].map((char) => (char === '*' ? '[\\s\\S]*' : char.replace(/[\\^$.|?*+()[\]{}/-]/g, '\\$&')));
  return new RegExp(`^${body.join('')}$`).test(text);
};

const resourceFits = (patterns: readonly string[], event: Event): boolean =>
  patterns.some((pattern) => starFits(pattern, event.resource.id) || starFits(pattern, event.resource.arn));

const nameFits = (names: readonly string[], event: Event): boolean =>
  names.some((name) => same(name, event.name) || same(name, `${event.name}:${event.status}`));

const levelFits = (levels: readonly string[], event: Event): boolean =>
  levels.some((word) => LEVEL_MEANS[word] === event.level);

const deniedFits = ({ eventNames: names, levels }: Subscription, event: Event): boolean => {
  if (unset(names) && unset(levels)) return false;
  if (unset(names)) return levelFits(levels!, event);
  if (unset(levels)) return nameFits(names!, event);
  return nameFits(names!, event) && levelFits(levels!, event);
};

const selectFits = (rule: Subscription, event: Event): boolean => {
  if (rule.blacklist) return !deniedFits(rule, event);
  const { eventNames: names, levels } = rule;
  return (unset(names) || nameFits(names!, event)) && (unset(levels) || levelFits(levels!, event));
};

const contentFits = (rule: Subscription, event: Event): boolean => {
  const words = rule.content?.keywords ?? [];
  if (words.length === 0) return true;
  const text = JSON.stringify(event.content).toLowerCase();
  const has = words.some((word) => text.includes(word.toLowerCase()));
  return rule.content?.relation === 'not' ? !has : has;
};

const groupsOf = ({ content }: Event): string[] =>
  [content.groupId, content.groupName, content.productGroupName].flatMap((value) =>
    value === undefined || value === '' ? [] : String(value).split(','),
  );

const groupFits = (groups: readonly string[], event: Event): boolean =>
  groupsOf(event).some((group) => groups.some((wanted) => same(wanted, group)));

const subscriptionFits = (rule: Subscription, event: Event): boolean =>
  rule.enabled !== false &&
  (unset(rule.products) || rule.products!.some((word) => same(PRODUCT_WORDS[word] ?? word, event.product))) &&
  (unset(rule.eventTypes) || rule.eventTypes!.some((word) => same(word, event.type))) &&
  selectFits(rule, event) &&
  (unset(rule.resources) || resourceFits(rule.resources!, event)) &&
  (unset(rule.regions) || rule.regions!.includes(event.region)) &&
  (unset(rule.accounts) || rule.accounts!.includes(event.account)) &&
  (unset(rule.applicationGroups) || groupFits(rule.applicationGroups!, event)) &&
  (!rule.pattern || plainPatternFits(rule.pattern, event)) &&
  contentFits(rule, event);

const kindOf = (event: Event): string => {
  const type = event.type.toLowerCase();
  if (type.startsWith('vulnerability')) return 'vulnerability';
  if (['system-baseline-cnt', 'cspm-cnt', 'baseline', 'cspm'].includes(type)) return 'baseline';
  return type === 'accesskeyleak' ? 'accessKeyLeak' : 'alert';
};

const assetsFit = (chatbot: Chatbot, event: Event, settings: Settings): boolean => {
  const wanted = chatbot.assetGroups ?? [];
  if (wanted.length === 0) return true;
  const groups = settings.assetGroups ?? [];
  const owners = groups.filter((group) => !group.default && resourceFits(group.resources ?? [], event));
  return wanted.some((name) => {
    const group = groups.find((one) => one.name === name)!;
    return resourceFits(group.resources ?? [], event) || (group.default === true && owners.length === 0);
  });
};

const chatbotFits = (chatbot: Chatbot, event: Event, settings: Settings): boolean =>
  chatbot.enabled !== false &&
  event.product.toLowerCase() === 'sas' &&
  (!chatbot.notifyOn?.length || chatbot.notifyOn.some((kind) => kind === kindOf(event))) &&
  assetsFit(chatbot, event, settings);

const channelsAt = (policy: NotificationPolicy, event: Event): string[] | undefined => {
  const lists = Object.entries(policy.channelsByLevel ?? {}).filter(([word]) => LEVEL_MEANS[word] === event.level);
  return lists.length === 0 ? undefined : lists.flatMap(([, list]) => list);
};

interface World {
  settings: Settings;
  deployed?: ReadonlySet<string> | undefined;
}

const asksOfSubscription = (rule: Subscription, event: Event, { settings, deployed }: World): PlainAsk[] => {
  const policy = settings.notificationPolicies!.find(({ name }) => name === rule.policy)!;
  const methods = channelsAt(policy, event);
  return plainReach({ settings, policy, methods, deployed }).map((told) => ({
    ...told,
    rule: `subscription:${rule.name}`,
    intervalMs: MS[policy.interval ?? 'none']!,
  }));
};

const languageOfTarget = (target: string, settings: Settings): string => {
  const here = ({ url }: { url: string }): boolean => targetKeyOf('webhook', url) === target;
  const speakers = [
    ...(settings.chatbots ?? []).filter((bot) => bot.enabled !== false && here(bot)),
    ...(settings.contacts ?? []).filter((contact) => Object.values(waysOf(contact, settings)).includes(target)),
    ...(settings.chatbots ?? []).filter((bot) => bot.enabled === false && here(bot)),
  ];
  return speakers.find(({ language }) => language)?.language ?? settings.language ?? 'zh';
};

const asksOf = (world: World, event: Event): PlainAsk[] => {
  const { settings, deployed } = world;
  const chatbots = (settings.chatbots ?? []).filter((chatbot) => chatbotFits(chatbot, event, settings));
  return [
    ...(settings.subscriptions ?? [])
      .filter((rule) => subscriptionFits(rule, event) && isPushed(event, settings))
      .flatMap((rule) => asksOfSubscription(rule, event, world)),
    ...(deployed && !deployed.has('webhook') ? [] : chatbots).map((chatbot) => ({
      target: targetKeyOf('webhook', chatbot.url),
      rule: `chatbot:${chatbot.name}`,
      intervalMs: MS[chatbot.interval ?? 'none']!,
    })),
    ...plainNotices({ settings, deployed }, event),
  ];
};

const wayOn = (here: PlainAsk[], told: string[], settings: Settings): Pick<PlainWant, 'fallback'> => {
  const next = [...new Set(here.flatMap((ask) => ask.next ?? []))].filter((target) => !told.includes(target));
  if (next.length === 0) return {};
  const steps = next.map((target) => ({
    target,
    channel: target.split(':')[0]!,
    language: languageOfTarget(target, settings),
  }));
  return { fallback: { afterMs: Math.min(...here.flatMap((ask) => ask.afterMs ?? [])), steps } };
};

/**
 * The meaning of the settings in the plainest words: every rule is tried, one after the other. Knows nothing of the index. Every
 * webhook is a plain one with a URL that is written in normal form.
 */
export const plainRoute = (world: World, event: Event): PlainWant[] => {
  const { settings } = world;
  const asks = asksOf(world, event);
  const told = [...new Set(asks.map(({ target }) => target))].sort();
  return told.map((target) => {
    const here = asks
      .filter((ask) => ask.target === target)
      .sort((a, b) => a.intervalMs - b.intervalMs || (a.rule < b.rule ? -1 : Number(a.rule > b.rule)));
    const { rule, intervalMs } = pacedOwner(here, everyOf(event, settings));
    return {
      target,
      rule,
      rules: [...new Set([rule, ...here.map((ask) => ask.rule)])],
      intervalMs,
      language: languageOfTarget(target, settings),
      ...wayOn(here, told, settings),
    };
  });
};
