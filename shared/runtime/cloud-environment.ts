import type { OpenApiCredentials } from '../ports/openapi.ts';
import {
  BadEnvironmentError,
  cloudCredentials,
  type FunctionEnvironment,
  listVariable,
  readFunctionEnvironment,
  settingsVariables,
  textVariable,
  urlVariable,
  type Variables,
} from './environment.ts';

/** What a deployed function reads from its environment. */
export interface CloudEnvironment extends FunctionEnvironment {
  /** Begins the name of every resource of one stage, such as `fenghuo-prod`. */
  namePrefix: string;
  smqEndpoint: string;
  tablestoreEndpoint: string;
  tablestoreInstance: string;
  /** Of the API of Function Compute; absent where no function invokes another. */
  fcEndpoint?: string;
  /** Channels that are deployed; absent when all are. */
  channels?: ReadonlySet<string>;
  /** For an invocation that brings none. Must never be logged or shown. */
  fallbackCredentials?: OpenApiCredentials;
  /** What `${env:NAME}` in a settings file may see. */
  settingsEnv: Readonly<Record<string, string>>;
}

/** The longest prefix with which every table, queue and function keeps within the limits of names. */
const MAX_PREFIX_CHARS = 32;

const required = (name: string, value: string | undefined): string => {
  if (value !== undefined) return value;
  throw new BadEnvironmentError(name, 'must be set for a deployed function; npm start runs everything on one machine');
};

const prefixOf = (env: Variables): string => {
  const prefix = required('FENGHUO_NAME_PREFIX', textVariable(env, 'FENGHUO_NAME_PREFIX'));
  if (prefix.length <= MAX_PREFIX_CHARS && /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(prefix)) return prefix;
  throw new BadEnvironmentError(
    'FENGHUO_NAME_PREFIX',
    `must be at most ${MAX_PREFIX_CHARS} small letters, digits and single hyphens, and begin with a letter`,
  );
};

const urlOf = (env: Variables, name: string): string => required(name, urlVariable(env, name));

/** A channel that nobody knows is a slip of the pen, and would be missed only when its first message does not come. */
const channelsOf = (env: Variables, known: ReadonlySet<string>): ReadonlySet<string> | undefined => {
  const names = listVariable(env, 'FENGHUO_CHANNELS');
  if (names.some((name) => !known.has(name)))
    throw new BadEnvironmentError('FENGHUO_CHANNELS', `must be a comma list of ${[...known].join(', ')}`);
  return names.length === 0 ? undefined : new Set(names);
};

const optional = (env: Variables, known: ReadonlySet<string>) => {
  const fcEndpoint = urlVariable(env, 'FENGHUO_FC_ENDPOINT');
  const channels = channelsOf(env, known);
  const fallbackCredentials = cloudCredentials(env);
  return {
    ...(fcEndpoint === undefined ? {} : { fcEndpoint }),
    ...(channels === undefined ? {} : { channels }),
    ...(fallbackCredentials === undefined ? {} : { fallbackCredentials }),
  };
};

/** Reads every variable of a deployed function; throws BadEnvironmentError that names the first missing or bad one. */
export const readCloudEnvironment = (env: Variables, knownChannels: ReadonlySet<string>): CloudEnvironment => ({
  namePrefix: prefixOf(env),
  smqEndpoint: urlOf(env, 'FENGHUO_SMQ_ENDPOINT'),
  tablestoreEndpoint: urlOf(env, 'FENGHUO_TABLESTORE_ENDPOINT'),
  tablestoreInstance: required('FENGHUO_TABLESTORE_INSTANCE', textVariable(env, 'FENGHUO_TABLESTORE_INSTANCE')),
  ...optional(env, knownChannels),
  ...readFunctionEnvironment(env),
  settingsEnv: settingsVariables(env),
});
