import type { VendorRecord } from './import-record.ts';
import type { Chatbot, Contact, NotificationPolicy, Settings, Subscription } from './settings.ts';

/** Why something of a vendor's file is not, or not wholly, in the settings that were made of it. */
export type LossKind =
  | 'no-counterpart'
  | 'not-understood'
  | 'carried-in-part'
  | 'no-recipients'
  | 'unit-guessed'
  | 'name-missing'
  | 'name-taken';

/** One thing that could not be carried over: where it stands, why, and a word or two about it. */
export interface ImportLoss {
  path: string;
  kind: LossKind;
  detail?: string;
}

/** A secret that the settings name as `${env:NAME}` instead of holding it. */
export interface ImportedSecret {
  name: string;
  value: string;
  path: string;
}

type Push = NonNullable<NonNullable<Settings['securityCenter']>['cloudMonitorPush']>;
type Notice = NonNullable<NonNullable<Settings['securityCenter']>['notices']>[number];
type AssetGroup = NonNullable<Settings['assetGroups']>[number];
type ContactGroup = NonNullable<Settings['contactGroups']>[number];

/** What one object of a vendor's file became. */
export interface ImportPart {
  contacts?: Contact[];
  contactGroups?: ContactGroup[];
  notificationPolicies?: NotificationPolicy[];
  subscriptions?: Subscription[];
  assetGroups?: AssetGroup[];
  chatbots?: Chatbot[];
  notices?: Notice[];
  push?: Push;
  overview?: NonNullable<Settings['overview']>;
  losses: ImportLoss[];
}

/** What other objects of the same files say that one refers to. */
export interface ImportContext {
  /** Every object of the files with its kind, in their order. */
  records(kind: ImportKind): readonly VendorRecord[];
  /** Keeps a secret out of the settings; gives the `${env:NAME}` that stands for it there. */
  keep(purpose: string, secret: string, path: string): string;
}

/** The vendor's objects that are understood. */
export type ImportKind =
  | 'robot'
  | 'notice'
  | 'contact'
  | 'contact-group'
  | 'event-rule'
  | 'event-rule-targets'
  | 'subscription'
  | 'strategy'
  | 'escalation'
  | 'pushing-target';

/** Reads the objects of one kind. */
export interface Importer {
  kind: ImportKind;
  /** Whether an object is of this kind; kinds are asked in order. */
  fits(record: VendorRecord): boolean;
  read(record: VendorRecord, context: ImportContext): ImportPart;
}

/** A loss of the whole member, or of the object when no member is named. */
export const lossAt = (
  record: VendorRecord,
  kind: LossKind,
  about: { member?: string; detail?: string } = {},
): ImportLoss => {
  const path = about.member === undefined ? record.path : record.at(about.member);
  return { path, kind, ...(about.detail === undefined ? {} : { detail: about.detail }) };
};

/** A loss for every member that nobody has asked for. */
export const leftovers = (...records: readonly (VendorRecord | undefined)[]): ImportLoss[] =>
  records.flatMap((record) => (record?.left() ?? []).map((path): ImportLoss => ({ path, kind: 'no-counterpart' })));
