import * as z from 'zod/mini';
import { bodyJson, failure, json, type SandboxRequest, type SandboxResponse } from './answer.ts';
import { type MessageLog, maskToken } from './message-log.ts';
import type { Place } from './places.ts';
import type { FakeProvider } from './provider.ts';
import { verdictOf } from './verdict.ts';

/** What the part of the API that is about targets works on. */
export interface TargetParts {
  log: MessageLog;
  providers: readonly FakeProvider[];
}

const PREVIEW_CHARS = 160;

const lastOf = ({ last }: Place) => {
  if (last === undefined) return null;
  const { id, receivedAtMs, title, text } = last;
  return { id, receivedAtMs, title, text: text.slice(0, PREVIEW_CHARS), verdict: verdictOf(last) };
};

const providerOf = (providers: readonly FakeProvider[], name: string): FakeProvider | undefined =>
  providers.find((provider) => provider.name === name);

/** Every group, receiver, mailbox and phone, with its counts and its last message; the one that was used last comes first. */
export const listTargets = ({ log, providers }: TargetParts): SandboxResponse => {
  const targets = log.places.list().map((place) => {
    const { id, provider, target, name, count } = place;
    const configurable = providerOf(providers, provider)?.configure !== undefined;
    return { id, provider, target, name, count, configurable, last: lastOf(place) };
  });
  return json(200, { targets: targets.reverse(), newest: log.newest, generation: log.generation });
};

/** Replaces the security settings of one target; gives the words of what is wrong with them. */
export const configureTarget = (
  { log, providers }: TargetParts,
  robot: { provider: string; target: string },
  settings: unknown,
): string | undefined => {
  const provider = providerOf(providers, robot.provider);
  if (provider?.configure === undefined) return `the sandbox has no settings for targets of ${robot.provider}`;
  const problem = provider.configure(robot.target, settings);
  if (problem !== undefined) return problem;
  const place = { provider: robot.provider, rawTarget: robot.target, masked: maskToken(robot.target) };
  log.places.configured(place, settings);
  return undefined;
};

const settingsSchema = z.catch(z.record(z.string(), z.unknown()), {});

/** Settings that are never shown. */
const SECRETS = ['secret', 'passwords'];

const isSet = (value: unknown): boolean =>
  value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);

const showSettings = ({ settings }: Place): SandboxResponse => {
  const entries = Object.entries(settingsSchema.parse(settings)).filter(([, value]) => isSet(value));
  const open = Object.fromEntries(entries.filter(([name]) => !SECRETS.includes(name)));
  return json(200, { settings: open, kept: entries.map(([name]) => name).filter((name) => SECRETS.includes(name)) });
};

/** Who is not shown a secret leaves it out, and it stays; an empty one takes it away. */
const keepingSecrets = (before: unknown, given: unknown): unknown => {
  const parsed = z.record(z.string(), z.unknown()).safeParse(given);
  if (!parsed.success) return given;
  const known = settingsSchema.parse(before);
  const kept = Object.fromEntries(SECRETS.filter((name) => name in known).map((name) => [name, known[name]]));
  return Object.fromEntries(Object.entries({ ...kept, ...parsed.data }).filter(([, value]) => isSet(value)));
};

const changeSettings = (parts: TargetParts, request: SandboxRequest, place: Place): SandboxResponse => {
  const robot = { provider: place.provider, target: place.rawTarget };
  const problem = configureTarget(parts, robot, keepingSecrets(place.settings, bodyJson(request)));
  return problem === undefined ? showSettings(place) : failure(400, 'invalid-robot', problem);
};

/** Answers `GET` and `PUT` of the security settings of the place with that id; undefined for other methods. */
export const targetSettings = (
  parts: TargetParts,
  request: SandboxRequest,
  id: string,
): SandboxResponse | undefined => {
  const place = parts.log.places.find(id);
  if (place === undefined) return failure(404, 'not-found', 'the sandbox knows no target with this id');
  if (request.method === 'GET') return showSettings(place);
  return request.method === 'PUT' ? changeSettings(parts, request, place) : undefined;
};

/** The token that a caller means who was only shown the masked one, or the id of the place. */
export const rawTargetOf = (log: MessageLog, named: { provider?: string | undefined; target: string }): string => {
  const places = log.places.list().filter(({ provider }) => provider === (named.provider ?? provider));
  if (places.some(({ rawTarget }) => rawTarget === named.target)) return named.target;
  return places.find(({ id, target }) => id === named.target || target === named.target)?.rawTarget ?? named.target;
};

/** A token as it may be shown. */
export const shownTargetOf = (log: MessageLog, rawTarget: string): string =>
  log.places.list().find((place) => place.rawTarget === rawTarget)?.target ?? maskToken(rawTarget);
