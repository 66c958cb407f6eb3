import { CallWindow } from './call-window.ts';
import type { RobotSettings } from './robot-settings.ts';

/** Source of the limits: open.feishu.cn, client-docs/bot-v3/add-custom-bot. */
const PER_MINUTE = 100;
const PER_SECOND = 5;

/** One fake bot: what it asks for, and how often it was called. Whether refused calls count for the vendor is not documented; here they do. */
export class LarkRobot {
  settings: RobotSettings = {};
  readonly minute = new CallWindow(PER_MINUTE, 60_000);
  readonly second = new CallWindow(PER_SECOND, 1_000);
}
