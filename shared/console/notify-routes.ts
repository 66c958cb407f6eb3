import type { Route } from './router.ts';

/** One route as it is described, wherever it is served. */
export type RouteInfo = Pick<Route, 'method' | 'path' | 'summary' | 'access'>;

const access = 'guarded';

/** The routes of the function notify-message; the console describes them with its own, and does not serve them. */
export const NOTIFY_ROUTES = {
  notifyByMessageCenter: {
    method: 'POST',
    path: '/actions/NotifyMessage/notifyByMessageCenter',
    access,
    summary: 'Tells the recipients of Message Center by a template, now; answers message, status and receipts.',
  },
  notifyByCustom: {
    method: 'POST',
    path: '/actions/NotifyMessage/notifyByCustom',
    access,
    summary: 'Sends mail, group, text and voice messages now; answers message, status and receipts.',
  },
  verify: {
    method: 'POST',
    path: '/api/playbooks/verify',
    access,
    summary: 'Findings about a playbook: node, detail, and error, warn or remind; nothing is sent.',
  },
  run: {
    method: 'POST',
    path: '/api/playbooks/run',
    access,
    summary: 'Runs a playbook now, once for its request id, and tells what came of each node.',
  },
  runs: {
    method: 'GET',
    path: '/api/playbooks/runs',
    access,
    summary: 'Runs of playbooks, newest first; cursor, limit.',
  },
  oneRun: {
    method: 'GET',
    path: '/api/playbooks/runs/:id',
    access,
    summary: 'One run of a playbook: findings, and the result of every node with its receipts.',
  },
} as const satisfies Readonly<Record<string, RouteInfo>>;

const BELOW = /^\/(?:actions|api\/playbooks)(?:\/|$)/;

/** Whether a path belongs to the function notify-message. */
export const isNotifyPath = (path: string): boolean => BELOW.test(path);
