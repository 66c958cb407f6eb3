import { basename, dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { FcServer, type ServedFunction } from '../fc-server.ts';
import { SmqServer } from '../smq-server.ts';
import { TablestoreServer } from '../tablestore-server.ts';
import { CloudClock } from './cloud-clock.ts';
import { CloudFaults } from './cloud-faults.ts';
import { DeployDoor, type Deployed } from './deploy-door.ts';
import { deployedFunction } from './deployed-function.ts';
import { deployedStack } from './deployed-stack.ts';
import { seededDice } from './dice.ts';
import { fitsRule, handOver } from './event-rule.ts';
import { FunctionPool } from './function-pool.ts';
import type { FunctionSpec } from './function-spec.ts';
import { HttpTrigger } from './http-trigger.ts';
import { writeInstanceFile } from './instance-file.ts';
import { ProviderWorld } from './provider-world.ts';
import { QueueTrigger } from './queue-trigger.ts';
import { RoleKeys } from './role-keys.ts';
import { TimerTrigger } from './timer-trigger.ts';

/** How a fake cloud is made; what is left out is as in life, or does not happen. */
export interface FakeCloudOptions {
  seed?: number;
  /** Batches under way at once for each queue trigger. */
  pullers?: number;
  /** Waits of triggers and services are that much shorter. */
  timeFactor?: number;
  duplicateChance?: number;
  /** Tries of a batch after the first; in life there are 176. */
  maxRetries?: number;
  /** Where the bundles are; where the deployment says when left out. */
  bundleDir?: string;
  /** Highest number of instances of a function whose deployment names none. */
  maxInstances?: number;
}

const DEFAULTS = { seed: 1, pullers: 3, timeFactor: 1, duplicateChance: 0, maxRetries: 40, maxInstances: 4 };
const REGION = 'cn-hangzhou';
const ACCOUNT = '1266108300447215';
const INSTANCE = 'fenghuo-fake';
const VISIBILITY_MS = 360_000;
const KEY_EVERY_MS = 10_000;
const KEY_LIFE_MS = 600_000;
const KEPT_LINES = 5_000;
const QUIET_LOOKS = 3;
const LOOK_MS = 30;

/** Where a function finds the services, whatever its deployment says: what the names of the cloud would lead to. */
const redirected = (env: Readonly<Record<string, string>>, to: Readonly<Record<string, string>>) => ({ ...env, ...to });

/**
 * One cloud on this machine: SMQ, Tablestore and Function Compute with its triggers, and the providers that are told. Functions run as
 * processes of their own; everything they may reach is here.
 */
export class FakeCloud {
  readonly clock = new CloudClock();
  readonly faults: CloudFaults;
  readonly keys = new RoleKeys(this.clock, { everyMs: KEY_EVERY_MS, lifeMs: KEY_LIFE_MS });
  readonly smq: SmqServer;
  readonly ots: TablestoreServer;
  readonly providers: ProviderWorld;
  readonly pools = new Map<string, FunctionPool>();
  /** The last lines that the functions wrote. */
  readonly lines: string[] = [];
  readonly queueTriggers = new Map<string, QueueTrigger>();
  readonly random: () => number;
  /** Of the server of SMQ. */
  get smqUrl(): string {
    return this.#endpoints.FENGHUO_SMQ_ENDPOINT ?? '';
  }

  /** Where the deploy tool brings resources. */
  doorUrl = '';
  readonly #options: FakeCloudOptions & typeof DEFAULTS;
  readonly #door: DeployDoor;
  readonly #api: FcServer;
  readonly #httpTriggers = new Map<string, HttpTrigger>();
  readonly #timers = new Map<string, TimerTrigger[]>();
  readonly #bootstrapFile = writeInstanceFile();
  #endpoints: Readonly<Record<string, string>> = {};

  constructor(options: FakeCloudOptions = {}) {
    this.#options = { ...DEFAULTS, ...options };
    this.random = seededDice(this.#options.seed);
    this.faults = new CloudFaults(seededDice(this.#options.seed + 1));
    const keyOf = this.keys.keyOf;
    this.smq = new SmqServer(this.clock, {
      queues: [],
      visibilityMs: VISIBILITY_MS,
      keyOf,
      nextFault: this.faults.smq,
    });
    const tables = { instance: INSTANCE, keyOf, nextFault: this.faults.ots };
    this.ots = new TablestoreServer(this.clock, [], tables);
    const secretOf = (accessKeyId: string) => keyOf(accessKeyId)?.accessKeySecret;
    this.providers = new ProviderWorld(this.clock, seededDice(this.#options.seed + 2), secretOf);
    this.#door = new DeployDoor((resource, deployed) => this.#deploy(resource, deployed));
    this.#api = new FcServer(this.clock, { functions: this.#served(), keyOf });
  }

  async start(): Promise<void> {
    const [smq, ots, api, providers, door] = await Promise.all([
      this.smq.listen(),
      this.ots.listen(),
      this.#api.listen(),
      this.providers.listen(),
      this.#door.listen(),
    ]);
    this.doorUrl = door;
    this.#endpoints = {
      FENGHUO_SMQ_ENDPOINT: smq,
      FENGHUO_TABLESTORE_ENDPOINT: ots,
      FENGHUO_TABLESTORE_INSTANCE: INSTANCE,
      FENGHUO_FC_ENDPOINT: api,
      FENGHUO_WEBHOOK_ALLOW: '127.0.0.1/32',
      FENGHUO_OPENAPI_ENDPOINT: `${providers}/sandbox/openapi`,
    };
  }

  /** Puts a function in place of the one of that name, with its triggers; the address of its HTTP trigger, empty when it has none. */
  async deployFunction(spec: FunctionSpec): Promise<string> {
    this.pools.get(spec.name)?.close();
    const env = redirected(spec.env, this.#endpoints);
    this.pools.set(
      spec.name,
      new FunctionPool(
        { ...spec, env, maxInstances: spec.maxInstances || this.#options.maxInstances },
        {
          bootstrapFile: this.#bootstrapFile,
          region: REGION,
          accountId: ACCOUNT,
          offsetMs: () => this.clock.offsetMs,
          credentials: () => this.keys.current(),
          onLine: (name, line) => this.#keep(`${name}: ${line}`),
        },
      ),
    );
    return this.#connect(spec);
  }

  /** An event on the event bus: handed to every function with a rule that it fits; how many took it. */
  async publish(event: Readonly<Record<string, unknown>>): Promise<number> {
    const fitting = [...this.pools.values()].flatMap(({ spec }) =>
      spec.triggers
        .filter((trigger) => trigger.kind === 'event' && fitsRule(trigger.pattern, event))
        .map(() => spec.name),
    );
    const taken = await Promise.all(fitting.map((name) => handOver(() => this.pool(name), event, this.#options)));
    return taken.filter(Boolean).length;
  }

  /** The function of that name. */
  pool(name: string): FunctionPool {
    const pool = this.pools.get(name);
    if (pool === undefined) throw new Error(`no function ${name}`);
    return pool;
  }

  /** Address of a function's HTTP trigger. */
  urlOf(name: string): string {
    return this.#httpTriggers.get(name)?.url ?? '';
  }

  /** Whether nothing is under way: no call, no batch, and no message that could be received. */
  get isIdle(): boolean {
    return (
      [...this.pools.values()].every(({ busy }) => busy === 0) &&
      [...this.queueTriggers.values()].every(({ inHand }) => inHand === 0) &&
      this.#sources().every(({ now }) => now === 0)
    );
  }

  /** Resolves when nothing is under way for some moments. */
  async untilIdle(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_LOOKS; quiet = this.isIdle ? quiet + 1 : 0) await wait(LOOK_MS);
  }

  /** Goes from delay to delay, each at once, until no message waits for one that is due within `withinMs`. */
  async runDry(withinMs: number): Promise<void> {
    const endMs = this.clock.nowMs() + withinMs;
    for (;;) {
      await this.untilIdle();
      const next = Math.min(...this.#sources().map(({ nextAtMs }) => nextAtMs ?? Number.POSITIVE_INFINITY));
      if (next > endMs) return;
      this.clock.skip(next - this.clock.nowMs() + 1);
    }
  }

  /** From now on nothing is called by the clock. */
  stopTimers(): void {
    for (const timers of this.#timers.values()) for (const timer of timers) timer.stop();
  }

  async close(): Promise<void> {
    this.stopTimers();
    for (const trigger of this.queueTriggers.values()) void trigger.stop();
    for (const pool of this.pools.values()) pool.close();
    await Promise.all([...this.#httpTriggers.values()].map((trigger) => trigger.close()));
    await Promise.all([
      this.smq.close(),
      this.ots.close(),
      this.providers.close(),
      this.#api.close(),
      this.#door.close(),
    ]);
  }

  #keep(line: string): void {
    this.lines.push(line);
    if (this.lines.length > KEPT_LINES) this.lines.shift();
  }

  /** Every function by its name, as the invocation API looks them up. */
  #served(): Readonly<Record<string, ServedFunction>> {
    const invoke =
      (pool: FunctionPool): ServedFunction =>
      async (event) => {
        const outcome = await pool.invoke(event);
        if (!outcome.ok) throw new Error(outcome.message);
        return JSON.parse(outcome.payload) as unknown;
      };
    return new Proxy({}, { get: (_, name) => this.#servedBy(String(name), invoke) });
  }

  #servedBy(name: string, invoke: (pool: FunctionPool) => ServedFunction): ServedFunction | undefined {
    const pool = this.pools.get(name);
    return pool === undefined ? undefined : invoke(pool);
  }

  /** Address of the invocation API. */
  get fcUrl(): string {
    return this.#endpoints.FENGHUO_FC_ENDPOINT ?? '';
  }

  /** Queues that somebody takes messages from. */
  #sources() {
    return this.smq.state().filter(({ queue }) => this.queueTriggers.has(queue));
  }

  async #connect({ name, triggers }: FunctionSpec): Promise<string> {
    const pool = () => this.pool(name);
    for (const timer of this.#timers.get(name) ?? []) timer.stop();
    const timers = triggers.filter((trigger) => trigger.kind === 'timer');
    this.#timers.set(
      name,
      timers.map((trigger) => new TimerTrigger(trigger, this.clock, pool)),
    );
    for (const trigger of triggers) if (trigger.kind === 'queue') await this.#connectQueue(trigger, pool);
    if (!triggers.some(({ kind }) => kind === 'http')) return '';
    const known = this.#httpTriggers.get(name);
    if (known !== undefined) return known.url;
    const http = new HttpTrigger(pool, () => this.clock.nowMs());
    this.#httpTriggers.set(name, http);
    return http.listen();
  }

  async #connectQueue(trigger: ConstructorParameters<typeof QueueTrigger>[0], pool: () => FunctionPool): Promise<void> {
    await this.queueTriggers.get(trigger.queue)?.stop();
    const { pullers, timeFactor, duplicateChance, maxRetries } = this.#options;
    const world = {
      endpoint: this.#endpoints.FENGHUO_SMQ_ENDPOINT ?? '',
      clock: this.clock,
      credentials: () => this.keys.current(),
      region: REGION,
      accountId: ACCOUNT,
      random: this.random,
      pullers,
      timeFactor,
      maxRetries,
      duplicateChance,
    };
    this.queueTriggers.set(trigger.queue, new QueueTrigger(trigger, world, pool));
  }

  async #deploy(resource: string, { component, props }: Deployed): Promise<object> {
    if (component === 'fc3') {
      const { bundleDir } = this.#options;
      const deployed = deployedFunction(props);
      const codeFile = `${bundleDir}/functions/${basename(dirname(deployed.codeFile))}/index.js`;
      const spec = bundleDir === undefined ? deployed : { ...deployed, codeFile };
      const url = await this.deployFunction(spec);
      return { functionName: spec.name, url };
    }
    if (component !== 'ros') throw new Error(`${resource}: component ${String(component)} is not known here`);
    const stack = deployedStack(props, ACCOUNT);
    for (const queue of stack.queues) this.smq.createQueue(queue);
    for (const table of stack.tables) this.ots.createTable(table);
    return stack.outputs;
  }
}
