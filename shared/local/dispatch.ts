import { BlockList } from 'node:net';
import { hasAccess } from '../console/access.ts';
import { ApiError, errorReply } from '../console/api.ts';
import { isNotifyPath } from '../console/notify-routes.ts';
import { callContext, type FunctionBundles, type FunctionName } from './function-bundles.ts';
import { type FrontHandler, type FrontReply, frontReply, frontReplyOf } from './http-front.ts';
import type { Sandbox } from './sandbox/index.ts';
import { httpTriggerEvent, type RawCall } from './trigger-events.ts';

/** What the front needs to find the right function for a call. */
export interface DispatchPorts {
  functions: FunctionBundles;
  /** Absent when it is switched off. */
  sandbox: Sandbox | undefined;
  token: string;
}

/** The answer while the host is not ready yet. */
export const STARTING: FrontReply = frontReplyOf(
  errorReply(
    new ApiError({ status: 503, code: 'starting', message: 'Starting; try again.', headers: { 'retry-after': '1' } }),
  ),
);

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

const isLoopback = (ip: string): boolean => {
  const plain = ip.startsWith('::ffff:') ? ip.slice('::ffff:'.length) : ip;
  return loopback.check(plain, plain.includes(':') ? 'ipv6' : 'ipv4');
};

const flatHeaders = (call: RawCall): Record<string, string> => {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(call.headers))
    if (value !== undefined) flat[name] = typeof value === 'string' ? value : value.join(', ');
  return flat;
};

const splitTarget = (target: string): [path: string, query: string] => {
  const mark = target.indexOf('?');
  return mark === -1 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
};

const isBelow = (path: string, root: string): boolean => path === root || path.startsWith(`${root}/`);

const refuseStranger = (): FrontReply =>
  frontReplyOf(
    errorReply(
      new ApiError({
        status: 401,
        code: 'unauthorized',
        message: 'From another machine the sandbox wants the access token as "Authorization: Bearer <token>".',
        headers: { 'www-authenticate': 'Bearer' },
      }),
    ),
  );

const toSandbox =
  (sandbox: Sandbox, token: string) =>
  async (call: RawCall, path: string, query: string): Promise<FrontReply> => {
    const headers = flatHeaders(call);
    const request = { method: call.method, path, query: {}, headers, body: '' };
    if (!isLoopback(call.sourceIp) && !hasAccess(token, request)) return refuseStranger();
    return sandbox.handle({ method: call.method, path, query: new URLSearchParams(query), headers, body: call.body });
  };

/** Sends each call to ingest, to notify-message, to the console or to the sandbox, in the envelope that Function Compute uses. */
export const createDispatch = ({ functions, sandbox, token }: DispatchPorts): FrontHandler => {
  const play = sandbox === undefined ? undefined : toSandbox(sandbox, token);
  const invoke = async (name: FunctionName, call: RawCall): Promise<FrontReply> => {
    const context = callContext(name);
    return frontReply(await functions(name)(httpTriggerEvent(call, context.requestId ?? ''), context));
  };
  return (call) => {
    const [path, query] = splitTarget(call.target);
    if (isBelow(path, '/ingest')) return invoke('ingest', call);
    if (play !== undefined && isBelow(path, '/sandbox')) return play(call, path, query);
    return invoke(isNotifyPath(path) ? 'notify-message' : 'console', call);
  };
};
