import { isRecord } from '../domain/is-record.ts';
import type { OpenRisks } from '../domain/overview-event.ts';
import { type OpenApi, OpenApiError, type OpenApiResponse } from '../ports/openapi.ts';

/** Source: endpoints of the Security Center API, version 2018-12-03; regions outside of the mainland are served from Singapore. */
const ENDPOINTS = { mainland: 'tds.cn-shanghai.aliyuncs.com', outside: 'tds.ap-southeast-1.aliyuncs.com' } as const;
const VERSION = '2018-12-03';
const TIMEOUT_MS = 10_000;
/** The example of DescribeCloudCenterInstances; a largest page is not published. */
const PAGE_SIZE = 100;

/** Security Center did not give what was asked for. The message holds nothing of the answer but a code of the service. */
export class SecurityCenterError extends Error {
  readonly code: string;
  constructor(code: string, options?: ErrorOptions) {
    super(`Security Center answered ${code}`, options);
    this.name = 'SecurityCenterError';
    this.code = code;
  }
}

/** Where to ask, and how many calls may still be made. */
export interface SecurityCenterPorts {
  openapi: OpenApi;
  centre: keyof typeof ENDPOINTS;
  /** Takes one call from the budget; false when it is used up. */
  mayCall(): boolean;
}

/** One asset group as Security Center lists it. */
export interface ListedGroup {
  id: string;
  name: string;
  isDefault: boolean;
}

/** The assets of a group: how many, and every id by which events may name them. */
export interface GroupAssets {
  assets: number;
  ids: readonly string[];
}

/** Codes are words; anything else in their place could be a piece of the request. */
const CODE = /^[A-Za-z]{2,40}(?:[._][A-Za-z]{1,40}){0,8}$/;

const codeOf = ({ status, body }: OpenApiResponse): string => {
  const code = typeof body.Code === 'string' ? body.Code : '';
  if (CODE.test(code) && code !== 'OK') return code;
  return status >= 400 ? `http-${status}` : 'EANSWER';
};

/** Numbers come as texts too; source: samples of the API. */
const textOf = (value: unknown): string =>
  typeof value === 'number' || typeof value === 'string' ? String(value) : '';

const callOf = async (
  { openapi, centre, mayCall }: SecurityCenterPorts,
  action: string,
  params: Readonly<Record<string, string>>,
): Promise<OpenApiResponse> => {
  if (!mayCall()) throw new SecurityCenterError('EBUDGET');
  try {
    return await openapi.call({ endpoint: ENDPOINTS[centre], action, version: VERSION, params, timeoutMs: TIMEOUT_MS });
  } catch (error) {
    if (error instanceof OpenApiError) throw new SecurityCenterError(error.code, { cause: error });
    throw error;
  }
};

const recordsOf = (response: OpenApiResponse, field: string): Readonly<Record<string, unknown>>[] => {
  const list = response.body[field];
  if (response.status >= 400 || !Array.isArray(list)) throw new SecurityCenterError(codeOf(response));
  return list.filter(isRecord);
};

/** Every asset group of the account. Throws {@link SecurityCenterError}. */
export const listGroups = async (ports: SecurityCenterPorts): Promise<ListedGroup[]> => {
  const response = await callOf(ports, 'DescribeAllGroups', { Lang: 'en' });
  return recordsOf(response, 'Groups').flatMap((group) => {
    const id = textOf(group.GroupId);
    // GroupFlag: 0 is the default group, 1 any other.
    return id === '' ? [] : [{ id, name: textOf(group.GroupName), isDefault: textOf(group.GroupFlag) === '0' }];
  });
};

interface Page {
  instances: readonly Readonly<Record<string, unknown>>[];
  nextToken: string;
  total: number;
}

const pageOf = (response: OpenApiResponse): Page => {
  const instances = recordsOf(response, 'Instances');
  const info = isRecord(response.body.PageInfo) ? response.body.PageInfo : {};
  return { instances, nextToken: textOf(info.NextToken), total: Number(textOf(info.TotalCount)) || 0 };
};

