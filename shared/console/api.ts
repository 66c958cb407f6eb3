/** One HTTP call, freed from the envelope it came in. */
export interface ApiRequest {
  /** Upper case. */
  method: string;
  /** Still percent-encoded, without the query. */
  path: string;
  query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** What the caller gets. */
export interface ApiReply {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** One place of a request that is wrong, and how. */
export interface ApiDetail {
  path: string;
  message: string;
}

/** What an {@link ApiError} tells besides its message. */
export interface ApiErrorDetails {
  status: number;
  code: string;
  message: string;
  details?: readonly ApiDetail[];
  headers?: Readonly<Record<string, string>>;
}

/** A refusal that the caller may read; its message never holds a secret. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: readonly ApiDetail[];
  readonly headers: Readonly<Record<string, string>>;
  constructor(refusal: ApiErrorDetails, options?: ErrorOptions) {
    super(refusal.message, options);
    this.name = 'ApiError';
    this.code = refusal.code;
    this.status = refusal.status;
    this.details = refusal.details ?? [];
    this.headers = refusal.headers ?? {};
  }

  /** True for the class of any bundle: what a call needs later lies in files of its own, which carry their own copies. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'ApiError' && 'status' in value && 'details' in value;
  }
}

const SAFE_HEADERS = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' };

/** An answer in JSON. */
export const json = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): ApiReply => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...SAFE_HEADERS, ...headers },
  body: JSON.stringify(value),
});

/** An answer of another type. */
export const text = (status: number, contentType: string, body: string): ApiReply => ({
  status,
  headers: { 'content-type': contentType, ...SAFE_HEADERS },
  body,
});

/** The answer to a refused call, in the one form that all errors have. */
export const errorReply = (error: ApiError): ApiReply =>
  json(error.status, { error: { code: error.code, message: error.message, details: error.details } }, error.headers);
