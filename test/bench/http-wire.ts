const END_OF_HEAD = Buffer.from('\r\n\r\n');
const LINE_END_LENGTH = 2;
const EMPTY = Buffer.alloc(0);

/** Is called once for each complete HTTP/1.1 message; the body is a view that is valid during the call only. */
export type OnMessage = (head: string, body: Buffer) => void;

interface Body {
  body: Buffer;
  /** Where the next message begins. */
  end: number;
}

/** Value of a header in a message head, or undefined; the name is matched in any case. */
export const headerOf = (head: string, name: string): string | undefined => {
  const at = head.toLowerCase().indexOf(`\r\n${name.toLowerCase()}:`);
  if (at === -1) return undefined;
  const start = at + name.length + 3;
  const end = head.indexOf('\r\n', start);
  return head.slice(start, end === -1 ? head.length : end).trim();
};

const readChunks = (data: Buffer, from: number): Body | undefined => {
  const parts: Buffer[] = [];
  let at = from;
  for (;;) {
    const lineEnd = data.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(data.toString('latin1', at, lineEnd), 16);
    const start = lineEnd + LINE_END_LENGTH;
    if (data.length < start + size + LINE_END_LENGTH) return undefined;
    if (size === 0) return { body: Buffer.concat(parts), end: start + LINE_END_LENGTH };
    parts.push(data.subarray(start, start + size));
    at = start + size + LINE_END_LENGTH;
  }
};

const readBody = (head: string, data: Buffer, from: number): Body | undefined => {
  if (headerOf(head, 'transfer-encoding')?.toLowerCase() === 'chunked') return readChunks(data, from);
  const end = from + Number(headerOf(head, 'content-length') ?? 0);
  return data.length < end ? undefined : { body: data.subarray(from, end), end };
};

const readMessage = (data: Buffer): (Body & { head: string }) | undefined => {
  const headEnd = data.indexOf(END_OF_HEAD);
  if (headEnd === -1) return undefined;
  const head = data.toString('latin1', 0, headEnd);
  const message = readBody(head, data, headEnd + END_OF_HEAD.length);
  return message && { ...message, head };
};

/**
 * Takes the bytes of one keep-alive connection as they come and tells each complete message. Understands Content-Length and
 * chunked bodies, which is all that the two ends of a benchmark need, at a small part of the cost of node:http.
 */
export const createWireReader = (onMessage: OnMessage): ((chunk: Buffer) => void) => {
  let pending: Buffer = EMPTY;
  return (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (let message = readMessage(pending); message !== undefined; message = readMessage(pending)) {
      pending = message.end === pending.length ? EMPTY : pending.subarray(message.end);
      onMessage(message.head, message.body);
    }
  };
};

/** Status code in the head of a response; NaN when the head is none. */
export const statusOf = (head: string): number => Number(head.slice(9, 12));

/** Path in the head of a request. */
export const pathOf = (head: string): string =>
  head.slice(head.indexOf(' ') + 1, head.indexOf(' ', head.indexOf(' ') + 1));
