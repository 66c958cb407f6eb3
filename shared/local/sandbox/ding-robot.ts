import { SeenKeys } from './seen-keys.ts';

/** Source of the limits: open.dingtalk.com, custom-robots-send-group-messages and answer codes 130101, 460101. */
const LIMIT_PER_MINUTE = 20;
const MINUTE_MS = 60_000;
const LOCK_MS = 600_000;

/** Security settings and state of one fake robot. */
export interface RobotSettings {
  /** For people. */
  name?: string | undefined;
  /** At least one must occur in the message; none: no such setting. */
  keywords?: readonly string[] | undefined;
  /** Signature secret; none: no such setting. */
  secret?: string | undefined;
  /** IPv4 addresses or CIDRs that may send; none: no such setting. */
  ipList?: readonly string[] | undefined;
  disabled?: boolean | undefined;
}

/** One fake robot: what it asks for, and how often it was called. */
export class DingRobot {
  settings: RobotSettings = {};
  #calls: number[] = [];
  #lockedUntilMs = 0;
  /** Accepted `msgUuid`s. The vendor documents no window for them; here only their number is bounded. */
  readonly seen = new SeenKeys();

  /**
   * Counts a call; false when it is the 21st in a sliding minute or comes within the ten minutes after one. Whether refused calls
   * count for the vendor is not documented; here every call that gets this far counts.
   */
  admit(nowMs: number): boolean {
    if (nowMs < this.#lockedUntilMs) return false;
    this.#calls = this.#calls.filter((atMs) => nowMs - atMs < MINUTE_MS);
    if (this.#calls.length >= LIMIT_PER_MINUTE) {
      this.#lockedUntilMs = nowMs + LOCK_MS;
      return false;
    }
    this.#calls.push(nowMs);
    return true;
  }
}
