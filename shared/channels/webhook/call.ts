import type { Target, WebhookOptions } from '../../domain/target.ts';
import type { HttpRequest } from '../../ports/http-client.ts';
import type { Notice } from '../channel.ts';
import { callbackForm } from './callback-form.ts';
import { cloudEventBody } from './cloud-event.ts';
import { type Sent, writeFitting } from './shortened.ts';
import { standardBody } from './standard-body.ts';

/** Receivers may count on no more. Source: standard-webhooks.com, 1.0.0, payload size. */
const MAX_BODY_BYTES = 20_000;
/** Servers take a request line of 8 KB by default, such as nginx and Apache; an address of its own needs room as well. */
const MAX_URL_CHARS = 7_500;

/** One call but for what belongs to a single attempt: its time and its signature. */
export interface Call extends Pick<HttpRequest, 'method' | 'url'> {
  /** Absent for GET; then the signature is over nothing. */
  content?: { type: string; body: string };
  /** Headers that the settings add. */
  custom?: HttpRequest['headers'];
}

interface Format {
  contentType: string;
  write(notice: Notice, sent: Sent): string;
}

const STANDARD: Format = { contentType: 'application/json; charset=utf-8', write: standardBody };

const FORMATS: Readonly<Record<WebhookOptions['format'], Format>> = {
  standard: STANDARD,
  cloudevents: { contentType: 'application/cloudevents+json; charset=utf-8', write: cloudEventBody },
  form: { contentType: 'application/x-www-form-urlencoded; charset=utf-8', write: callbackForm },
};

/** A UTF-16 unit is at most three bytes, so most bodies need not be counted. */
const fitsBody = (body: string): boolean =>
  body.length * 3 <= MAX_BODY_BYTES || Buffer.byteLength(body) <= MAX_BODY_BYTES;

const NAME = /^[\w!#$%&'*+.^`|~-]{1,100}$/;
const VALUE = /^[\t\x20-\x7e]{0,2000}$/;
/** Headers of the connection, and those that say who signed what. */
const RESERVED =
  /^(?:host|connection|content-length|transfer-encoding|keep-alive|upgrade|te|trailer|expect|proxy-.*|webhook-.*)$/;

/** Headers that the settings add; one with a line end, or with a name that is reserved, is left out. */
const customHeaders = (headers: WebhookOptions['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      // In lower case no spelling of a name can stand beside ours.
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name, value]) => NAME.test(name) && VALUE.test(value) && !RESERVED.test(name)),
  );

/** The address with what it had and the message behind it; the address alone when it is no URL, which the client then says. */
const withQuery = (address: string, query: string): string => {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  url.search = url.search === '' ? query : `${url.search}&${query}`;
  url.hash = '';
  return url.href;
};

const getUrlOf = (notice: Notice, address: string, format: WebhookOptions['format']): string =>
  writeFitting(
    notice.digest,
    (sent) => {
      const text = FORMATS[format].write(notice, sent);
      return withQuery(address, format === 'form' ? text : new URLSearchParams({ data: text }).toString());
    },
    (text) => text.length <= MAX_URL_CHARS,
  );

const contentOf = (notice: Notice, { contentType, write }: Format): NonNullable<Call['content']> => ({
  type: contentType,
  body: writeFitting(notice.digest, (sent) => write(notice, sent), fitsBody),
});

/**
 * How a target wants to be called: POST with a body of at most 20,000 bytes, or GET with the form's fields, or with the JSON as `data`, in
 * the query of a URL of about 7,500 characters. What does not fit is left out, counted in `leftOut`.
 */
export const callOf = (notice: Notice, { address, webhook }: Target): Call => {
  if (webhook === undefined) return { method: 'POST', url: address, content: contentOf(notice, STANDARD) };
  const { method, format, headers } = webhook;
  const custom = customHeaders(headers);
  return method === 'GET'
    ? { method, url: getUrlOf(notice, address, format), custom }
    : { method, url: address, content: contentOf(notice, FORMATS[format]), custom };
};
