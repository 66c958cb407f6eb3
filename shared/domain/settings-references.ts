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

const namedLists = (settings: Settings): Named[][] => [
  ...NAMED.map((kind) => (settings[kind] ?? []).map((item, at) => ({ path: `${kind}[${at}].name`, name: item.name }))),
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
  const recipients = { path: 'messageCenter.recipients', what: 'contact', known: contacts };
  return [
    ...(settings.contactGroups ?? []).flatMap((group, at) =>
      listed(group.contacts, { path: `contactGroups[${at}].contacts`, what: 'contact', known: contacts }),
    ),
    ...listed(settings.messageCenter?.recipients, recipients),
  ];
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
    ...(settings.subscriptions ?? []).map(({ policy }, at) => ({
      path: `subscriptions[${at}].policy`,
      what: 'notification policy',
      name: policy,
      known: policies,
    })),
    ...(settings.chatbots ?? []).flatMap((chatbot, at) =>
      listed(chatbot.assetGroups, { ...groups, path: `chatbots[${at}].assetGroups` }),
    ),
  ];
};

const missing = ({ path, what, name, known }: Reference): SettingsIssue => ({
  path,
  message: `there is no ${what} "${name}"${hintOf(name, [...known])}`,
});

const secretOwners = (settings: Settings): { path: string; address: string; secret?: string | undefined }[] => [
  ...(settings.contacts ?? []).flatMap(({ webhook }, at) =>
    webhook === undefined ? [] : [{ path: `contacts[${at}].webhook`, address: webhook.url, secret: webhook.secret }],
  ),
  ...(settings.chatbots ?? []).map(({ url, secret }, at) => ({ path: `chatbots[${at}]`, address: url, secret })),
];

const contradictingSecrets = (settings: Settings): SettingsIssue[] => {
  const first = new Map<string, { path: string; secret: string }>();
  return secretOwners(settings).flatMap(({ path, address, secret }) => {
    const known = first.get(address);
    if (secret !== undefined && known === undefined) first.set(address, { path, secret });
    if (secret === undefined || known === undefined || known.secret === secret) return [];
    return [{ path: `${path}.secret`, message: `differs from the secret that ${known.path} gives for the same URL` }];
  });
};

const dangling = (settings: Settings): Reference[] =>
  [...groupReferences(settings), ...policyReferences(settings), ...ruleReferences(settings)].filter(
    ({ name, known }) => !known.has(name),
  );

/**
 * What is wrong between the objects of a well-formed file: names used twice, references to nothing, two secrets for one robot.
 * At most {@link MAX_DANGLING} references to nothing are told, because looking for the nearest name costs time.
 */
export const checkReferences = (settings: Settings): SettingsIssue[] => [
  ...namedLists(settings).flatMap(twice),
  ...dangling(settings).slice(0, MAX_DANGLING).map(missing),
  ...contradictingSecrets(settings),
];
