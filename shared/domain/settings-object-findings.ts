import { canaryContacts } from './canary-findings.ts';
import { robotAddress } from './roster-addresses.ts';
import type { Settings } from './settings.ts';
import { finding, type SettingsFinding } from './settings-finding.ts';
import { robotPlaces } from './settings-robot-places.ts';

interface Unused {
  path: string;
  name: string;
  by: readonly [en: string, zh: string];
}

const unusedFinding = ({ path, name, by }: Unused): SettingsFinding =>
  finding(
    { code: 'unused-object', severity: 'remind', path },
    [`"${name}" is not used by ${by[0]}`, 'it has no effect', 'use it, or take it out'],
    [`“${name}”没有被${by[1]}使用`, '它不起任何作用', '使用它，或将其删除'],
  );

interface Named {
  name: string;
}

const unusedOf = (
  kind: string,
  list: readonly Named[] | undefined,
  { used, by }: { used: ReadonlySet<string>; by: Unused['by'] },
): SettingsFinding[] =>
  (list ?? []).flatMap(({ name }, at) => (used.has(name) ? [] : unusedFinding({ path: `${kind}[${at}]`, name, by })));

const usedContacts = ({ contactGroups = [], messageCenter = {}, canary }: Settings): Set<string> =>
  new Set([
    ...canaryContacts({ canary }),
    ...contactGroups.flatMap(({ contacts }) => contacts),
    ...(messageCenter.recipients ?? []),
    ...(messageCenter.owners ?? []),
    ...(messageCenter.accountContact === undefined ? [] : [messageCenter.accountContact]),
  ]);

const usedGroups = ({ notificationPolicies = [] }: Settings): Set<string> =>
  new Set(
    notificationPolicies.flatMap(({ contactGroups, escalation = [] }) => [
      ...contactGroups,
      ...escalation.flatMap((step) => step.contactGroups),
    ]),
  );

/** The default group holds what the others do not name, so where it is used all of them count. */
const unusedAssetGroups = ({ assetGroups = [], chatbots = [] }: Settings): SettingsFinding[] => {
  const used = new Set(chatbots.flatMap((chatbot) => chatbot.assetGroups ?? []));
  const isDefaultUsed = assetGroups.some((group) => group.default === true && used.has(group.name));
  if (isDefaultUsed) return [];
  for (const group of assetGroups) if (group.default === true) used.add(group.name);
  return unusedOf('assetGroups', assetGroups, { used, by: ['any chatbot', '任何机器人'] });
};

const unused = (settings: Settings): SettingsFinding[] => [
  ...unusedOf('contacts', settings.contacts, {
    used: usedContacts(settings),
    by: ['any contact group or by Message Center', '任何联系人组或消息中心'],
  }),
  ...unusedOf('contactGroups', settings.contactGroups, {
    used: usedGroups(settings),
    by: ['any notification policy', '任何通知策略'],
  }),
  ...unusedOf('notificationPolicies', settings.notificationPolicies, {
    used: new Set((settings.subscriptions ?? []).map(({ policy }) => policy)),
    by: ['any subscription', '任何订阅'],
  }),
  ...unusedAssetGroups(settings),
];

interface Address {
  path: string;
  key: string;
}

const addressesOf = (settings: Settings): Address[] =>
  robotPlaces(settings).flatMap(({ path, robot, channel = 'webhook' }) =>
    [{ path, url: robot.url }, ...(robot.pool ?? []).map(({ url }, at) => ({ path: `${path}.pool[${at}]`, url }))].map(
      (one) => ({ path: one.path, key: robotAddress(channel, one.url).key }),
    ),
  );

const duplicate = (path: string, first: string): SettingsFinding =>
  finding(
    { code: 'duplicate-webhook', severity: 'remind', path: `${path}.url` },
    [
      `is the same address as that of ${first}`,
      'both share one limit and one set of keywords, and an event is told there once however many rules ask',
      `use ${first} in both places, or enter the other robot's address`,
    ],
    [
      `与 ${first} 是同一个地址`,
      '两者共用同一限额和关键词，同一事件在那里只通知一次',
      `两处都使用 ${first}，或填写另一个机器人的地址`,
    ],
  );

/** A pool of the same robots under both names says the same once more. */
const isSamePool = (path: string, first: string): boolean => path.includes('.pool[') && first.includes('.pool[');

const duplicates = (settings: Settings): SettingsFinding[] => {
  const first = new Map<string, string>();
  return addressesOf(settings).flatMap(({ path, key }) => {
    const before = first.get(key);
    if (before === undefined) first.set(key, path);
    return before === undefined || isSamePool(path, before) ? [] : duplicate(path, before);
  });
};

/** Objects that nothing uses, and addresses that stand in the file under several names. */
export const objectFindings = (settings: Settings): SettingsFinding[] => [...duplicates(settings), ...unused(settings)];
