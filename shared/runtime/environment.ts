import { readSecretKey } from '../adapters/crypto/secret-key.ts';
import type { OpenApiCredentials } from '../ports/openapi.ts';
import { LOG_LEVELS, type LogLevel } from './json-logger.ts';

/** An environment variable is missing, or has a value that cannot be used. The message names it and never holds its value. */
export class BadEnvironmentError extends Error {
  readonly code = 'bad-environment';
  constructor(name: string, expected: string, options?: ErrorOptions) {
    super(`${name}: ${expected}`, options);
    this.name = 'BadEnvironmentError';
  }

  /** True for the class of any bundle: the parts of a function carry their own copies. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && 'code' in value && value.code === 'bad-environment';
  }
}

/** The environment of a process. */
export type Variables = Readonly<Record<string, string | undefined>>;

const MIN_TOKEN_CHARS = 8;

/** The value without blanks around it; undefined when nothing is left. */
export const textVariable = (env: Variables, name: string): string | undefined => {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
};

/** The entries of a comma list, without blanks and empty ones. */
export const listVariable = (env: Variables, name: string): string[] =>
  (textVariable(env, name) ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/** An http or https URL. Throws {@link BadEnvironmentError} for anything else. */
export const urlVariable = (env: Variables, name: string): string | undefined => {
  const url = textVariable(env, name);
  if (url !== undefined && !(URL.canParse(url) && /^https?:/.test(url)))
    throw new BadEnvironmentError(name, 'must be an http or https URL');
  return url;
};

const tokenOf = (env: Variables): string | undefined => {
  const token = textVariable(env, 'FENGHUO_TOKEN');
  if (token !== undefined && (token.length < MIN_TOKEN_CHARS || !/^[\w.~+/=-]+$/.test(token)))
    throw new BadEnvironmentError(
      'FENGHUO_TOKEN',
      `must have at least ${MIN_TOKEN_CHARS} characters, only letters, digits and -._~+/=`,
    );
  return token;
};

const keyOf = (name: string, text: string): Buffer => {
  const key = readSecretKey(text);
  if (key === undefined)
    throw new BadEnvironmentError(name, 'must be 32 bytes in Base64, such as "openssl rand -base64 32" prints');
  return key;
};

const secretKeyOf = (env: Variables): { secretKey?: Buffer } => {
  const text = textVariable(env, 'FENGHUO_SECRET_KEY');
  return text === undefined ? {} : { secretKey: keyOf('FENGHUO_SECRET_KEY', text) };
};

const PREVIOUS = 'FENGHUO_SECRET_KEY_PREVIOUS';

const logLevelOf = (env: Variables): LogLevel => {
  const given = textVariable(env, 'FENGHUO_LOG') ?? 'warn';
  const level = LOG_LEVELS.find((known) => known === given);
  if (level === undefined) throw new BadEnvironmentError('FENGHUO_LOG', `must be one of ${LOG_LEVELS.join(', ')}`);
  return level;
};

/** Credentials of the cloud account; undefined unless both id and secret are there. */
export const cloudCredentials = (env: Variables): OpenApiCredentials | undefined => {
  const accessKeyId = textVariable(env, 'ALIBABA_CLOUD_ACCESS_KEY_ID');
  const accessKeySecret = textVariable(env, 'ALIBABA_CLOUD_ACCESS_KEY_SECRET');
  const securityToken = textVariable(env, 'ALIBABA_CLOUD_SECURITY_TOKEN');
  if (accessKeyId === undefined || accessKeySecret === undefined) return undefined;
  return { accessKeyId, accessKeySecret, ...(securityToken === undefined ? {} : { securityToken }) };
};

/** What functions read from their environment wherever they run. */
export interface FunctionEnvironment {
  token?: string;
  webhookAllow: readonly string[];
  /** By which readers of messages reach the console, without a slash at the end; absent when nobody said. */
  consoleUrl?: string;
  /** Called in place of the OpenAPI endpoints of the cloud. */
  openApiEndpoint?: string;
  /** Seals the secrets of the settings. Must never be logged or shown. */
  secretKey?: Buffer;
  /** Keys that still open what was sealed under them. */
  previousSecretKeys: readonly Buffer[];
  /** The least severe lines that are written. */
  logLevel: LogLevel;
}

/** Reads what is the same on one machine and in the cloud; throws {@link BadEnvironmentError} that names the first bad variable. */
export const readFunctionEnvironment = (env: Variables): FunctionEnvironment => {
  const token = tokenOf(env);
  const consoleUrl = urlVariable(env, 'FENGHUO_CONSOLE_URL')?.replace(/\/+$/, '');
  const openApiEndpoint = urlVariable(env, 'FENGHUO_OPENAPI_ENDPOINT');
  return {
    ...(token === undefined ? {} : { token }),
    webhookAllow: listVariable(env, 'FENGHUO_WEBHOOK_ALLOW'),
    ...(consoleUrl === undefined ? {} : { consoleUrl }),
    ...(openApiEndpoint === undefined ? {} : { openApiEndpoint }),
    ...secretKeyOf(env),
    previousSecretKeys: listVariable(env, PREVIOUS).map((text) => keyOf(PREVIOUS, text)),
    logLevel: logLevelOf(env),
  };
};

const CLOUD_OR_OWN = /^(?:ALIBABA_CLOUD_|FC_|FENGHUO_)/;

/** What a settings file may take from the environment: everything but our own and the cloud's credentials. */
export const settingsVariables = (env: Variables): Record<string, string> => {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && !CLOUD_OR_OWN.test(name)) variables[name] = value;
  return variables;
};
