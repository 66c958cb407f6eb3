import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { quietToolHome, runTool } from '../support/deployment-tool.ts';
import { FakeCloud, type FakeCloudOptions } from '../support/fake-cloud/fake-cloud.ts';

const PREFIX = 'fenghuo-dev';
const TOKEN = 'cloud-run-token';
const AGAIN_MS = 200;
const MAX_TRIES = 50;

/** The books as `GET /api/ledger` tells them. */
export interface Ledger {
  accepted: number;
  delivered: number;
  merged: number;
  suppressed: number;
  deferred: number;
  refused: number;
  dead: number;
  inFlight: number;
  balanced: boolean;
}

/** The deployed set in a fake cloud, and how its users reach it. */
export class CloudRig {
  readonly cloud: FakeCloud;
  readonly prefix: string;
  readonly token: string;

  constructor(cloud: FakeCloud, { prefix, token }: { prefix: string; token: string }) {
    this.cloud = cloud;
    this.prefix = prefix;
    this.token = token;
  }

  /** The set that the deployment file describes, deployed by Serverless Devs itself with the local components of a folder of bundles. */
  static async deploy(bundleDir: string, options: FakeCloudOptions = {}): Promise<CloudRig> {
    const cloud = new FakeCloud({ ...options, bundleDir });
    await cloud.start();
    const env = {
      AccountID: '1266108300447215',
      AccessKeyID: 'nobody',
      AccessKeySecret: 'nothing',
      serverless_devs_config_home: quietToolHome(),
      FENGHUO_FAKE_CLOUD: cloud.doorUrl,
      FENGHUO_FC_COMPONENT: `${bundleDir}/deployment/function`,
      FENGHUO_ROS_COMPONENT: `${bundleDir}/deployment/infrastructure`,
      FENGHUO_TOKEN: TOKEN,
      FENGHUO_SECRET_KEY: randomBytes(32).toString('base64'),
    };
    const { code, output } = await runTool(['s', 'deploy', '-y', '--skip-actions'], { env });
    if (code !== 0) throw new Error(`the deployment failed: ${output.slice(-2_000)}`);
    return new CloudRig(cloud, { prefix: PREFIX, token: TOKEN });
  }

  /** One call of a function's HTTP trigger. */
  call(name: string, path: string, init: { method?: string; body?: string } = {}): Promise<Response> {
    return fetch(`${this.cloud.urlOf(`${this.prefix}-${name}`)}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
    });
  }

  /** What the console answers to a GET; asked again while it cannot. */
  async read<T>(path: string): Promise<T> {
    return (await (await this.callUntilTaken('console', path)).json()) as T;
  }

  ledger(): Promise<Ledger> {
    return this.read('/api/ledger');
  }

  /** Puts settings in force, as a user does. */
  async applySettings(settings: object): Promise<void> {
    const answer = await this.callUntilTaken('console', '/api/settings', {
      method: 'PUT',
      body: JSON.stringify(settings),
    });
    if (!answer.ok) throw new Error(`settings were refused: ${await answer.text()}`);
  }

  /** Repeats a call while the platform or the function says that it cannot take it now. */
  async callUntilTaken(name: string, path: string, init: { method?: string; body?: string } = {}): Promise<Response> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.call(name, path, init);
      if (answer.status < 500) return answer;
      if (tries === MAX_TRIES) throw new Error(`${name} ${path}: ${answer.status} ${await answer.text()}`);
      await wait(AGAIN_MS);
    }
  }

  close(): Promise<void> {
    return this.cloud.close();
  }
}
