/** One request to a provider. The URL may hold secrets and must never be logged. */
export interface HttpRequest {
  method: 'GET' | 'POST';
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** The whole exchange ends after that long. */
  timeoutMs: number;
}

/** What came back, whatever the status; header names in lower case; the body cut at 64 KB. */
export interface HttpResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/**
 * Why no answer came. `sent` says whether the provider may have seen the request: `no` when the connection was never made or the
 * address is forbidden, `maybe` when it ended after sending began.
 */
export class HttpError extends Error {
  readonly code: string;
  readonly sent: 'no' | 'maybe';
  constructor(details: { code: string; sent: 'no' | 'maybe'; message: string }, options?: ErrorOptions) {
    super(details.message, options);
    this.name = 'HttpError';
    this.code = details.code;
    this.sent = details.sent;
  }

  /** True for the class of any bundle: the host throws its own copy into functions that carry theirs. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'HttpError' && 'sent' in value;
  }
}

/** Sends without following redirects and only to addresses that the operator allows. Throws {@link HttpError}. */
export interface HttpClient {
  send(request: HttpRequest): Promise<HttpResponse>;
}
