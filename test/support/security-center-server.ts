import { createOpenApi } from '../../shared/adapters/aliyun/openapi.ts';
import { json } from '../../shared/local/sandbox/answer.ts';
import { checkSignature, SANDBOX_CREDENTIALS } from '../../shared/local/sandbox/openapi-signature.ts';
import { SeenKeys } from '../../shared/local/sandbox/seen-keys.ts';
import type { OpenApi } from '../../shared/ports/openapi.ts';
import type { Seen } from '../contract/channel-rig.ts';
import { type Reply, startServer, type TestServer } from '../contract/channel-server.ts';

type Form = Record<string, string>;

/** One call as the server saw it. */
export interface ApiCall {
  action: string;
  form: Form;
}

interface Asset {
  InstanceId: string;
  Uuid: string;
  GroupId: number;
}

/** Answers in place of the next calls, first come first served; undefined leaves a call to the server. */
export type Trouble = (call: ApiCall) => Reply | undefined;

const codeReply = (status: number, Code: string): Reply =>
  json(status, { Code, Message: 'planned', RequestId: 'R-1', HostId: 'tds.example' });

/** The Security Center API over real HTTP as far as asset groups need it: signature, version, tokens and page numbers, conditions, codes. */
export class SecurityCenterServer {
  readonly calls: ApiCall[] = [];
  groups: { GroupId: number; GroupName: string; GroupFlag: number | string }[] = [];
  assets: Asset[] = [];
  /** `numbers`: a service that knows no tokens. */
  paging: 'tokens' | 'numbers' = 'tokens';
  /** Whether the condition on the group is obeyed. */
  knowsCriteria = true;
  trouble: Trouble = () => undefined;
  readonly #nonces = new SeenKeys();
  #server: TestServer | undefined;

  /** Assets with these numbers in a group. */
  fill(group: number, count: number, prefix = 'i-'): void {
    const made = Array.from({ length: count }, (_, at) => ({
      InstanceId: `${prefix}${group}x${at}`,
      Uuid: `uuid-${prefix}${group}x${at}`,
      GroupId: group,
    }));
    this.assets = [...this.assets.filter(({ GroupId }) => GroupId !== group), ...made];
  }

  /** Starts listening and gives the official client, pointed at it. */
  async open(): Promise<OpenApi> {
    this.#server = await startServer((seen) => this.#answer(seen));
    return createOpenApi({ endpoint: this.#server.base, credentials: () => Promise.resolve(SANDBOX_CREDENTIALS) });
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  #answer(seen: Seen): Reply {
    const call: ApiCall = {
      action: String(seen.headers['x-acs-action']),
      form: Object.fromEntries(new URLSearchParams(seen.body.toString('utf8'))),
    };
    this.calls.push(call);
    const objection = checkSignature(seen, Date.now(), { nonces: this.#nonces });
    if (objection !== undefined) return codeReply(objection.status, objection.code);
    if (seen.headers['x-acs-version'] !== '2018-12-03') return codeReply(400, 'InvalidVersion');
    return this.trouble(call) ?? this.#serve(call);
  }

  #serve({ action, form }: ApiCall): Reply {
    if (action === 'DescribeAllGroups')
      return json(200, { Groups: this.groups, Count: this.groups.length, RequestId: 'R-1' });
    return action === 'DescribeCloudCenterInstances' ? this.#instances(form) : codeReply(404, 'InvalidAction.NotFound');
  }

  #instances(form: Form): Reply {
    const [{ name, value }] = JSON.parse(form.Criteria ?? '[{}]');
    const all = this.assets.filter(
      ({ GroupId }) => !this.knowsCriteria || (name === 'groupId' && String(GroupId) === value),
    );
    const size = Number(form.PageSize ?? 20);
    const byToken = this.paging === 'tokens' && form.UseNextToken === 'true';
    const from = byToken ? Number(form.NextToken || 0) : (Number(form.CurrentPage ?? 1) - 1) * size;
    const Instances = all.slice(from, from + size);
    const next = from + size < all.length ? String(from + size) : '';
    // With tokens the vendor gives no total.
    const PageInfo = byToken
      ? { PageSize: size, Count: Instances.length, NextToken: next }
      : { PageSize: size, Count: Instances.length, TotalCount: all.length };
    return json(200, { Success: true, RequestId: 'R-1', Instances, PageInfo });
  }
}

/** An error answer of the gateway. */
export const refusedWith = codeReply;
