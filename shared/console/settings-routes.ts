import { withoutLinkFindings } from '../domain/settings-escalation-findings.ts';
import { settingsFindings } from '../domain/settings-findings.ts';
import { maskSettings } from '../domain/settings-secrets.ts';
import { etagOf, readSettings, type SavedSettings, type SettingsPorts, saveSettings } from '../stages/settings.ts';
import {
  deleteObject,
  EDITABLE_KINDS,
  type EditableKind,
  isEditableKind,
  type ObjectRef,
  patchObject,
} from '../stages/settings-edit.ts';
import { ApiError, type ApiReply, json } from './api.ts';
import type { ConsolePorts } from './console-ports.ts';
import { badField } from './query.ts';
import type { ApiCall, Route } from './router.ts';

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json$/;
const YAML_TYPE = /^(?:application|text)\/(?:x-)?yaml$/;
// What tools send when nobody said anything; the first character tells which of the two it is.
const UNSAID = new Set(['', 'text/plain', 'application/octet-stream', 'application/x-www-form-urlencoded']);

const formatOf = (call: ApiCall): 'json' | 'yaml' => {
  const type = (call.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (JSON_TYPE.test(type)) return 'json';
  if (YAML_TYPE.test(type)) return 'yaml';
  if (UNSAID.has(type)) return call.body.trimStart().startsWith('{') ? 'json' : 'yaml';
  throw new ApiError({
    status: 415,
    code: 'content-type-not-supported',
    message: 'Send application/json or application/yaml.',
  });
};

const conflict = (version: number, asked: boolean): ApiError =>
  new ApiError({
    status: asked ? 412 : 409,
    code: 'settings-changed',
    message: 'The settings have changed meanwhile and nothing was saved. Read them again and repeat the change.',
    headers: { etag: etagOf(version) },
  });

const answer = (ports: ConsolePorts, saved: SavedSettings, asked: boolean): ApiReply => {
  if (saved.kind === 'conflict') throw conflict(saved.version, asked);
  if (saved.kind === 'not-found')
    throw new ApiError({ status: 404, code: 'object-not-found', message: 'There is no such object in the settings.' });
  if (saved.kind === 'invalid')
    throw new ApiError({
      status: 400,
      code: 'settings-invalid',
      message: 'The settings are not valid and nothing was changed.',
      details: saved.issues,
    });
  const channels = new Set(ports.channels.map(({ name }) => name));
  const body = {
    version: saved.version,
    changed: saved.kind === 'saved',
    findings: [
      ...settingsFindings(saved.settings, channels),
      ...(ports.consoleUrl === undefined ? withoutLinkFindings(saved.settings) : []),
    ],
    settings: maskSettings(saved.settings),
  };
  return json(200, body, { etag: etagOf(saved.version) });
};

const ifMatchOf = (call: ApiCall): { ifMatch?: string } => {
  const ifMatch = call.headers['if-match'];
  return ifMatch === undefined ? {} : { ifMatch };
};

const kindOf = (call: ApiCall): EditableKind => {
  const kind = call.params.kind ?? '';
  if (isEditableKind(kind)) return kind;
  const known = Object.keys(EDITABLE_KINDS).join(', ');
  throw new ApiError({
    status: 404,
    code: 'kind-not-found',
    message: `There is no such list. The lists are ${known}.`,
  });
};

const refOf = (call: ApiCall): ObjectRef => ({ kind: kindOf(call), name: call.params.name ?? '', ...ifMatchOf(call) });

const jsonBody = (call: ApiCall): unknown => {
  try {
    return JSON.parse(call.body);
  } catch {
    throw badField('body', 'is not JSON');
  }
};

interface SettingsApi {
  ports: ConsolePorts;
  stage: SettingsPorts;
}

const show = async ({ stage }: SettingsApi): Promise<ApiReply> => {
  const { version, settings } = await readSettings(stage);
  return json(200, maskSettings(settings), { etag: etagOf(version) });
};

const replace = async ({ ports, stage }: SettingsApi, call: ApiCall): Promise<ApiReply> => {
  const { parseYaml } = ports;
  const input = { text: call.body, format: formatOf(call), parseYaml, ...ifMatchOf(call) };
  return answer(ports, await saveSettings(stage, input), input.ifMatch !== undefined);
};

const patch = async ({ ports, stage }: SettingsApi, call: ApiCall): Promise<ApiReply> => {
  const ref = refOf(call);
  return answer(ports, await patchObject(stage, ref, jsonBody(call)), ref.ifMatch !== undefined);
};

const remove = async ({ ports, stage }: SettingsApi, call: ApiCall): Promise<ApiReply> => {
  const ref = refOf(call);
  return answer(ports, await deleteObject(stage, ref), ref.ifMatch !== undefined);
};

/** The routes about settings. Secrets go out masked; what comes back masked stays what it is. */
export const settingsRoutes = (ports: ConsolePorts): readonly Route[] => {
  const api = { ports, stage: { ...ports, env: ports.settingsEnv } };
  const access = 'guarded';
  const one = '/api/settings/:kind/:name';
  return [
    {
      method: 'GET',
      path: '/api/settings',
      access,
      summary: 'The settings in force, secrets masked, with their ETag.',
      handle: () => show(api),
    },
    {
      method: 'PUT',
      path: '/api/settings',
      access,
      summary: 'Replaces all settings by a JSON or YAML file; all or nothing; answers findings.',
      handle: (call) => replace(api, call),
    },
    {
      method: 'PATCH',
      path: one,
      access,
      summary: 'Changes or adds one object by a JSON merge patch.',
      handle: (call) => patch(api, call),
    },
    { method: 'DELETE', path: one, access, summary: 'Removes one object.', handle: (call) => remove(api, call) },
  ];
};
