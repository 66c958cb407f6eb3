import { FakeRobots } from './fake-robots.ts';
import type { FakeProvider, SandboxParts } from './provider.ts';
import type { RobotSettings } from './robot-settings.ts';
import { wecomHtml } from './wecom-html.ts';
import { WecomRobot } from './wecom-robot.ts';
import { judgeWecom } from './wecom-rules.ts';

const hasAny = (list: readonly string[] | undefined): boolean => (list ?? []).length > 0;

/** The key is all that protects a robot. Source: developer.work.weixin.qq.com, path/91770. */
const problemWith = ({ keywords, ipList, secret }: RobotSettings): string | undefined =>
  hasAny(keywords) || hasAny(ipList) || secret ? 'robots of WeCom have no keywords, secret or ipList' : undefined;

const PATH = '/sandbox/wecom/cgi-bin/webhook/send';

/** A fake WeCom: any key is a group robot unless it starts with `dead-`. */
export const fakeWecom = (parts: SandboxParts): FakeProvider =>
  new FakeRobots(parts, {
    provider: 'wecom',
    tokenOf: ({ path, query }) => (path === PATH ? (query.get('key') ?? '') : undefined),
    problemWith,
    create: () => new WecomRobot(),
    judge: judgeWecom,
    faultBody: ({ code, message }) => ({ errcode: code, errmsg: message ?? 'fault made by the sandbox' }),
    html: ({ request }) => wecomHtml(request),
  });
