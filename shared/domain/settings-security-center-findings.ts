import { durationMs } from './duration.ts';
import { allowedChannels, SECURITY_NOTICE } from './receiving.ts';
import { foldWord } from './roster-facts.ts';
import { recipientsOf } from './roster-owners.ts';
import { belongingOf, typesOfPush } from './security-center.ts';
import { compilePush } from './security-center-push.ts';
import type { CloudMonitorPush, Contact, Notice, PushItem, Settings, Subscription } from './settings.ts';
import { hasAddress } from './settings-contact-findings.ts';
import type { SettingsFinding } from './settings-finding.ts';

const recipientsIn = (settings: Settings): Contact[] => {
  const names = new Set(recipientsOf(settings));
  return (settings.contacts ?? []).filter(({ name }) => names.has(name));
};

const nobody = (settings: Settings, recipients: readonly Contact[]): SettingsFinding[] => {
  const isTold = settings.securityCenter?.notices?.some(({ notifyBy }) => notifyBy.length > 0) ?? false;
  if (!isTold || recipients.length > 0) return [];
  return [
    {
      path: 'securityCenter.notices',
      what: 'there is nobody to send them to',
      why: 'no email, text message or internal message is sent for any item',
      fix: 'name contacts in messageCenter.recipients, or one in messageCenter.accountContact',
    },
  ];
};

interface Place {
  path: string;
  settings: Settings;
  recipients: readonly Contact[];
}

const noticeFindings = ({ notifyBy }: Notice, { path, settings, recipients }: Place): SettingsFinding[] => {
  const { allowed, refused, required } = allowedChannels(settings.messageCenter?.receiving, SECURITY_NOTICE, notifyBy);
  const used = [...allowed, ...required];
  const missing =
    recipients.length === 0 ? [] : used.filter((method) => !recipients.some((one) => hasAddress(one, method)));
  return [
    ...refused.map(({ channel, by }) => ({
      path: `${path}.notifyBy`,
      what: `names ${channel}, which is ${by} in messageCenter.receiving.${SECURITY_NOTICE}`,
      why: used.length === 0 ? 'no method is left, so nobody is told' : `nobody is told by ${channel}`,
      fix: `set messageCenter.receiving.${SECURITY_NOTICE}.${channel} to enabled, or take ${channel} out of notifyBy`,
    })),
    ...missing.map((method) => ({
      path: `${path}.notifyBy`,
      what: `no recipient has an address for ${method}`,
      why: `nobody is told by ${method}`,
      fix: `give a recipient of messageCenter an address for ${method}, or take the method out`,
    })),
  ];
};

const MIN_EVERY_MS = 60_000;

/** Items of which seed document 001 says that their details have no limit: the vendor lets nobody choose how often they come. */
const WITHOUT_LIMIT: readonly PushItem[] = ['incident', 'alert'];

const everyFindings = (item: PushItem, every: string, path: string): SettingsFinding[] => {
  const missing = typesOfPush(item).details === undefined;
  if (missing)
    return [
      {
        path,
        what: `has no effect, because ${item} is pushed as an overview once a week`,
        why: 'nothing comes more often or more rarely because of it',
        fix: 'take it out',
      },
    ];
  const everyMs = durationMs(every) ?? 0;
  if (everyMs > 0 && everyMs < MIN_EVERY_MS)
    return [
      {
        path,
        what: 'is shorter than the 60 s that Security Center offers',
        why: 'here it holds as it stands, but the cloud pushes no more often than once a minute',
        fix: 'write 1m or more, or none',
      },
    ];
  if (everyMs === 0 || !WITHOUT_LIMIT.includes(item)) return [];
  return [
    {
      path,
      what: `holds back ${item} events, which Security Center pushes without a limit`,
      why: 'what comes within this time after a message waits and is merged',
      fix: 'take it out, unless that is meant; the interval of the policy holds for these events too',
    },
  ];
};

const switchFindings = (item: PushItem, written: CloudMonitorPush[PushItem]): SettingsFinding[] => {
  const path = `securityCenter.cloudMonitorPush.${item}`;
  const types = typesOfPush(item);
  const odd = (['details', 'overview'] as const).filter(
    (part) => written?.[part] === true && types[part] === undefined,
  );
  return [
    ...odd.map((part) => ({
      path: `${path}.${part}`,
      what: `${item} has no ${part} in Security Center`,
      why: 'nothing is pushed because of it',
      fix: `write ${part === 'details' ? 'overview' : 'details'}: true in its place`,
    })),
    ...(written?.every === undefined ? [] : everyFindings(item, written.every, `${path}.every`)),
  ];
};

const pushFindings = ({ securityCenter }: Settings): SettingsFinding[] => {
  const push: CloudMonitorPush = securityCenter?.cloudMonitorPush ?? {};
  return (
    [
      'incident',
      'alert',
      'baseline',
      'cspm',
      'agentless',
      'maliciousFile',
      'vulnerability',
      'applicationProtection',
    ] as const
  ).flatMap((item) => switchFindings(item, push[item]));
};

/** The first question of the FAQ of seed document 001: a subscription waits for what the push does not let through. */
const waitingFindings = (settings: Settings): SettingsFinding[] => {
  const push = compilePush({ securityCenter: { cloudMonitorPush: settings.securityCenter?.cloudMonitorPush } });
  if (push === undefined) return [];
  const closed = (type: string): string | undefined => {
    const { push: governed } = belongingOf({ type, name: '' });
    return governed === undefined || push.isOn(governed) ? undefined : `${governed.item}.${governed.part}`;
  };
  const ofOne = ({ eventTypes = [] }: Subscription, at: number): SettingsFinding[] =>
    [...eventTypes.entries()].flatMap(([number, type]) => {
      const path = closed(foldWord(type));
      if (path === undefined) return [];
      return {
        path: `subscriptions[${at}].eventTypes[${number}]`,
        what: `names ${type}, which Security Center does not push`,
        why: 'the subscription never gets such an event',
        fix: `set securityCenter.cloudMonitorPush.${path} to true, or take the type out`,
      };
    });
  return (settings.subscriptions ?? []).flatMap(ofOne);
};

const assetGroupFindings = ({ assetGroups = [] }: Settings): SettingsFinding[] =>
  assetGroups.flatMap(({ id, source }, at) =>
    id === undefined || source !== undefined
      ? []
      : {
          path: `assetGroups[${at}].id`,
          what: 'has no effect without source: securityCenter',
          why: 'the members of this group are those that stand in resources',
          fix: 'add source: securityCenter, or take the id out',
        },
  );

/** What the settings of Security Center and Message Center say that cannot be done with this file, or that is hardly meant. */
export const securityCenterFindings = (settings: Settings): SettingsFinding[] => {
  const recipients = recipientsIn(settings);
  const notices = settings.securityCenter?.notices ?? [];
  return [
    ...nobody(settings, recipients),
    ...notices.flatMap((notice, at) =>
      noticeFindings(notice, { path: `securityCenter.notices[${at}]`, settings, recipients }),
    ),
    ...pushFindings(settings),
    ...waitingFindings(settings),
    ...assetGroupFindings(settings),
  ];
};
