import { catalogueEntryOf } from '../domain/catalogue.ts';
import { textOf } from './fields.ts';
import type { JsonObject } from './json.ts';

/** Life-cycle words that stand behind the last colon of an ECS event name. */
const SUFFIXES: ReadonlySet<string> = new Set([
  'Scheduled',
  'Executing',
  'Executed',
  'Avoided',
  'Canceled',
  'Failed',
  'Inquiring',
]);

/** Content fields that tell two states of one incident apart, whatever the outer name says. */
const STATE_KEYS = [
  'eventId',
  'eventStatus',
  'notBefore',
  'executeStartTime',
  'executeFinishTime',
  'state',
  'status',
  'result',
  'operation',
  'action',
  'startTime',
  'endTime',
] as const;

/** A name without its status, the status that holds, and the content with the vendor's own word when that differs. */
export interface NameAndState {
  name: string;
  status: string;
  content: JsonObject;
}

/** What an envelope says about name and status. */
export interface Said {
  product: string;
  name: string;
  status: string;
  content: JsonObject;
}

const split = ({ product, name, status }: Said): { name: string; status: string } => {
  const colon = name.lastIndexOf(':');
  const suffix = name.slice(colon + 1);
  const isStatus = colon > 0 && SUFFIXES.has(suffix) && catalogueEntryOf(product, name) === undefined;
  return isStatus ? { name: name.slice(0, colon), status: suffix } : { name, status };
};

const trueStatus = (said: string, content: JsonObject): string => {
  const stated = textOf(content.eventStatus);
  if (stated !== '') return stated;
  return said === 'Executing' && textOf(content.executeFinishTime) !== '' ? 'Executed' : said;
};

/**
 * Splits `Instance:SystemMaintenance.Reboot:Scheduled`. The content wins over the name: a notice still named `:Scheduled` whose
 * content says Avoided is Avoided, one named `:Executing` with a finish time is Executed; the vendor's word stays in
 * the content as `vendorStatus`.
 */
export const nameAndStateOf = (said: Said): NameAndState => {
  const { name, status } = split(said);
  const holds = trueStatus(status, said.content);
  const differs = status !== '' && holds.toLowerCase() !== status.toLowerCase();
  return { name, status: holds, content: differs ? { ...said.content, vendorStatus: status } : said.content };
};

/** The marks of a state in the content, for the id of the event. */
export const stateMarksOf = (content: JsonObject): string[] => STATE_KEYS.map((key) => textOf(content[key]));
