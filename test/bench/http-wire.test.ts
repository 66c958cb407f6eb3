import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createWireReader, headerOf, pathOf, statusOf } from './http-wire.ts';

const withLength = (body: string): string =>
  `HTTP/1.1 202 Accepted\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const inChunks = (body: string, size: number): string => {
  const bytes = Buffer.from(body);
  let text = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size);
    text += `${part.length.toString(16)}\r\n${part.toString('latin1')}\r\n`;
  }
  return `${text}0\r\n\r\n`;
};

const readAll = (bytes: Buffer, cuts: readonly number[]): string[] => {
  const bodies: string[] = [];
  const read = createWireReader((_, body) => bodies.push(body.toString('utf8')));
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  for (const [index, start] of [0, ...places].entries()) read(bytes.subarray(start, places[index] ?? bytes.length));
  return bodies;
};

describe('wire reader', () => {
  test('reads the same messages however the bytes are cut', () => {
    const bodies = fc.array(fc.string({ unit: 'binary', maxLength: 60 }), { maxLength: 6 });
    fc.assert(
      fc.property(bodies, fc.array(fc.nat(2_000), { maxLength: 12 }), (texts, cuts) => {
        const wire = Buffer.concat(texts.map((text) => Buffer.from(withLength(text))));
        expect(readAll(wire, cuts)).toEqual(texts.map((text) => Buffer.from(text).toString('utf8')));
      }),
    );
  });

  test('reads chunked bodies', () => {
    const ascii = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(ascii, fc.integer({ min: 1, max: 20 }), fc.array(fc.nat(500)), (text, size, cuts) => {
        expect(readAll(Buffer.from(inChunks(text, size) + withLength('next')), cuts)).toEqual([text, 'next']);
      }),
    );
  });

  test('tells nothing before a message is complete', () => {
    expect(readAll(Buffer.from(withLength('abc').slice(0, -1)), [])).toEqual([]);
  });
});

test('reads status, path and headers in any case', () => {
  expect(statusOf('HTTP/1.1 503 Service Unavailable')).toBe(503);
  expect(pathOf('POST /hook/7?x=1 HTTP/1.1\r\nHost: a')).toBe('/hook/7?x=1');
  expect(headerOf('POST / HTTP/1.1\r\nWebhook-Id: dlv_1\r\nA: b', 'webhook-id')).toBe('dlv_1');
  expect(headerOf('POST / HTTP/1.1\r\nX-Webhook-Id: no', 'webhook-id')).toBeUndefined();
});
