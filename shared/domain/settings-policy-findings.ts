import { levelOfWord } from './level.ts';
import type { Contact, Method, NotificationPolicy, Settings } from './settings.ts';
import { canSend, hasAddress, orderFindings } from './settings-contact-findings.ts';
import type { SettingsFinding } from './settings-finding.ts';
import { membersIn } from './settings-members.ts';

interface Place {
  settings: Settings;
  path: string;
  members: readonly Contact[];
}

const SECTIONS = { email: 'resourceInstances', sms: 'sms', voice: 'voice' } as const;

const senderless = (
  { channelsByLevel = {} }: NotificationPolicy,
  { settings, path, members }: Place,
): SettingsFinding[] =>
  Object.entries(channelsByLevel).flatMap(([level, methods]) =>
    (['email', 'sms', 'voice'] as const)
      .filter((method) => methods.includes(method) && !canSend(settings, method))
      .filter((method) => members.some((member) => hasAddress(member, method)))
      .map((method) => ({
        path: `${path}.channelsByLevel.${level}`,
        what: `names ${method}, but the file has no ${SECTIONS[method]}`,
        why: `nothing is sent by ${method} at this level`,
        fix: `add ${SECTIONS[method]}, or take the method out`,
      })),
  );

const CALM_LEVELS = ['low', 'info'] as const;

const isCalled = ({ fallback, phone }: Contact, policy: NotificationPolicy): boolean =>
  phone !== undefined && fallback === undefined && policy.fallback === undefined;

/** A level that is left out uses every method, calls included; for the calm ones that is hardly ever meant. */
const calls = (policy: NotificationPolicy, { settings, path, members }: Place): SettingsFinding[] => {
  if (!canSend(settings, 'voice') || !members.some((member) => isCalled(member, policy))) return [];
  const named = Object.keys(policy.channelsByLevel ?? {}).map(levelOfWord);
  const left = CALM_LEVELS.filter((level) => !named.includes(level));
  if (left.length === 0) return [];
  return [
    {
      path: `${path}.channelsByLevel`,
      what: `leaves out ${left.join(' and ')}, so every method is used, calls included`,
      why: 'people are called for events that can wait',
      fix: `name the methods of ${left.join(' and ')}; [] tells nobody`,
    },
  ];
};

const order = ({ fallback }: NotificationPolicy, { path, members }: Place): SettingsFinding[] => {
  if (fallback === undefined) return [];
  const has = (method: Method): boolean => members.some((member) => hasAddress(member, method));
  return orderFindings(`${path}.fallback.order`, fallback.order, has);
};

/** Whether a way on of this contact shrinks to one method where only these are allowed. */
const isCutShort = (contact: Contact, policy: NotificationPolicy, allowed: readonly Method[]): boolean => {
  const order = [...new Set((contact.fallback ?? policy.fallback)?.order ?? [])];
  const steps = order.filter((method) => hasAddress(contact, method));
  return steps.length > 1 && steps.filter((method) => allowed.includes(method)).length === 1;
};

/** Calm levels often end with their first method; a critical event that fails there is hardly meant to end. */
const cutShort = (policy: NotificationPolicy, { path, members }: Place): SettingsFinding[] =>
  Object.entries(policy.channelsByLevel ?? {})
    .filter(([level]) => levelOfWord(level) === 'critical')
    .flatMap(([level, methods]) => {
      const contacts = members.filter((member) => isCutShort(member, policy, methods)).map(({ name }) => name);
      if (contacts.length === 0) return [];
      return {
        path: `${path}.channelsByLevel.${level}`,
        what: `leaves one method of the fallback of ${contacts.join(', ')}`,
        why: 'nothing follows when that method fails',
        fix: 'name the other methods of its order as well: they are used only when the one before failed',
      };
    });

/** What notification policies say that cannot be done with this file, or that is hardly meant. */
export const policiesFindings = (settings: Settings): SettingsFinding[] => {
  const membersOf = membersIn(settings);
  return (settings.notificationPolicies ?? []).flatMap((policy, at) => {
    const place = { settings, path: `notificationPolicies[${at}]`, members: membersOf(policy) };
    return [...senderless(policy, place), ...order(policy, place), ...cutShort(policy, place), ...calls(policy, place)];
  });
};
