import type { Brief } from '../../domain/digest.ts';
import { digestOf } from '../../domain/ids.ts';
import type { Notice } from '../channel.ts';

const idAt = (left: string, domain: string): string => `<${left.replace(/[^\w.+-]/g, '-')}@${domain}>`;

/** The Message-ID of a delivery: the same on every attempt, under the domain of the sender. */
export const messageIdOf = ({ id }: Notice, domain: string): string => idAt(id, domain);

const incidentOf = ({ product, name, resource }: Brief): string | undefined => {
  const what = resource.id || resource.arn || resource.name;
  return what === '' ? undefined : digestOf('thread', product, name, what);
};

/**
 * The thread of a mail: one for all states of the same event on the same resource, named by a Message-ID that no mail has. Empty for
 * a test, for an event without a resource, and for a mail about several things.
 */
export const referencesOf = ({ digest, test }: Notice, domain: string): string[] => {
  const incidents = new Set(digest.top.map(incidentOf));
  const [incident] = incidents;
  const tellsAll = digest.top.length === digest.total && incidents.size === 1;
  return test || !tellsAll || incident === undefined ? [] : [idAt(`incident.${incident}`, domain)];
};
