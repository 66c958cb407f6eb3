import type { Cause } from '../domain/delivery.ts';
import type { Bilingual } from '../domain/event.ts';

/** How one answer of an OpenAPI is read. */
export interface OpenApiRule {
  codes: readonly string[];
  /** Tested against the words of the service, where one code has several meanings. */
  match?: RegExp;
  verdict: 'throttled' | 'retry' | 'refused' | 'ambiguous';
  cause: Cause;
  retryAfterMs: number;
  maxAttempts: number;
  fix: Bilingual;
}

/** What of a rule is told apart. */
export type Given = Pick<OpenApiRule, 'codes' | 'fix'> & Partial<OpenApiRule>;

/** Permanent until somebody changes something. */
export const refused = (rule: Given & Pick<OpenApiRule, 'cause'>): OpenApiRule => ({
  verdict: 'refused',
  retryAfterMs: 0,
  maxAttempts: 1,
  ...rule,
});

/** Too fast: nothing goes to this number for `retryAfterMs`. */
export const throttled = (rule: Given & Pick<OpenApiRule, 'retryAfterMs'>): OpenApiRule => ({
  verdict: 'throttled',
  cause: 'rate',
  maxAttempts: 10,
  ...rule,
});

const RETRY_MS = 60_000;
/** The service answered that it failed, but it knows no idempotency: one more try and no other. */
const CAUTIOUS_ATTEMPTS = 2;

/** Answered as failed, and a later attempt can succeed. */
export const retry = (rule: Given): OpenApiRule => ({
  verdict: 'retry',
  cause: 'other',
  retryAfterMs: RETRY_MS,
  maxAttempts: CAUTIOUS_ATTEMPTS,
  ...rule,
});

/** Nobody knows whether it was done; it is not repeated. */
const ambiguous = (rule: Given): OpenApiRule => ({
  verdict: 'ambiguous',
  cause: 'other',
  retryAfterMs: 0,
  maxAttempts: 1,
  ...rule,
});

const MINUTE_MS = 60_000;

/** What the gateway in front of every service answers. Source: help.aliyun.com/document_detail/101346.html; those after the fifth are of the gateway's general list and were not seen. */
export const GATEWAY_RULES: readonly OpenApiRule[] = [
  refused({
    codes: ['SignatureDoesNotMatch'],
    cause: 'signature',
    fix: {
      en: 'The signature does not match: the AccessKey secret belongs to another AccessKey ID, or a proxy changes the request. Enter both again.',
      zh: '签名不匹配：AccessKey Secret 与 AccessKey ID 不对应，或代理改动了请求。请重新填写两者。',
    },
  }),
  retry({
    codes: ['InvalidTimeStamp.Expired', 'InvalidTimeStamp.Format'],
    cause: 'signature',
    fix: {
      en: 'The clock of this machine is more than 15 minutes away from the service: correct it.',
      zh: '本机时钟与服务端相差超过 15 分钟：请校准时钟。',
    },
  }),
  retry({
    codes: ['SignatureNonceUsed'],
    cause: 'signature',
    fix: {
      en: 'The service saw this very request before: look for a proxy that repeats requests. The next attempt has a new nonce.',
      zh: '服务端已收到过同一请求：请检查是否有代理重复发送；下一次尝试会使用新的随机数。',
    },
  }),
  refused({
    codes: ['InvalidVersion', 'InvalidVersion.NotFound'],
    cause: 'format',
    fix: {
      en: 'The service does not know this version of the interface: check that the endpoint belongs to this product.',
      zh: '服务端不支持该接口版本：请确认接入地址属于该产品。',
    },
  }),
  refused({
    codes: ['InvalidAction.NotFound', 'InvalidAction'],
    cause: 'format',
    fix: {
      en: 'The endpoint does not offer this action: check that it belongs to this product and region.',
      zh: '该接入地址没有此接口：请确认其所属的产品和地域。',
    },
  }),
  refused({
    codes: ['InvalidAccessKeyId.NotFound', 'InvalidAccessKeyId.Inactive', 'InvalidAccessKeyId'],
    cause: 'auth',
    fix: {
      en: 'The AccessKey does not exist or is disabled: enable it or set another one.',
      zh: 'AccessKey 不存在或已禁用：请启用或更换。',
    },
  }),
  refused({
    codes: ['InvalidSecurityToken.Expired', 'InvalidSecurityToken.Malformed', 'InvalidSecurityToken'],
    cause: 'auth',
    fix: {
      en: 'The temporary credentials are no longer valid: set new ones; on Function Compute check the role of the function.',
      zh: '临时凭证已失效：请更换；在函数计算中请检查函数角色。',
    },
  }),
  refused({
    codes: ['NoPermission', 'Forbidden.RAM', 'Forbidden'],
    cause: 'auth',
    fix: {
      en: 'The account that calls may not do this: grant its RAM user or role the permission for this action.',
      zh: '调用方没有权限：请为其 RAM 用户或角色授予该接口的权限。',
    },
  }),
  throttled({
    codes: ['Throttling', 'Throttling.User', 'Throttling.Api'],
    retryAfterMs: MINUTE_MS,
    fix: {
      en: 'The account calls this interface too often: sending pauses for a minute.',
      zh: '账号调用该接口过于频繁：暂停发送一分钟。',
    },
  }),
];

/** A code that is not listed: a failure all the same, worth one more try. */
export const UNKNOWN: OpenApiRule = retry({
  codes: [],
  fix: {
    en: 'The service answered with a code that is not known here: look it up in its documentation.',
    zh: '服务返回了未知的错误码：请查阅其官方文档。',
  },
});

/** An answer that does not say whether the work was done. */
export const NOBODY_KNOWS: OpenApiRule = ambiguous({
  codes: [],
  fix: {
    en: 'Nobody knows whether it went out, so it is not repeated: look it up in the sending records of the console by the number and the time.',
    zh: '无法确定是否已发出，因此不会重发：请在控制台的发送记录中按号码和时间查询。',
  },
});

/** Somebody between here and the service refused the request. */
export const NOT_THE_SERVICE: OpenApiRule = refused({
  codes: [],
  cause: 'url',
  fix: {
    en: 'The answer did not come from the service: check the endpoint (FENGHUO_OPENAPI_ENDPOINT) and proxies on the way.',
    zh: '应答不是来自该服务：请检查接入地址（FENGHUO_OPENAPI_ENDPOINT）以及中间的代理。',
  },
});
