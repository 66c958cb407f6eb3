import { readSecretKey } from '../adapters/crypto/secret-key.ts';
import type { OpenApiCredentials } from '../ports/openapi.ts';

/** An environment variable has a value that cannot be used. */
export class BadEnvironmentError extends Error {
  readonly code = 'bad-environment';
  constructor(name: string, expected: string, options?: ErrorOptions) {
    super(`${name}: ${expected}`, options);
    this.name = 'BadEnvironmentError';
  }
}

/** What the one-machine mode reads from its environment. */
export interface HostEnvironment {
  port: number;
  host: string;
  dataDir: string;
  token?: string;
  settingsFile?: string;
  webhookAllow: readonly string[];
  sandbox: boolean;
  /** By which readers of messages reach this host, without a slash at the end; absent when its own address will do. */
  consoleUrl?: string;
  /** Called in place of the OpenAPI endpoints of the cloud. */
  openApiEndpoint?: string;
  /** Of the cloud account; must never be logged or shown. */
  cloudCredentials?: OpenApiCredentials;
  /** Seals the secrets of the settings; absent when the data directory keeps one. Must never be logged or shown. */
  secretKey?: Buffer;
  /** Keys that still open what was sealed under them. */
  previousSecretKeys: readonly Buffer[];
  logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** The environment of a process. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Where the data are unless the environment says otherwise; the command line looks there too. */
export const DEFAULT_DATA_DIR = './.fenghuo';

const MAX_PORT = 65_535;
const MIN_TOKEN_CHARS = 8;
const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

const textOf = (env: Variables, name: string): string | undefined => {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
};

const portOf = (env: Variables): number => {
  const port = Number(textOf(env, 'FENGHUO_PORT') ?? '8787');
  if (!Number.isInteger(port) || port < 0 || port > MAX_PORT)
    throw new BadEnvironmentError(
      'FENGHUO_PORT',
      `must be a whole number from 0 to ${MAX_PORT}; 0 takes any free port`,
    );
  return port;
};

const tokenOf = (env: Variables): string | undefined => {
  const token = textOf(env, 'FENGHUO_TOKEN');
  if (token !== undefined && (token.length < MIN_TOKEN_CHARS || !/^[\w.~+/=-]+$/.test(token)))
    throw new BadEnvironmentError(
      'FENGHUO_TOKEN',
      `must have at least ${MIN_TOKEN_CHARS} characters, only letters, digits and -._~+/=`,
    );
  return token;
};

const sandboxOf = (env: Variables): boolean => {
  const value = (textOf(env, 'FENGHUO_SANDBOX') ?? 'on').toLowerCase();
  if (value !== 'on' && value !== 'off') throw new BadEnvironmentError('FENGHUO_SANDBOX', 'must be on or off');
  return value === 'on';
};

const keyOf = (name: string, text: string): Buffer => {
  const key = readSecretKey(text);
  if (key === undefined)
    throw new BadEnvironmentError(name, 'must be 32 bytes in Base64, such as "openssl rand -base64 32" prints');
  return key;
};

const secretKeyOf = (env: Variables): { secretKey?: Buffer } => {
  const text = textOf(env, 'FENGHUO_SECRET_KEY');
  return text === undefined ? {} : { secretKey: keyOf('FENGHUO_SECRET_KEY', text) };
};

const listOf = (env: Variables, name: string): string[] =>
  (textOf(env, name) ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

const PREVIOUS = 'FENGHUO_SECRET_KEY_PREVIOUS';

const urlOf = (env: Variables, name: string): string | undefined => {
  const url = textOf(env, name);
  if (url !== undefined && !(URL.canParse(url) && /^https?:/.test(url)))
    throw new BadEnvironmentError(name, 'must be an http or https URL');
  return url;
};

const consoleUrlOf = (env: Variables): { consoleUrl?: string } => {
  const url = urlOf(env, 'FENGHUO_CONSOLE_URL');
  return url === undefined ? {} : { consoleUrl: url.replace(/\/+$/, '') };
};

const credentialsOf = (env: Variables): OpenApiCredentials | undefined => {
  const accessKeyId = textOf(env, 'ALIBABA_CLOUD_ACCESS_KEY_ID');
  const accessKeySecret = textOf(env, 'ALIBABA_CLOUD_ACCESS_KEY_SECRET');
  const securityToken = textOf(env, 'ALIBABA_CLOUD_SECURITY_TOKEN');
  if (accessKeyId === undefined || accessKeySecret === undefined) return undefined;
  return { accessKeyId, accessKeySecret, ...(securityToken === undefined ? {} : { securityToken }) };
};

/** What the environment says about calls to OpenAPIs. */
const openApiOf = (env: Variables): Pick<HostEnvironment, 'openApiEndpoint' | 'cloudCredentials'> => {
  const openApiEndpoint = urlOf(env, 'FENGHUO_OPENAPI_ENDPOINT');
  const cloudCredentials = credentialsOf(env);
  return {
    ...(openApiEndpoint === undefined ? {} : { openApiEndpoint }),
    ...(cloudCredentials === undefined ? {} : { cloudCredentials }),
  };
};

const logLevelOf = (env: Variables): HostEnvironment['logLevel'] => {
  const given = textOf(env, 'FENGHUO_LOG') ?? 'warn';
  const level = LOG_LEVELS.find((known) => known === given);
  if (level === undefined) throw new BadEnvironmentError('FENGHUO_LOG', `must be one of ${LOG_LEVELS.join(', ')}`);
  return level;
};

/** Reads every variable of the one-machine mode; throws {@link BadEnvironmentError} that names the first bad one. */
export const readEnvironment = (env: Variables): HostEnvironment => {
  const token = tokenOf(env);
  const settingsFile = textOf(env, 'FENGHUO_SETTINGS');
  return {
    port: portOf(env),
    host: textOf(env, 'FENGHUO_HOST') ?? '127.0.0.1',
    dataDir: textOf(env, 'FENGHUO_DATA_DIR') ?? DEFAULT_DATA_DIR,
    ...(token === undefined ? {} : { token }),
    ...(settingsFile === undefined ? {} : { settingsFile }),
    webhookAllow: listOf(env, 'FENGHUO_WEBHOOK_ALLOW'),
    sandbox: sandboxOf(env),
    ...consoleUrlOf(env),
    ...openApiOf(env),
    ...secretKeyOf(env),
    previousSecretKeys: listOf(env, PREVIOUS).map((text) => keyOf(PREVIOUS, text)),
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
