import type { Settings, SettingsIssue } from '../domain/settings.ts';
import { shownChange } from '../domain/settings-changes.ts';
import { withoutLinkFindings } from '../domain/settings-escalation-findings.ts';
import { settingsFindings } from '../domain/settings-findings.ts';
import { settingsJsonSchema } from '../domain/settings-json-schema.ts';
import { maskSettings } from '../domain/settings-secrets.ts';
import { assetGroupFindings } from '../stages/asset-group-findings.ts';
import {
  compareSettings,
  etagOf,
  readSettings,
  type SavedSettings,
  type SettingsPorts,
  saveSettings,
} from '../stages/settings.ts';
import {
  deleteObject,
  EDITABLE_KINDS,
  type EditableKind,
  isEditableKind,
  type ObjectRef,
  objectOf,
  patchObject,
} from '../stages/settings-edit.ts';
import { createSnapshots } from '../stages/settings-snapshots.ts';
import { ApiError, type ApiReply, json } from './api.ts';
import type { ConsolePorts } from './console-ports.ts';
import { badField, choiceField, fieldOf } from './query.ts';
import type { ApiCall, Route } from './router.ts';
import { authorOf } from './settings-author.ts';
import { type SettingsText, settingsInput } from './settings-input.ts';

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

const invalid = (details: readonly SettingsIssue[]): ApiError =>
  new ApiError({
    status: 400,
    code: 'settings-invalid',
    message: 'The settings are not valid and nothing was changed.',
    details,
  });

const noObject = (details: readonly SettingsIssue[] = []): ApiError =>
  new ApiError({
    status: 404,
    code: 'object-not-found',
    message:
      details.length === 0
        ? 'There is no such object in the settings.'
        : 'There is no such object in the settings, and this does not make a complete one.',
    details,
  });

const findingsOf = async (ports: ConsolePorts, settings: Settings): Promise<object[]> => [
  ...settingsFindings(settings, ports.deployed),
  ...(await assetGroupFindings(ports.store, settings)),
  ...(ports.consoleUrl === undefined ? withoutLinkFindings(settings) : []),
];

const answer = async (ports: ConsolePorts, saved: SavedSettings, asked: boolean): Promise<ApiReply> => {
  if (saved.kind === 'conflict') throw conflict(saved.version, asked);
  if (saved.kind === 'not-found') throw noObject(saved.issues);
  if (saved.kind === 'invalid') throw invalid(saved.issues);
  const body = {
    version: saved.version,
    changed: saved.kind === 'saved',
    findings: await findingsOf(ports, saved.settings),
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

const refOf = (call: ApiCall, way: 'patch' | 'delete'): ObjectRef => {
  const { kind: _, ...by } = authorOf(call, way);
  return { kind: kindOf(call), name: call.params.name ?? '', by, ...ifMatchOf(call) };
};

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

const show = async ({ stage }: SettingsApi, call: ApiCall): Promise<ApiReply> => {
  const { version, settings } = await readSettings(stage);
  const asked = fieldOf(call, 'version');
  if (asked !== undefined && asked !== String(version))
    throw new ApiError({
      status: 404,
      code: 'version-not-kept',
      message: `Only the version in force (${version}) is kept as a whole. GET /api/settings/history/{version} tells what an earlier one has changed.`,
    });
  return json(200, maskSettings(settings), { etag: etagOf(version) });
};

const showOne = async ({ stage }: SettingsApi, call: ApiCall): Promise<ApiReply> => {
  const ref = { kind: kindOf(call), name: call.params.name ?? '' };
  const { version, settings } = await readSettings(stage);
  const found = objectOf(maskSettings(settings), ref);
  if (found === undefined) throw noObject();
  return json(200, found, { etag: etagOf(version) });
};

const inputOf = ({ ports }: SettingsApi, call: ApiCall): Promise<SettingsText> =>
  settingsInput(ports, call.body, formatOf(call));

const replace = async (api: SettingsApi, call: ApiCall): Promise<ApiReply> => {
  const input = { ...(await inputOf(api, call)), by: authorOf(call, 'put'), ...ifMatchOf(call) };
  return answer(api.ports, await saveSettings(api.stage, input), input.ifMatch !== undefined);
};

const compare = async (api: SettingsApi, call: ApiCall): Promise<ApiReply> => {
  const compared = await compareSettings(api.stage, await inputOf(api, call));
  if (compared.kind === 'invalid') throw invalid(compared.issues);
  const { version, changes, settings } = compared;
  const body = {
    version,
    changes: changes.objects.map(shownChange),
    reordered: changes.reordered,
    findings: findingsOf(api.ports, settings),
  };
  return json(200, body, { etag: etagOf(version) });
};

const patch = async ({ ports, stage }: SettingsApi, call: ApiCall): Promise<ApiReply> => {
  const ref = refOf(call, 'patch');
  return answer(ports, await patchObject(stage, ref, jsonBody(call)), ref.ifMatch !== undefined);
};

const remove = async ({ ports, stage }: SettingsApi, call: ApiCall): Promise<ApiReply> => {
  const ref = refOf(call, 'delete');
  return answer(ports, await deleteObject(stage, ref), ref.ifMatch !== undefined);
};

/** The routes about settings. Secrets go out masked; what comes back masked stays what it is. */
export const settingsRoutes = (ports: ConsolePorts): readonly Route[] => {
  const api = {
    ports,
    stage: { ...ports, env: ports.settingsEnv, snapshots: ports.snapshots ?? createSnapshots(ports) },
  };
  const access = 'guarded';
  const one = '/api/settings/:kind/:name';
  return [
    {
      method: 'GET',
      path: '/api/settings',
      access,
      summary: 'The settings in force, secrets masked, with their ETag.',
      handle: (call) => show(api, call),
    },
    {
      method: 'GET',
      path: '/api/settings/schema',
      access,
      summary: 'The JSON Schema of the settings file; lang=zh for descriptions in Chinese.',
      handle: (call) => json(200, settingsJsonSchema(choiceField(call, 'lang', ['zh', 'en']) ?? 'en')),
    },
    {
      method: 'POST',
      path: '/api/settings/diff',
      access,
      summary: 'What a JSON or YAML file would change, object by object, secrets masked; changes nothing.',
      handle: (call) => compare(api, call),
    },
    {
      method: 'GET',
      path: one,
      access,
      summary: 'One object, secrets masked, with the ETag of the settings.',
      handle: (call) => showOne(api, call),
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
      summary: 'Changes one object by a JSON merge patch, or adds it when the patch is a complete one.',
      handle: (call) => patch(api, call),
    },
    { method: 'DELETE', path: one, access, summary: 'Removes one object.', handle: (call) => remove(api, call) },
  ];
};
