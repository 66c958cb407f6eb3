import type { IncomingMessage } from 'node:http';
import { maxBodyBytes } from '../runtime/http-event.ts';

/** The whole body, or the reason why there is none: above the limit, or the caller went away. */
export type BodyResult = { kind: 'body'; body: Buffer } | { kind: 'too-large' } | { kind: 'gone' };

const TOO_LARGE: BodyResult = { kind: 'too-large' };
const EMPTY: BodyResult = { kind: 'body', body: Buffer.alloc(0) };

const limitOf = (request: IncomingMessage): number => maxBodyBytes((request.url ?? '/').split('?', 1)[0] ?? '/');

/** Whether the caller announces more than the limit of its path. */
export const announcesTooMuch = (request: IncomingMessage): boolean =>
  Number(request.headers['content-length'] ?? 0) > limitOf(request);

const whole = (chunks: readonly Buffer[]): Buffer => {
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
};

/** Reads the body up to the limit; what is above is refused as soon as it is announced or seen. */
export const readBody = (request: IncomingMessage): Promise<BodyResult> => {
  if (announcesTooMuch(request)) return Promise.resolve(TOO_LARGE);
  const hasBody = request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined;
  if (!hasBody) return Promise.resolve(EMPTY);
  const limit = limitOf(request);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limit) resolve(TOO_LARGE);
      else chunks.push(chunk);
    });
    const gone = (): void => resolve({ kind: 'gone' });
    request.on('end', () => {
      request.off('close', gone);
      resolve({ kind: 'body', body: whole(chunks) });
    });
    request.on('error', gone);
    request.on('close', gone);
  });
};
