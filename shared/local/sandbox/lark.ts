import { FakeRobots } from './fake-robots.ts';
import type { FaultCode } from './faults.ts';
import { larkHtml } from './lark-html.ts';
import { LarkRobot } from './lark-robot.ts';
import { judgeLark } from './lark-rules.ts';
import type { FakeProvider, SandboxParts } from './provider.ts';

const PATH = /^\/sandbox\/lark\/open-apis\/bot\/v2\/hook\/([^/]+)\/?$/;

const faultBody = (fault: FaultCode): unknown => ({
  code: typeof fault.code === 'string' && /^-?\d+$/.test(fault.code) ? Number(fault.code) : fault.code,
  data: {},
  msg: fault.message ?? 'fault made by the sandbox',
});

/** A fake Lark: any token is a custom bot unless it starts with `dead-`. */
export const fakeLark = (parts: SandboxParts): FakeProvider =>
  new FakeRobots(parts, {
    provider: 'lark',
    tokenOf: ({ path }) => PATH.exec(path)?.[1],
    create: () => new LarkRobot(),
    judge: judgeLark,
    faultBody,
    html: ({ request }) => larkHtml(request),
  });
