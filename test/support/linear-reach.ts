import { targetKeyOf } from '../../shared/domain/ids.ts';
import type { Contact, FallbackOrder, NotificationPolicy, Settings } from '../../shared/domain/settings.ts';

/** A target that a rule tells, and where its message goes on. */
export interface PlainAsk {
  target: string;
  rule: string;
  intervalMs: number;
  afterMs?: number;
  next?: string[];
}

/** Spellings of phone numbers in the samples, and the one number that each means. */
export const PHONES: Record<string, string> = {
  '13800000000': '+8613800000000',
  '+86 138-0000-0000': '+8613800000000',
  '008613900000000': '+8613900000000',
  '+85261234567': '+85261234567',
};

/** Spellings of mailboxes in the samples, and the one mailbox that each means. */
export const MAILBOXES: Record<string, string> = {
  'kai@example.com': 'kai@example.com',
  'kai@EXAMPLE.com': 'kai@example.com',
  'Kai@example.com': 'Kai@example.com',
};

const AFTER_MS: Record<string, number> = { '90s': 90_000, '2m': 120_000 };

/** The methods by which a contact can be told with this file, each with its target. */
export const waysOf = (contact: Contact, settings: Settings): Record<string, string> => ({
  ...(contact.webhook && { webhook: targetKeyOf('webhook', contact.webhook.url) }),
  ...(contact.phone && settings.sms && { sms: targetKeyOf('sms', PHONES[contact.phone]!) }),
  ...(contact.phone && settings.voice && { voice: targetKeyOf('voice', PHONES[contact.phone]!) }),
  ...(contact.email &&
    settings.resourceInstances?.length && { email: targetKeyOf('email', MAILBOXES[contact.email]!) }),
  ...(contact.inbox && { inbox: targetKeyOf('inbox', contact.inbox) }),
});

interface Question {
  settings: Settings;
  policy: NotificationPolicy;
  /** Undefined: all. */
  methods: string[] | undefined;
  deployed: ReadonlySet<string> | undefined;
}

const toldOf = (contact: Contact, { settings, policy, methods, deployed }: Question) => {
  const ways = Object.entries(waysOf(contact, settings)).filter(
    ([method]) => (!methods || methods.includes(method)) && (!deployed || deployed.has(method)),
  );
  const fallback: FallbackOrder | undefined = contact.fallback ?? policy.fallback;
  const [first, ...rest] = (fallback?.order ?? []).flatMap((method) => ways.filter(([way]) => way === method));
  if (!fallback || !first) return ways.map(([, target]) => ({ target }));
  if (rest.length === 0) return [{ target: first[1] }];
  return [
    { target: first[1], afterMs: AFTER_MS[fallback.after ?? ''] ?? 300_000, next: rest.map(([, target]) => target) },
  ];
};

/** Whom one policy tells at a level, contact after contact. */
export const plainReach = (question: Question): Omit<PlainAsk, 'rule' | 'intervalMs'>[] => {
  const { settings, policy } = question;
  const members = policy.contactGroups.flatMap(
    (name) => settings.contactGroups!.find((g) => g.name === name)!.contacts,
  );
  return [...new Set(members)]
    .map((name) => settings.contacts!.find((contact) => contact.name === name)!)
    .flatMap((contact) => toldOf(contact, question));
};
