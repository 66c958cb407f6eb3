import { ApiError } from './api.ts';
import type { Route } from './router.ts';

const LATER: readonly (readonly [Route['method'], string, string])[] = [
  ['POST', '/api/playbooks/verify', 'Playbook lint.'],
  ['POST', '/api/playbooks/run', 'Playbook run.'],
  ['POST', '/actions/NotifyMessage/notifyByMessageCenter', 'NotifyMessage through the Message Center.'],
  ['POST', '/actions/NotifyMessage/notifyByCustom', 'NotifyMessage to custom recipients.'],
];

const laterRoute = ([method, path, summary]: (typeof LATER)[number]): Route => ({
  method,
  path,
  summary: `${summary} Not part of this version: answers 501.`,
  access: 'guarded',
  handle: () => {
    throw new ApiError({
      status: 501,
      code: 'not-in-this-version',
      message: 'This endpoint has its place in the interface but is not part of this version; nothing was done.',
    });
  },
});

/** Endpoints of the interface that this version does not have yet; they say so instead of seeming to work. */
export const laterRoutes: readonly Route[] = LATER.map(laterRoute);
