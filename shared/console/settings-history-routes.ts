import { HISTORY_VERSIONS, type HistoryEntry, readChange, readHistory } from '../stages/settings-history.ts';
import { ApiError, type ApiReply, json } from './api.ts';
import type { ConsolePorts } from './console-ports.ts';
import { badField, fieldOf, limitOf } from './query.ts';
import type { ApiCall, Route } from './router.ts';

const CURSOR = /^\d{10}\/\d+\.[\w-]+$/;

const cursorOf = (call: ApiCall): string | undefined => {
  const cursor = fieldOf(call, 'cursor');
  if (cursor !== undefined && !CURSOR.test(cursor)) throw badField('cursor', 'must be the cursor of an earlier answer');
  return cursor;
};

/** Everybody shows the same access token, so that a name is only what the caller claims. */
const shown = ({ atMs, claimed, parent: _, ...entry }: HistoryEntry): object => ({
  ...entry,
  at: new Date(atMs).toISOString(),
  who: { access: entry.kind === 'start' ? 'start' : 'token', ...(claimed === undefined ? {} : { claimed }) },
});

const list = async ({ store }: ConsolePorts, call: ApiCall): Promise<ApiReply> => {
  const { entries, next } = await readHistory(store, { cursor: cursorOf(call), limit: limitOf(call) });
  return json(200, { items: entries.map(shown), ...(next === undefined ? {} : { cursor: next }) });
};

const versionOf = (call: ApiCall): number => {
  const version = Number(call.params.version);
  if (Number.isSafeInteger(version) && version > 0) return version;
  throw badField('version', 'must be the number of a version');
};

const one = async ({ store }: ConsolePorts, call: ApiCall): Promise<ApiReply> => {
  const version = versionOf(call);
  const found = await readChange(store, version);
  if (found !== undefined) return json(200, { ...shown(found.entry), details: found.detail.objects });
  throw new ApiError({
    status: 404,
    code: 'version-not-found',
    message: `The history has no version ${version}. It keeps the last ${HISTORY_VERSIONS}; GET /api/settings/history lists them.`,
  });
};

/** The routes about what has become of the settings; secrets never show in them. */
export const settingsHistoryRoutes = (ports: ConsolePorts): readonly Route[] => [
  {
    method: 'GET',
    path: '/api/settings/history',
    access: 'guarded',
    summary: 'Changes of the settings, newest first: version, when, who, what; cursor and limit.',
    handle: (call) => list(ports, call),
  },
  {
    method: 'GET',
    path: '/api/settings/history/:version',
    access: 'guarded',
    summary: 'One change with each object before and after it, secrets masked.',
    handle: (call) => one(ports, call),
  },
];
