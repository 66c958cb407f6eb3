/** Temporary credentials of a function's role, as the platform hands them over. Must never be logged or shown. */
interface ContextCredentials {
  accessKeyId?: string;
  accessKeySecret?: string;
  securityToken?: string;
}

/** The logger of the platform: it puts the request id and the level before each line. */
interface ContextLogger {
  debug(line: string): void;
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** The part of Function Compute's context that we use; every field may be missing in an older runtime. */
export interface FunctionContext {
  requestId?: string;
  credentials?: ContextCredentials;
  accountId?: string;
  /** The timeout is in seconds. */
  function?: { name?: string; timeout?: number };
  logger?: ContextLogger;
}

/** A handler as Function Compute calls it: the event is always a Buffer. */
export type FunctionHandler<Result> = (event: Buffer, context: FunctionContext) => Promise<Result>;
