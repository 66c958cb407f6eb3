import {
  type ImportContext,
  type Importer,
  type ImportLoss,
  type ImportPart,
  leftovers,
  lossAt,
} from './import-part.ts';
import type { VendorRecord } from './import-record.ts';
import type { Subscription } from './settings.ts';

type ListFilter =
  | 'products'
  | 'eventTypes'
  | 'eventNames'
  | 'levels'
  | 'resources'
  | 'regions'
  | 'accounts'
  | 'applicationGroups';

/** Fields of a condition and the filter that each is here. The vendor publishes no list of them; these are the words of its console and models. */
const FILTERS: Readonly<Record<string, ListFilter>> = {
  product: 'products',
  source: 'products',
  eventtype: 'eventTypes',
  type: 'eventTypes',
  eventname: 'eventNames',
  name: 'eventNames',
  level: 'levels',
  severity: 'levels',
  resource: 'resources',
  resourceid: 'resources',
  arn: 'resources',
  region: 'regions',
  regionid: 'regions',
  userid: 'accounts',
  accountid: 'accounts',
  groupid: 'applicationGroups',
  applicationgroup: 'applicationGroups',
};

const EQUALS = new Set(['', 'eq', '=', '==', 'equal', 'equals', 'in']);
const CONTAINS = new Set(['contains', 'contain', 'like']);
const EXCLUDES = new Set(['not_contains', 'notcontains', 'not_contain', 'not_like']);
const DIFFERS = new Set(['ne', 'neq', '!=', 'not_in', 'notin', 'nin']);

/** Fields that a deny list may name. */
const DENIED: ReadonlySet<ListFilter> = new Set(['eventNames', 'levels']);

interface Filters extends Partial<Record<ListFilter, string[]>> {
  content?: Subscription['content'];
  blacklist?: boolean;
}

interface Condition {
  record: VendorRecord;
  field: string;
  op: string;
  values: string[];
}

const conditionOf = (record: VendorRecord): Condition => ({
  record,
  field: (record.text('Field') ?? '').replaceAll(/[^A-Za-z]/g, '').toLowerCase(),
  op: (record.text('Operator', 'Op') ?? '').toLowerCase(),
  values: record.words('Value'),
});

const deny = (filters: Filters, filter: ListFilter | undefined, values: string[]): boolean => {
  const isFree =
    filter !== undefined && DENIED.has(filter) && filters.eventNames === undefined && filters.levels === undefined;
  if (!isFree) return false;
  filters[filter] = values;
  filters.blacklist = true;
  return true;
};

const narrow = (filters: Filters, filter: ListFilter | undefined, values: string[]): boolean => {
  if (filter === undefined || filters[filter] !== undefined) return false;
  if (filters.blacklist === true && DENIED.has(filter)) return false;
  filters[filter] = values;
  return true;
};

const search = (filters: Filters, keywords: string[], relation: 'or' | 'not'): boolean => {
  if (filters.content !== undefined) return false;
  filters.content = { keywords, relation };
  return true;
};

const add = (filters: Filters, { field, op, values }: Condition): boolean => {
  if (values.length === 0) return false;
  if (CONTAINS.has(op)) return search(filters, values, 'or');
  if (EXCLUDES.has(op)) return search(filters, values, 'not');
  if (DIFFERS.has(op)) return deny(filters, FILTERS[field], values);
  return EQUALS.has(op) && narrow(filters, FILTERS[field], values);
};

const filtersOf = (conditions: readonly Condition[], losses: ImportLoss[]): Filters => {
  const filters: Filters = {};
  for (const condition of conditions)
    if (!add(filters, condition))
      losses.push(lossAt(condition.record, 'not-understood', { detail: `${condition.field} ${condition.op}`.trim() }));
  return filters;
};

const policyNameOf = (record: VendorRecord, context: ImportContext, name: string): string => {
  const uuid = record.text('StrategyUuid');
  const strategy = context.records('strategy').find((one) => one.text('Uuid') === uuid && uuid !== undefined);
  return strategy?.text('Name') ?? name;
};

const read = (record: VendorRecord, context: ImportContext): ImportPart => {
  const losses: ImportLoss[] = [];
  const name = record.text('Name') ?? 'subscription';
  const policy = policyNameOf(record, context, name);
  const isStray = !context.records('strategy').some((one) => one.text('Name') === policy);
  const conditions = record.records('Conditions').map(conditionOf);
  const isEither = record.text('Relation')?.toUpperCase() === 'OR' && conditions.length > 1;
  const product = record.text('Product');
  const parts = isEither ? conditions.map((condition) => [condition]) : [conditions];
  const subscriptions = parts.map((part, at): Subscription => {
    const filters = filtersOf(part, losses);
    if (product !== undefined) filters.products ??= [product];
    const enabled = record.text('Enabled');
    return {
      name: at === 0 ? name : `${name} ${at + 1}`,
      ...filters,
      policy,
      ...(enabled === undefined ? {} : { enabled: enabled === 'true' }),
    };
  });
  record.skip('Uuid', 'Description', 'CreateTime', 'UpdateTime', 'UserId', 'RequestId');
  if (isStray) losses.push(lossAt(record, 'no-recipients', { member: 'StrategyUuid' }));
  return {
    subscriptions,
    notificationPolicies: isStray ? [{ name: policy, contactGroups: [] }] : [],
    losses: [...losses, ...leftovers(record)],
  };
};

/** Subscriptions of CloudMonitor (`Subscription` of cms 2019-01-01); conditions joined by OR become several subscriptions. */
export const subscriptionImporter: Importer = {
  kind: 'subscription',
  fits: (record) => record.has('Name') && (record.has('Conditions') || record.has('StrategyUuid')),
  read,
};
