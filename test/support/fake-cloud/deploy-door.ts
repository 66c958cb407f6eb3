import type { Server } from 'node:http';
import { closeFront, createFront, type FrontReply, listen } from '../../../shared/local/http-front.ts';
import type { RawCall } from '../../../shared/local/trigger-events.ts';
import { silent } from './silent-logger.ts';

/** What was sent to be deployed. */
export interface Deployed {
  component: 'fc3' | 'ros';
  props: Readonly<Record<string, unknown>>;
}

/** Deploys a resource and gives its outputs; throws an error with the words of what is wrong. */
export type Deploy = (resource: string, deployed: Deployed) => Promise<object>;

const PATH = /^\/deployed\/([^/]+)$/;

const json = (status: number, value: unknown): FrontReply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

/** The door through which the deploy tool brings resources: `PUT /deployed/<resource>`, answered with its outputs. */
export class DeployDoor {
  readonly #deploy: Deploy;
  readonly #server: Server;

  constructor(deploy: Deploy) {
    this.#deploy = deploy;
    this.#server = createFront((call) => this.#answer(call), silent);
  }

  async listen(): Promise<string> {
    return `http://127.0.0.1:${await listen(this.#server, { host: '127.0.0.1', port: 0 })}`;
  }

  close(): Promise<void> {
    return closeFront(this.#server);
  }

  async #answer({ method, target, body }: RawCall): Promise<FrontReply> {
    const [, resource] = PATH.exec(target) ?? [];
    if (method !== 'PUT' || resource === undefined) return json(404, { error: 'there is nothing here' });
    try {
      return json(200, await this.#deploy(decodeURIComponent(resource), JSON.parse(body.toString('utf8')) as Deployed));
    } catch (error) {
      return json(400, { error: error instanceof Error ? error.message : String(error) });
    }
  }
}
