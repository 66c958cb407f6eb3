import type { OpenApiCredentials } from '../ports/openapi.ts';
import {
  BadEnvironmentError,
  cloudCredentials,
  type FunctionEnvironment,
  readFunctionEnvironment,
  textVariable,
  type Variables,
} from '../runtime/environment.ts';

/** What the one-machine mode reads from its environment. Its secret key is absent when the data directory keeps one. */
export interface HostEnvironment extends FunctionEnvironment {
  port: number;
  host: string;
  dataDir: string;
  settingsFile?: string;
  sandbox: boolean;
  /** Of the cloud account; must never be logged or shown. */
  cloudCredentials?: OpenApiCredentials;
}

/** Where the data are unless the environment says otherwise; the command line looks there too. */
export const DEFAULT_DATA_DIR = './.fenghuo';

const MAX_PORT = 65_535;

const portOf = (env: Variables): number => {
  const port = Number(textVariable(env, 'FENGHUO_PORT') ?? '8787');
  if (!Number.isInteger(port) || port < 0 || port > MAX_PORT)
    throw new BadEnvironmentError(
      'FENGHUO_PORT',
      `must be a whole number from 0 to ${MAX_PORT}; 0 takes any free port`,
    );
  return port;
};

const sandboxOf = (env: Variables): boolean => {
  const value = (textVariable(env, 'FENGHUO_SANDBOX') ?? 'on').toLowerCase();
  if (value !== 'on' && value !== 'off') throw new BadEnvironmentError('FENGHUO_SANDBOX', 'must be on or off');
  return value === 'on';
};

/** Reads every variable of the one-machine mode; throws BadEnvironmentError that names the first bad one. */
export const readEnvironment = (env: Variables): HostEnvironment => {
  const settingsFile = textVariable(env, 'FENGHUO_SETTINGS');
  const credentials = cloudCredentials(env);
  return {
    port: portOf(env),
    host: textVariable(env, 'FENGHUO_HOST') ?? '127.0.0.1',
    dataDir: textVariable(env, 'FENGHUO_DATA_DIR') ?? DEFAULT_DATA_DIR,
    ...(settingsFile === undefined ? {} : { settingsFile }),
    sandbox: sandboxOf(env),
    ...(credentials === undefined ? {} : { cloudCredentials: credentials }),
    ...readFunctionEnvironment(env),
  };
};
