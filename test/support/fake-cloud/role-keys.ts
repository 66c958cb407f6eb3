import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../shared/ports/clock.ts';
import type { KeyLookup } from '../protocol-keys.ts';

/** Temporary credentials as Function Compute gives them to a function that has a role. */
export interface RoleCredentials {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken: string;
}

interface Issued extends RoleCredentials {
  sinceMs: number;
}

/** Issues temporary keys that change all the time; a key that is older than its life opens nothing any more. */
export class RoleKeys {
  readonly #clock: Clock;
  readonly #options: { everyMs: number; lifeMs: number };
  readonly #issued = new Map<string, Issued>();
  #latest: Issued | undefined;

  constructor(clock: Clock, options: { everyMs: number; lifeMs: number }) {
    this.#clock = clock;
    this.#options = options;
  }

  /** The credentials of a call that begins now. */
  current(): RoleCredentials {
    const nowMs = this.#clock.nowMs();
    if (this.#latest === undefined || nowMs - this.#latest.sinceMs >= this.#options.everyMs) {
      this.#latest = {
        accessKeyId: `STS.${randomUUID().slice(0, 8)}`,
        accessKeySecret: randomUUID(),
        securityToken: `token-${randomUUID()}`,
        sinceMs: nowMs,
      };
      this.#issued.set(this.#latest.accessKeyId, this.#latest);
    }
    const { accessKeyId, accessKeySecret, securityToken } = this.#latest;
    return { accessKeyId, accessKeySecret, securityToken };
  }

  /** How many keys there have been. */
  get count(): number {
    return this.#issued.size;
  }

  /** For the servers of the services. */
  readonly keyOf: KeyLookup = (accessKeyId) => {
    const key = this.#issued.get(accessKeyId);
    return key === undefined || this.#clock.nowMs() - key.sinceMs > this.#options.lifeMs ? undefined : key;
  };
}