const criteriaOf = (id: string): Readonly<Record<string, string>> => ({
  Criteria: JSON.stringify([{ name: 'groupId', value: id }]),
  MachineTypes: 'ecs',
  PageSize: String(PAGE_SIZE),
  Lang: 'en',
});

/** All pages: by the token that the vendor recommends, by page numbers where an answer has no token but tells of more. */
async function* pagesOf(ports: SecurityCenterPorts, id: string): AsyncGenerator<Page> {
  let how: Record<string, string> = { UseNextToken: 'true', NextToken: '' };
  const tokens = new Set<string>();
  let seen = 0;
  for (let number = 1; ; number += 1) {
    const page = pageOf(await callOf(ports, 'DescribeCloudCenterInstances', { ...criteriaOf(id), ...how }));
    yield page;
    seen += page.instances.length;
    if (tokens.has(page.nextToken)) throw new SecurityCenterError('EPAGING');
    if (page.nextToken !== '') {
      tokens.add(page.nextToken);
      how = { UseNextToken: 'true', NextToken: page.nextToken };
    } else if (page.instances.length > 0 && seen < page.total) {
      how = { CurrentPage: String(number + 1) };
    } else return;
  }
}

/** The ids by which events may name an asset. */
const idsOf = (instance: Readonly<Record<string, unknown>>): string[] =>
  [textOf(instance.InstanceId), textOf(instance.Uuid)].filter((id) => id !== '');

const isOfOther = ({ GroupId }: Readonly<Record<string, unknown>>, group: string): boolean =>
  GroupId !== undefined && textOf(GroupId) !== group;

/**
 * The assets of one group. An asset of another group in the answer is left out, so that a service that does not know the condition
 * gives a slow answer and not a wrong one. Throws {@link SecurityCenterError}.
 */
export const assetsOfGroup = async (ports: SecurityCenterPorts, group: string): Promise<GroupAssets> => {
  const assets = new Map<string, string[]>();
  for await (const { instances } of pagesOf(ports, group)) {
    for (const instance of instances.filter((one) => !isOfOther(one, group))) {
      const ids = idsOf(instance);
      if (ids[0] !== undefined) assets.set(ids[0], ids);
    }
  }
  return { assets: assets.size, ids: [...new Set([...assets.values()].flat())].sort() };
};

/** Counters of DescribeTotalStatistics, most severe first. The vendor publishes their names with different case, so case does not count. */
const COUNTERS: Readonly<Record<keyof OpenRisks, readonly string[]>> = {
  vulnerabilities: ['vulasapsum', 'vullatersum'],
  baseline: ['healthhightotal', 'healthmediumtotal', 'healthlowtotal'],
  alerts: ['suspiciousserioustotal', 'suspiciousmediumtotal', 'suspiciouslowtotal'],
};

/** Numbers of the answer by their names in lower case, also one level deeper. */
const countersIn = (body: Readonly<Record<string, unknown>>): Map<string, number> => {
  const found = new Map<string, number>();
  for (const one of [body, ...Object.values(body).filter(isRecord)])
    for (const [name, value] of Object.entries(one)) {
      const text = textOf(value);
      if (/^\d+$/.test(text)) found.set(name.toLowerCase(), Number(text));
    }
  return found;
};

/** What Security Center counts as open in the whole account. Throws {@link SecurityCenterError}, also for an answer without counters. */
export const readOpenRisks = async (ports: SecurityCenterPorts): Promise<OpenRisks> => {
  const response = await callOf(ports, 'DescribeTotalStatistics', { From: 'sas' });
  const counters = countersIn(response.body);
  const of = (names: readonly string[]): number[] => names.map((name) => counters.get(name) ?? 0);
  if (
    response.status >= 400 ||
    !Object.values(COUNTERS)
      .flat()
      .some((name) => counters.has(name))
  )
    throw new SecurityCenterError(codeOf(response));
  return {
    vulnerabilities: of(COUNTERS.vulnerabilities),
    baseline: of(COUNTERS.baseline),
    alerts: of(COUNTERS.alerts),
  };
};
