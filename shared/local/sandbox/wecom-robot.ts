import { CallWindow } from './call-window.ts';
import type { RobotSettings } from './robot-settings.ts';

/** Source of the limit: developer.work.weixin.qq.com, path/91770. */
const PER_MINUTE = 20;

/** One fake robot: what it asks for, and how often it was called. Third parties say that refused calls count for the vendor; here they do. */
export class WecomRobot {
  settings: RobotSettings = {};
  readonly minute = new CallWindow(PER_MINUTE, 60_000);
}
