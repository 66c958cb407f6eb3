import type { OpenApiCredentials } from '../ports/openapi.ts';
import type { FunctionContext } from './function-context.ts';
import type { LogLevel } from './json-logger.ts';

/** No credentials came with the invocation, and none are in the environment. */
class CredentialsMissingError extends Error {
  readonly code = 'credentials-missing';
  constructor() {
    super(
      'The invocation brought no credentials. Give the function a role, or set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET.',
    );
    this.name = 'CredentialsMissingError';
  }
}

const credentialsOf = ({ credentials = {} }: FunctionContext): OpenApiCredentials | undefined => {
  const { accessKeyId = '', accessKeySecret = '', securityToken = '' } = credentials;
  if (accessKeyId === '' || accessKeySecret === '') return undefined;
  return { accessKeyId, accessKeySecret, ...(securityToken === '' ? {} : { securityToken }) };
};

/**
 * The invocation that a warm instance is at work on. Clients outlive an invocation, its credentials do not: each client asks here
 * before each of its calls. An instance of a built-in runtime handles one invocation at a time.
 */
export class CurrentCall {
  readonly #fallback: OpenApiCredentials | undefined;
  #context: FunctionContext = {};

  /** `fallback` stands in when an invocation brings no credentials. */
  constructor(fallback: OpenApiCredentials | undefined) {
    this.#fallback = fallback;
  }

  begin(context: FunctionContext): void {
    this.#context = context;
  }

  /** Id of the cloud account; undefined when the invocation does not name it. */
  get accountId(): string | undefined {
    return this.#context.accountId;
  }

  /** Those of the invocation under way. Rejects with CredentialsMissingError when there are none. */
  async credentials(): Promise<OpenApiCredentials> {
    const credentials = credentialsOf(this.#context) ?? this.#fallback;
    if (credentials === undefined) throw new CredentialsMissingError();
    return credentials;
  }

  /** Writes one line to the log of the invocation, or to standard error when the platform gives no logger. */
  write(line: string, level: LogLevel): void {
    const { logger } = this.#context;
    if (logger === undefined) process.stderr.write(line);
    else logger[level](line.trimEnd());
  }
}
