/** One HTTP request to the sandbox; header names in lower case. */
export interface SandboxRequest {
  method: string;
  /** Without the query, such as `/sandbox/api/messages`. */
  path: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
  /** Address of the caller, for robots with an IP list; taken for the loopback address when absent. */
  remoteAddress?: string;
}

/** What the sandbox answers. */
export interface SandboxResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** A JSON answer. */
export const json = (status: number, value: unknown): SandboxResponse => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  body: JSON.stringify(value),
});

/** An error in the form of the console's API. */
export const failure = (status: number, code: string, message: string): SandboxResponse =>
  json(status, { error: { code, message, details: [] } });

/** The first value of a header, empty when it is absent. */
export const headerOf = (request: SandboxRequest, name: string): string => {
  const value = request.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
};

/** The body as JSON; undefined when it is none. */
export const bodyJson = (request: SandboxRequest): unknown => {
  try {
    return JSON.parse(request.body.toString('utf8'));
  } catch {
    return undefined;
  }
};
