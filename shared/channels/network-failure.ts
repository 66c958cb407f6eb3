import { CERTIFICATE_CODES } from '../domain/certificate-codes.ts';
import type { Cause } from '../domain/delivery.ts';
import type { Bilingual } from '../domain/event.ts';
import type { Outcome } from '../domain/outcome.ts';
import { HttpError } from '../ports/http-client.ts';
import { MailError } from '../ports/mail-transport.ts';
import { OpenApiError } from '../ports/openapi.ts';
import { explanationText } from './explanation-text.ts';

const RETRY_MS = 5_000;
const RETRY_ATTEMPTS = 10;
const AMBIGUOUS_RETRY_MS = 2_000;

interface Failure {
  cause: Cause;
  fix: Bilingual;
  /** Nothing gets better by itself. */
  permanent?: boolean;
  retryAfterMs?: number;
  maxAttempts?: number;
}

const CERTIFICATE: Failure = {
  cause: 'url',
  permanent: true,
  fix: {
    en: 'The TLS certificate of this address is not valid: renew it, or use one from a trusted authority for this very name.',
    zh: '该地址的 TLS 证书无效：请更新证书，或改用受信任机构为该域名签发的证书。',
  },
};

const BAD_URL: Failure = {
  cause: 'url',
  permanent: true,
  fix: {
    en: 'The address is not an http or https URL: paste it again.',
    zh: '地址不是有效的 http 或 https URL：请重新粘贴。',
  },
};

const FAILURES: Readonly<Record<string, Failure>> = {
  ESSRF: {
    cause: 'url',
    permanent: true,
    fix: {
      en: 'The address leads into a private network: use a public one, or let the operator of this system allow that network.',
      zh: '该地址指向内部网络：请使用公网地址，或请本系统的管理员放行该网络。',
    },
  },
  EURL: BAD_URL,
  ...Object.fromEntries(CERTIFICATE_CODES.map((code) => [code, CERTIFICATE])),
  ECONNREFUSED: {
    cause: 'network',
    fix: { en: 'Nothing listens at this address: start the receiver.', zh: '该地址没有服务在监听：请启动接收端。' },
  },
  ENOTFOUND: {
    cause: 'url',
    retryAfterMs: 30_000,
    maxAttempts: 3,
    fix: { en: 'The host name does not resolve: check its spelling.', zh: '域名无法解析：请检查拼写。' },
  },
};

const UNREACHED: Failure = {
  cause: 'network',
  fix: {
    en: 'No connection was made; it is tried up to ten times. Check the network and the firewall when this goes on.',
    zh: '未能建立连接，系统最多尝试十次；如持续出现，请检查网络和防火墙。',
  },
};

/**
 * How an attempt without an answer goes on. `same-id`: the provider knows a repetition by its id, so it is repeated. `once`: it knows
 * none, and a message that is there twice harms less than one that is missing. `never`: nobody may be called twice.
 */
export type Repetition = 'same-id' | 'once' | 'never';

const UNANSWERED: Readonly<Record<Repetition, Failure & { maxAttempts: number }>> = {
  'same-id': {
    cause: 'network',
    maxAttempts: 5,
    fix: {
      en: 'The connection ended without an answer, so the message may have arrived; it is tried up to five times, always under the same id. Check the network and the receiver when this goes on.',
      zh: '连接在收到应答前中断，消息可能已送达；系统用同一编号最多尝试五次。如持续出现，请检查网络和接收端。',
    },
  },
  once: {
    cause: 'network',
    maxAttempts: 2,
    fix: {
      en: 'The connection ended without an answer, so the message may have arrived; it is sent once more, and may then be there twice. Check the network when this goes on.',
      zh: '连接在收到应答前中断，消息可能已送达；系统会再发送一次，因此可能重复出现。如持续出现，请检查网络。',
    },
  },
  never: {
    cause: 'network',
    maxAttempts: 1,
    fix: {
      en: 'The connection ended without an answer, so it may have arrived; it is not repeated, because nobody should get it twice. Ask the recipient, and check the network when this goes on.',
      zh: '连接在收到应答前中断，可能已送达；为避免重复打扰，系统不再重发。请向接收人确认；如持续出现，请检查网络。',
    },
  },
};

type TransportError = HttpError | MailError | OpenApiError;

const isTransportError = (error: unknown): error is TransportError =>
  error instanceof HttpError || error instanceof MailError || error instanceof OpenApiError;

const codeOf = (error: unknown): string => (isTransportError(error) ? error.code : 'EUNKNOWN');

/**
 * What an exchange without an answer comes to: refused when nothing gets better by itself, `retry` when certainly nothing was
 * sent, else `ambiguous`, repeated as the channel asks for. `secrets` are kept out of the text.
 */
export const networkFailure = (
  error: unknown,
  secrets: readonly string[],
  repetition: Repetition = 'same-id',
): Outcome => {
  const code = codeOf(error);
  const unsent = isTransportError(error) && error.sent === 'no';
  const unanswered = UNANSWERED[repetition];
  const failure = unsent ? (FAILURES[code] ?? UNREACHED) : unanswered;
  const words = error instanceof Error ? error.message : 'no answer';
  const explanation = {
    code,
    cause: failure.cause,
    text: explanationText(words, secrets),
    fix: failure.fix,
  };
  if (failure.permanent) return { kind: 'refused', endpointDead: false, ...explanation };
  if (!unsent) {
    const { maxAttempts } = unanswered;
    return { kind: 'ambiguous', retryAfterMs: AMBIGUOUS_RETRY_MS, maxAttempts, ...explanation };
  }
  const { retryAfterMs = RETRY_MS, maxAttempts = RETRY_ATTEMPTS } = failure;
  return { kind: 'retry', retryAfterMs, maxAttempts, ...explanation };
};
