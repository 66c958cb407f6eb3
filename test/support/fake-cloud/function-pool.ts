import { randomUUID } from 'node:crypto';
import { FunctionInstance } from './function-instance.ts';
import type { FunctionSpec, Invocation } from './function-spec.ts';
import type { RoleCredentials } from './role-keys.ts';

/** What the instances of all functions share. */
export interface PoolWorld {
  bootstrapFile: string;
  region: string;
  accountId: string;
  offsetMs(): number;
  credentials(): RoleCredentials;
  onLine(functionName: string, line: string): void;
}

/** What Function Compute bills, and what tells how it ran. */
export interface FunctionCounts {
  invocations: number;
  failures: number;
  /** Time in which an instance was busy, summed up. */
  busyMs: number;
  instancesStarted: number;
  killed: number;
}

const KEPT_DURATIONS = 20_000;

/** The instances of one function: started when a call finds none free, at most so many at once, each with one call at a time. */
export class FunctionPool {
  readonly spec: FunctionSpec;
  readonly counts: FunctionCounts = { invocations: 0, failures: 0, busyMs: 0, instancesStarted: 0, killed: 0 };
  /** How long the calls took, those that waited for an instance to start too. */
  durationsMs: number[] = [];
  readonly #world: PoolWorld;
  readonly #instances = new Set<FunctionInstance>();
  #idle: FunctionInstance[] = [];
  #waiting: ((instance: FunctionInstance) => void)[] = [];

  constructor(spec: FunctionSpec, world: PoolWorld) {
    this.spec = spec;
    this.#world = world;
  }

  get busy(): number {
    return [...this.#instances].filter(({ isBusy }) => isBusy).length + this.#waiting.length;
  }

  /** How many instances have answered calls so far. */
  get instancesUsed(): number {
    return this.#used + [...this.#instances].filter(({ calls }) => calls > 0).length;
  }

  async invoke(event: Buffer): Promise<Invocation> {
    const instance = await this.#take();
    const beganMs = performance.now();
    this.counts.invocations += 1;
    const call = { event, context: this.#context(), offsetMs: this.#world.offsetMs() };
    const outcome = await instance.invoke(call);
    const tookMs = performance.now() - beganMs;
    this.counts.busyMs += tookMs;
    if (this.durationsMs.length < KEPT_DURATIONS) this.durationsMs.push(tookMs);
    if (!outcome.ok) this.counts.failures += 1;
    this.#giveBack(instance);
    return outcome;
  }

  /** Kills one instance, one that is at work if there is any; false when there is none at all. */
  kill(random: () => number): boolean {
    const alive = [...this.#instances].filter(({ isGone }) => !isGone);
    const busy = alive.filter(({ isBusy }) => isBusy);
    const among = busy.length > 0 ? busy : alive;
    const victim = among[Math.floor(random() * among.length)];
    if (victim === undefined) return false;
    this.counts.killed += 1;
    victim.kill();
    return true;
  }

  /** Begins to count anew. */
  resetCounts(): void {
    Object.assign(this.counts, { invocations: 0, failures: 0, busyMs: 0, instancesStarted: 0, killed: 0 });
    this.durationsMs = [];
  }

  /** Ends all instances, as a new deployment does. */
  close(): void {
    for (const instance of this.#instances) instance.kill();
  }

  #used = 0;

  #context(): object {
    const { name, memoryMb, timeoutMs } = this.spec;
    return {
      requestId: randomUUID(),
      credentials: this.#world.credentials(),
      function: { name, handler: 'index.handler', memory: memoryMb, timeout: timeoutMs / 1_000 },
      service: { logProject: '', logStore: '', qualifier: 'LATEST', versionId: '' },
      region: this.#world.region,
      accountId: this.#world.accountId,
    };
  }

  #take(): Promise<FunctionInstance> {
    this.#dropGone();
    const idle = this.#idle.shift();
    if (idle !== undefined) return Promise.resolve(idle);
    if (this.#instances.size < this.spec.maxInstances) return Promise.resolve(this.#start());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #start(): FunctionInstance {
    const { name, env, memoryMb } = this.spec;
    const { bootstrapFile, region, accountId } = this.#world;
    const id = randomUUID();
    const { accessKeyId, accessKeySecret, securityToken } = this.#world.credentials();
    const instance = new FunctionInstance(this.spec, {
      bootstrapFile,
      env: {
        ...env,
        ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
        ALIBABA_CLOUD_SECURITY_TOKEN: securityToken,
        FC_FUNCTION_NAME: name,
        FC_FUNCTION_HANDLER: 'index.handler',
        FC_FUNCTION_MEMORY_SIZE: String(memoryMb),
        FC_REGION: region,
        FC_ACCOUNT_ID: accountId,
        FC_INSTANCE_ID: id,
        TZ: 'UTC',
      },
      onLine: (line) => this.#world.onLine(name, line),
    });
    this.counts.instancesStarted += 1;
    this.#instances.add(instance);
    return instance;
  }

  #giveBack(instance: FunctionInstance): void {
    if (instance.isGone) this.#dropGone();
    const next = this.#waiting.shift();
    const free = instance.isGone && next !== undefined ? this.#start() : instance;
    if (next !== undefined) next(free);
    else if (!instance.isGone) this.#idle.push(instance);
  }

  #dropGone(): void {
    this.#idle = this.#idle.filter(({ isGone }) => !isGone);
    for (const instance of this.#instances)
      if (instance.isGone) {
        this.#instances.delete(instance);
        if (instance.calls > 0) this.#used += 1;
      }
  }
}
