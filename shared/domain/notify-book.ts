import { type Address, addressOn, type ClaimChannel, mailboxOf, webhookAddress } from './roster-addresses.ts';
import { compileTargets, type TargetBook } from './roster-targets.ts';
import { languageOf, type Settings, timezoneOf } from './settings.ts';
import type { SmtpAccount, Target } from './target.ts';

/** The settings in force as an action of NotifyMessage needs them. */
export interface NotifyBook {
  settings: Settings;
  targets: TargetBook;
  /** Robots of Message Center by their ids. */
  robots: ReadonlyMap<string, Target>;
  claim: ClaimChannel;
}

/** A target at an address that an action names: as the settings know it, else with nothing but the address. */
export const targetAt = (
  { settings, targets }: Pick<NotifyBook, 'settings' | 'targets'>,
  address: Address,
  name: string,
): Target =>
  targets.targets.get(address.key) ?? {
    ...address,
    name,
    keywords: [],
    mentions: { phones: [], userIds: [], all: false },
    timezone: timezoneOf(settings),
    language: languageOf(settings),
  };

type Robot = NonNullable<NonNullable<Settings['messageCenter']>['robots']>[number];

/** What the settings say about the robot by its id counts before what they say about the same address elsewhere. */
const robotTarget = (book: Pick<NotifyBook, 'settings' | 'targets'>, robot: Robot, claim: ClaimChannel): Target => {
  const known = targetAt(book, webhookAddress(robot, claim), `robot ${robot.id}`);
  const secret = robot.secret ?? known.secret;
  return {
    ...known,
    ...(secret === undefined ? {} : { secret }),
    keywords: [...new Set([...(robot.keywords ?? []), ...known.keywords])],
  };
};

/** Compiles checked settings for the actions. Pure. */
export const compileNotifyBook = (settings: Settings, claim: ClaimChannel): NotifyBook => {
  const targets = compileTargets(settings, claim);
  const robots = (settings.messageCenter?.robots ?? []).map((robot): [string, Target] => [
    robot.id,
    robotTarget({ settings, targets }, robot, claim),
  ]);
  return { settings, targets, robots: new Map(robots), claim };
};

type Instance = NonNullable<Settings['resourceInstances']>[number];

/** The sender that a resource instance is. */
export const accountOf = ({ assetname, emailUsername, emailPassword, emailSendServer }: Instance): SmtpAccount => ({
  name: assetname,
  user: emailUsername,
  password: emailPassword,
  ...(emailSendServer === undefined ? {} : { server: emailSendServer }),
});

/** The target of a mailbox, sent to by this sender. */
export const mailTarget = (book: NotifyBook, email: string, smtp: SmtpAccount): Target => ({
  ...targetAt(book, addressOn('email', mailboxOf(email)), email),
  smtp,
});
