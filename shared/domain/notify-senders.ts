import type { Bilingual } from './event.ts';
import { accountOf, type NotifyBook } from './notify-book.ts';
import type { NotifyProblem } from './notify-message.ts';
import { switchOf, textOf } from './notify-values.ts';
import { NO_INSTANCE, shown, unknownInstance } from './notify-words.ts';
import type { Settings } from './settings.ts';
import type { SmtpAccount } from './target.ts';

type Instance = NonNullable<Settings['resourceInstances']>[number];

/** Who sends the mails of an action. */
export interface MailSender {
  account?: SmtpAccount;
  problem?: NotifyProblem;
  remark?: Bilingual;
}

/** The resource instance that a node names by `assetUuid`: by the id that the settings give it, or by its name. */
const instanceOf = ({ resourceInstances = [] }: Settings, assetUuid: string): Instance | undefined =>
  resourceInstances.find((instance) => instance.assetUuid === assetUuid || instance.assetname === assetUuid);

const bySender = ({ resourceInstances = [] }: Settings, written: string): Instance | undefined => {
  const wanted = written.toLowerCase();
  return (
    resourceInstances.find(({ assetname }) => assetname === written) ??
    resourceInstances.find(({ emailUsername }) => emailUsername.trim().toLowerCase() === wanted)
  );
};

const usesInstead = (assetUuid: string, { assetname }: Instance): Bilingual => ({
  en: `The resource instance ${shown(assetUuid)} is not known here; mail goes out through "${assetname}". Give it this assetUuid in resourceInstances to make that certain.`,
  zh: `未知的资源实例 ${shown(assetUuid)}，邮件改由“${assetname}”发送。可在 resourceInstances 中为其填写此 assetUuid 以明确对应。`,
});

const byNode = (settings: Settings, assetUuid: string): MailSender => {
  const known = instanceOf(settings, assetUuid);
  if (known !== undefined) return { account: accountOf(known) };
  const [first] = settings.resourceInstances ?? [];
  if (first === undefined) return { problem: NO_INSTANCE };
  return { account: accountOf(first), ...(assetUuid === '' ? {} : { remark: usesInstead(assetUuid, first) }) };
};

/**
 * The sender that `email` names by its address or name; when it is only a switch, the instance of the node; when that is not known
 * here, because its id is the vendor's, the first one of the settings, and a remark says so.
 */
export const mailSenderOf = ({ settings }: NotifyBook, email: unknown, assetUuid: unknown): MailSender => {
  if (switchOf(email) !== 'value') return byNode(settings, textOf(assetUuid).trim());
  const written = textOf(email).trim();
  const named = bySender(settings, written);
  if (named !== undefined) return { account: accountOf(named) };
  const known = (settings.resourceInstances ?? []).map(({ assetname }) => assetname);
  return { problem: known.length === 0 ? NO_INSTANCE : unknownInstance(written, known) };
};
