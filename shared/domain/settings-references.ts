import type { Settings, SettingsIssue } from './settings.ts';
import { hintOf } from './settings-nearest.ts';

/** How many references to nothing are told at once. */
export const MAX_DANGLING = 50;

interface Reference {
  path: string;
  what: string;
  name: string;
  known: ReadonlySet<string>;
}

interface Named {
  path: string;
  name: string;
}

const namesIn = (list: readonly { name: string }[] | undefined): Set<string> => new Set(list?.map((item) => item.name));

const twice = (named: readonly Named[]): SettingsIssue[] => {
  const first = new Map<string, string>();
  return named.flatMap(({ path, name }) => {
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, path);
    return earlier === undefined ? [] : [{ path, message: `the name "${name}" is already taken by ${earlier}` }];
  });
};

const NAMED = [
  'contacts',
  'contactGroups',
  'notificationPolicies',
  'subscriptions',
  'assetGroups',
  'chatbots',
] as const;

/** Paths are written only for a list in which a name may be taken twice: there may be a hundred thousand. */
const namedIn = (kind: (typeof NAMED)[number], items: readonly { name: string }[]): Named[] =>
  namesIn(items).size === items.length ? [] : items.map(({ name }, at) => ({ path: `${kind}[${at}].name`, name }));

const namedLists = (settings: Settings): Named[][] => [
  ...NAMED.map((kind) => namedIn(kind, settings[kind] ?? [])),
  (settings.securityCenter?.notices ?? []).map(({ item }, at) => ({
    path: `securityCenter.notices[${at}].item`,
    name: item,
  })),
  (settings.messageCenter?.robots ?? []).map((robot, at) => ({
    path: `messageCenter.robots[${at}].id`,
    name: robot.id,
  })),
  (settings.resourceInstances ?? []).map((asset, at) => ({
    path: `resourceInstances[${at}].assetname`,
    name: asset.assetname,
  })),
];

const listed = (names: readonly string[] | undefined, to: Omit<Reference, 'name'>): Reference[] =>
  (names ?? []).map((name, at) => ({ ...to, name, path: `${to.path}[${at}]` }));

const groupReferences = (settings: Settings): Reference[] => {
  const contacts = namesIn(settings.contacts);
  const { recipients, owners, accountContact } = settings.messageCenter ?? {};
  const contact = (path: string): Omit<Reference, 'name'> => ({ path, what: 'contact', known: contacts });
  const account = accountContact === undefined ? [] : [accountContact];
  return [
    ...(settings.contactGroups ?? []).flatMap((group, at) =>
      listed(group.contacts, contact(`contactGroups[${at}].contacts`)),
    ),
    ...listed(recipients, contact('messageCenter.recipients')),
    ...listed(owners, contact('messageCenter.owners')),
    ...account.map((name) => ({ ...contact('messageCenter.accountContact'), name })),
  ];
};

const senderReferences = ({ contacts, resourceInstances }: Settings): Reference[] => {
  const known = new Set(resourceInstances?.map(({ assetname }) => assetname));
  return (contacts ?? []).flatMap(({ emailFrom }, at) =>
    emailFrom === undefined
      ? []
      : [{ path: `contacts[${at}].emailFrom`, what: 'resource instance', name: emailFrom, known }],
  );
};

const policyReferences = (settings: Settings): Reference[] => {
  const to = { what: 'contact group', known: namesIn(settings.contactGroups) };
  return (settings.notificationPolicies ?? []).flatMap((policy, at) => [
    ...listed(policy.contactGroups, { ...to, path: `notificationPolicies[${at}].contactGroups` }),
    ...(policy.escalation ?? []).flatMap((step, number) =>
      listed(step.contactGroups, { ...to, path: `notificationPolicies[${at}].escalation[${number}].contactGroups` }),
    ),
  ]);
};

const ruleReferences = (settings: Settings): Reference[] => {
  const policies = namesIn(settings.notificationPolicies);
  const groups = { what: 'asset group', known: namesIn(settings.assetGroups) };
  return [
    ...(settings.subscriptions ?? []).flatMap(({ policy }, at) =>
      policies.has(policy)
        ? []
        : [{ path: `subscriptions[${at}].policy`, what: 'notification policy', name: policy, known: policies }],
    ),
    ...(settings.chatbots ?? []).flatMap((chatbot, at) =>
      listed(chatbot.assetGroups, { ...groups, path: `chatbots[${at}].assetGroups` }),
    ),
  ];
};

const canaryReferences = ({ canary, contacts, chatbots }: Settings): Reference[] => {
  const contact = { what: 'contact', known: namesIn(contacts) };
  const chatbot = { what: 'chatbot', known: namesIn(chatbots) };
  return [
    ...(canary?.to ?? []).flatMap((place, at) => [
      ...(place.contact === undefined ? [] : [{ ...contact, path: `canary.to[${at}].contact`, name: place.contact }]),
      ...(place.chatbot === undefined ? [] : [{ ...chatbot, path: `canary.to[${at}].chatbot`, name: place.chatbot }]),
    ]),
    ...listed(canary?.alarm?.contacts, { ...contact, path: 'canary.alarm.contacts' }),
  ];
};

const missing = ({ path, what, name, known }: Reference): SettingsIssue => ({
  path,
  message: `there is no ${what} "${name}"${hintOf(name, [...known])}`,
});

interface Robot {
  url: string;
  secret?: string | undefined;
  pool?: readonly Robot[] | undefined;
}

/** A robot and the further ones of its pool, each with its path. */
const withPool = ({ pool = [], ...robot }: Robot, path: string): (Robot & { path: string })[] => [
  { ...robot, path },
  ...pool.map((member, at) => ({ ...member, path: `${path}.pool[${at}]` })),
];

const secretOwners = (settings: Settings): (Robot & { path: string })[] => [
  ...(settings.contacts ?? []).flatMap(({ webhook }, at) =>
    webhook === undefined ? [] : withPool(webhook, `contacts[${at}].webhook`),
  ),
  ...(settings.chatbots ?? []).flatMap((chatbot, at) => withPool(chatbot, `chatbots[${at}]`)),
];

const contradictingSecrets = (settings: Settings): SettingsIssue[] => {
  const first = new Map<string, { path: string; secret: string }>();
  return secretOwners(settings).flatMap(({ path, url, secret }) => {
    const known = first.get(url);
    if (secret !== undefined && known === undefined) first.set(url, { path, secret });
    if (secret === undefined || known === undefined || known.secret === secret) return [];
    return [{ path: `${path}.secret`, message: `differs from the secret that ${known.path} gives for the same URL` }];
  });
};

const dangling = (settings: Settings): Reference[] =>
  [
    ...senderReferences(settings),
    ...groupReferences(settings),
    ...policyReferences(settings),
    ...ruleReferences(settings),
    ...canaryReferences(settings),
  ].filter(({ name, known }) => !known.has(name));

/**
 * What is wrong between the objects of a well-formed file: names used twice, references to nothing, two secrets for one robot.
 * At most {@link MAX_DANGLING} references to nothing are told, because looking for the nearest name costs time.
 */
export const checkReferences = (settings: Settings): SettingsIssue[] => [
  ...namedLists(settings).flatMap(twice),
  ...dangling(settings).slice(0, MAX_DANGLING).map(missing),
  ...contradictingSecrets(settings),
];
