import type { Contact, NotificationPolicy, Settings } from './settings.ts';

/** Looks up the contacts that a policy, or a step of its escalation, tells, each once, in the order of its groups. */
export const membersIn = (settings: Settings): ((policy: Pick<NotificationPolicy, 'contactGroups'>) => Contact[]) => {
  const contacts = new Map(settings.contacts?.map((contact) => [contact.name, contact]));
  const groups = new Map(settings.contactGroups?.map((group) => [group.name, group.contacts]));
  return ({ contactGroups }) => {
    const names = new Set(contactGroups.flatMap((group) => groups.get(group) ?? []));
    return [...names].flatMap((name) => contacts.get(name) ?? []);
  };
};
