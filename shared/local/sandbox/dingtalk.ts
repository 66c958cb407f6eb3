import { DingRobot } from './ding-robot.ts';
import { judge } from './ding-rules.ts';
import { FakeRobots } from './fake-robots.ts';
import type { FaultCode } from './faults.ts';
import { markdownHtml } from './markdown-html.ts';
import type { FakeProvider, SandboxParts } from './provider.ts';

const PATH = '/sandbox/dingtalk/robot/send';

const faultBody = (fault: FaultCode): unknown => {
  if (fault.code === 'waf') return { status: 1111, wait: 5, source: 'x5', punish: 'deny', uuid: 'sandbox' };
  return { errcode: fault.code, errmsg: fault.message ?? 'fault made by the sandbox' };
};

/** A fake DingTalk. */
export const fakeDingtalk = (parts: SandboxParts): FakeProvider =>
  new FakeRobots(parts, {
    provider: 'dingtalk',
    tokenOf: (request) => (request.path === PATH ? (request.query.get('access_token') ?? '') : undefined),
    create: () => new DingRobot(),
    judge,
    faultBody,
    html: (message) => markdownHtml(message.text),
  });
