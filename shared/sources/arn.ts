import type { Event } from '../domain/event.ts';

/** The parts of a resource name; empty where it does not say. */
export interface Arn {
  service: string;
  region: string;
  account: string;
  type: string;
  id: string;
}

const NONE: Arn = { service: '', region: '', account: '', type: '', id: '' };

/** `acs:<service>:<region>:<account>:<relative>`; subjects of EventBridge begin with `acs.<service>` at times. */
const ARN = /^acs[.:]([^:]*):([^:]*):([^:]*):(.*)$/s;

const relativeOf = (service: string, relative: string): Pick<Arn, 'type' | 'id'> => {
  const path = relative.startsWith('/') ? relative.slice(1) : relative;
  const slash = path.indexOf('/');
  if (service === 'oss' && !path.startsWith('bucket/')) return { type: slash < 0 ? 'bucket' : 'object', id: path };
  if (slash < 0) return { type: '', id: path };
  const type = path.slice(0, slash);
  const rest = path.slice(slash + 1);
  if (service === 'mns') return { type: type.replace(/s$/, ''), id: rest.split('/')[0] ?? rest };
  return { type, id: rest };
};

/** The parts of `acs:<service>:<region>:<account>:<type>/<id>`; all empty when the text is no resource name. */
export const readArn = (text: string): Arn => {
  const [whole, service = '', region = '', account = '', relative = ''] = ARN.exec(text) ?? [];
  if (whole === undefined) return NONE;
  return { service, region, account, ...relativeOf(service, relative) };
};

/** The resource of an event from its ARN or bare id, and its display name; `arn` when that was read already. */
export const resourceOf = (idOrArn: string, name: string, arn = readArn(idOrArn)): Event['resource'] => {
  if (arn.service === '') return { id: idOrArn, type: '', name, arn: '' };
  return { id: arn.id, type: arn.type, name, arn: idOrArn };
};
