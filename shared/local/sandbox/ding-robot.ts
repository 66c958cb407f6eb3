import { CallWindow } from './call-window.ts';
import type { RobotSettings } from './robot-settings.ts';
import { SeenKeys } from './seen-keys.ts';

/** Source of the limits: open.dingtalk.com, custom-robots-send-group-messages and answer codes 130101, 460101. */
const LIMIT_PER_MINUTE = 20;
const MINUTE_MS = 60_000;
const LOCK_MS = 600_000;

/** One fake robot: what it asks for, and how often it was called. */
export class DingRobot {
  settings: RobotSettings = {};
  readonly #calls = new CallWindow(LIMIT_PER_MINUTE, MINUTE_MS);
  #lockedUntilMs = 0;
  /** Accepted `msgUuid`s. The vendor documents no window for them; here only their number is bounded. */
  readonly seen = new SeenKeys();

  /**
   * Counts a call; false when it is the 21st in a sliding minute or comes within the ten minutes after one. Whether refused calls
   * count for the vendor is not documented; here every call that gets this far counts.
   */
  admit(nowMs: number): boolean {
    if (nowMs < this.#lockedUntilMs) return false;
    if (this.#calls.admit(nowMs)) return true;
    this.#lockedUntilMs = nowMs + LOCK_MS;
    return false;
  }
}
