import type { Server } from 'node:http';
import { closeFront, createFront, type FrontReply, listen } from '../../../shared/local/http-front.ts';
import type { RawCall } from '../../../shared/local/trigger-events.ts';
import type { FunctionPool } from './function-pool.ts';
import { silent } from './silent-logger.ts';

/** What was sent to be deployed. */
export interface Deployed {
  component: 'fc3' | 'ros';
  props: Readonly<Record<string, unknown>>;
}

/** What the API does for its callers. */
export interface ApiWorld {
  pool(functionName: string): FunctionPool | undefined;
  /** The outputs of the resource; throws an error with the words of what is wrong. */
  deploy(resource: string, deployed: Deployed): Promise<object>;
  keyExists(accessKeyId: string): boolean;
}

const INVOCATIONS = /^\/2023-03-30\/functions\/([^/]+)\/invocations$/;
const DEPLOYED = /^\/deployed\/([^/]+)$/;

const json = (status: number, value: unknown, headers: Record<string, string> = {}): FrontReply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
});

const refusal = (status: number, code: string, message: string): FrontReply =>
  json(status, { Code: code, Message: message, RequestId: 'r' }, { 'x-fc-request-id': 'r' });

/** The API of Function Compute as far as functions call each other, and the door through which a deploy tool brings resources. */
export class CloudApi {
  readonly #world: ApiWorld;
  readonly #server: Server;

  constructor(world: ApiWorld) {
    this.#world = world;
    this.#server = createFront((call) => this.#answer(call), silent);
  }

  async listen(): Promise<string> {
    return `http://127.0.0.1:${await listen(this.#server, { host: '127.0.0.1', port: 0 })}`;
  }

  close(): Promise<void> {
    return closeFront(this.#server);
  }

  async #answer(call: RawCall): Promise<FrontReply> {
    const { pathname } = new URL(call.target, 'http://fc');
    const [, name] = INVOCATIONS.exec(pathname) ?? [];
    if (name !== undefined && call.method === 'POST') return this.#invoke(name, call);
    const [, resource] = DEPLOYED.exec(pathname) ?? [];
    if (resource !== undefined && call.method === 'PUT') return this.#deploy(decodeURIComponent(resource), call);
    return refusal(404, 'NotFound', `nothing at ${pathname}`);
  }

  async #invoke(name: string, call: RawCall): Promise<FrontReply> {
    const [, accessKeyId = ''] = /^FC ([^:]+):/.exec(String(call.headers.authorization ?? '')) ?? [];
    if (!this.#world.keyExists(accessKeyId)) return refusal(403, 'AccessDenied', 'the signature names no known key');
    const pool = this.#world.pool(name);
    if (pool === undefined) return refusal(404, 'FunctionNotFound', `function '${name}' does not exist`);
    const outcome = await pool.invoke(call.body);
    if (outcome.ok)
      return {
        status: 200,
        headers: { 'content-type': 'application/json', 'x-fc-request-id': 'r' },
        body: outcome.payload,
      };
    return json(
      200,
      { errorMessage: outcome.message, errorType: outcome.errorType },
      { 'x-fc-error-type': outcome.errorType, 'x-fc-request-id': 'r' },
    );
  }

  async #deploy(resource: string, call: RawCall): Promise<FrontReply> {
    try {
      return json(200, await this.#world.deploy(resource, JSON.parse(call.body.toString('utf8')) as Deployed));
    } catch (error) {
      return refusal(400, 'InvalidArgument', error instanceof Error ? error.message : String(error));
    }
  }
}
