/** One call of an RPC-style OpenAPI of Alibaba Cloud, parameters in the form body. */
export interface OpenApiRequest {
  /** Host of the product, such as `dysmsapi.aliyuncs.com`; an operator may have put another endpoint in its place. */
  endpoint: string;
  action: string;
  version: string;
  params: Readonly<Record<string, string>>;
  /** The whole exchange ends after that long. */
  timeoutMs: number;
}

/** An answer of the service, whatever its HTTP status: a JSON object. The body decides what it means. */
export interface OpenApiResponse {
  status: number;
  body: Readonly<Record<string, unknown>>;
}

/** Who calls. The secret and the token must never be logged or shown. */
export interface OpenApiCredentials {
  accessKeyId: string;
  accessKeySecret: string;
  /** Of temporary credentials, as a function's role has them. */
  securityToken?: string;
}

/**
 * Why no answer came. `sent` says whether the provider may have seen the call: `no` when the connection was never made or there
 * are no credentials, `maybe` when it ended after sending began or the answer was not that of an OpenAPI. The message holds no
 * address, parameter or credential.
 */
export class OpenApiError extends Error {
  readonly code: string;
  readonly sent: 'no' | 'maybe';
  constructor(details: { code: string; sent: 'no' | 'maybe'; message: string }, options?: ErrorOptions) {
    super(details.message, options);
    this.name = 'OpenApiError';
    this.code = details.code;
    this.sent = details.sent;
  }

  /** True for the class of any bundle: the host throws its own copy into functions that carry theirs. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'OpenApiError' && 'sent' in value;
  }
}

/** Calls once and never repeats by itself. An error answer of the provider is a response, not an error. Throws {@link OpenApiError}. */
export interface OpenApi {
  call(request: OpenApiRequest): Promise<OpenApiResponse>;
}
