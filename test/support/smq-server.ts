import { createHash, createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../shared/ports/clock.ts';
import { type KeyLookup, onlyKey } from './protocol-keys.ts';
import { SmqCounts } from './smq-counts.ts';

/** What the server answers in place of its own answer, or does to the connection; `slowMs` only holds the answer back. */
export type SmqFault =
  | { status: number; code: string }
  | { slowMs: number }
  | 'reset'
  | 'silence'
  | 'taken-then-reset'
  | 'half-taken';

interface SmqServerOptions {
  queues: readonly string[];
  visibilityMs: number;
  /** Who may call; {@link SMQ_CREDENTIALS} when left out. */
  keyOf?: KeyLookup;
  /** The fault of the next call when `faults` names none. */
  nextFault?: () => SmqFault | undefined;
}

interface Stored {
  id: string;
  body: string;
  receipt: string;
  visibleAtMs: number;
  dequeued: number;
  firstAtMs: number;
  enqueuedAtMs: number;
}

/** Who may call. */
export const SMQ_CREDENTIALS = {
  accessKeyId: 'smq-key-id',
  accessKeySecret: 'smq-key-secret',
  securityToken: 'smq-token',
};

const MAX_BATCH = 16;
const MAX_BYTES = 65_536;
const MAX_SKEW_MS = 15 * 60_000;
const MAX_DELAY_SECONDS = 604_800;
const NAMESPACE = 'xmlns="http://mns.aliyuncs.com/doc/v1/"';
/** How often a long poll looks again. */
const LOOK_MS = 15;

class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

const inside = (xml: string, tag: string): string[] =>
  [...xml.matchAll(new RegExp(`<${tag}(?: [^>]*)?>([^]*?)</${tag}>`, 'g'))].map(([, text]) => text!);

const md5 = (body: string): string => createHash('md5').update(body).digest('hex').toUpperCase();

const readAll = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

/**
 * A server that speaks the HTTP protocol of SMQ as its documents describe it: signature and date checked, batches of 16 and 64 KB,
 * whole seconds, receipts that go stale, verdicts for each message of a batch. Time is that of the given clock.
 */
export class SmqServer {
  /** Faults for the next calls, in their order; `undefined` lets one pass. */
  readonly faults: (SmqFault | undefined)[] = [];
  /** Every call as method, path and queue. */
  readonly calls: string[] = [];
  /** What the bill counts. */
  readonly counts = new SmqCounts();
  readonly #queues = new Map<string, Stored[]>();
  readonly #clock: Clock;
  readonly #options: SmqServerOptions;
  readonly #server: Server;
  #closed = false;

  constructor(clock: Clock, options: SmqServerOptions) {
    this.#clock = clock;
    this.#options = options;
    for (const name of options.queues) this.createQueue(name);
    this.#server = createServer((request, response) => void this.#take(request, response));
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => void this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address!.port : 0}`;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Makes a queue, unless it is there. */
  createQueue(name: string): void {
    if (!this.#queues.has(name)) this.#queues.set(name, []);
  }

  /** Messages in each queue: how many can be seen or are handed over, and when the next of the others can be seen. */
  state(): { queue: string; now: number; later: number; nextAtMs: number | undefined }[] {
    const nowMs = this.#clock.nowMs();
    return [...this.#queues].map(([queue, stored]) => {
      const later = stored.filter(({ visibleAtMs, receipt }) => receipt === '' && visibleAtMs > nowMs);
      const nextAtMs = later.length === 0 ? undefined : Math.min(...later.map(({ visibleAtMs }) => visibleAtMs));
      return { queue, now: stored.length - later.length, later: later.length, nextAtMs };
    });
  }

  /** Bodies that a queue holds, decoded, whether they can be seen now or not. */
  bodies(queue: string): string[] {
    return this.#queues.get(queue)!.map(({ body }) => Buffer.from(body, 'base64').toString());
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readAll(request);
    this.calls.push(`${request.method} ${request.url}`);
    const fault = this.faults.shift() ?? this.#options.nextFault?.();
    if (fault === 'reset') return void request.socket.destroy();
    if (fault === 'silence') return;
    try {
      if (typeof fault === 'object' && 'status' in fault) throw new Refusal(fault.status, fault.code);
      if (typeof fault === 'object') await wait(fault.slowMs);
      this.#authorise(request);
      await this.#untilVisible(request);
      const xml = this.#answer(request, text, fault === 'half-taken');
      if (fault === 'taken-then-reset') return void request.socket.destroy();
      response.writeHead(xml.status, { 'content-type': 'text/xml' }).end(xml.body);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.counts.refused(request, error.code);
      this.#refuse(response, error);
    }
  }

  /** A long poll waits until a message can be seen, or for as long as it asked. */
  async #untilVisible({ method, url }: IncomingMessage): Promise<void> {
    const { pathname, searchParams } = new URL(url!, 'http://smq');
    const looks = method === 'GET' ? (Number(searchParams.get('waitseconds') ?? 0) * 1_000) / LOOK_MS : 0;
    const queue = this.#queues.get(pathname.split('/')[2] ?? '') ?? [];
    for (let look = 0; look < looks && !this.#closed; look += 1) {
      if (queue.some(({ visibleAtMs }) => visibleAtMs <= this.#clock.nowMs())) return;
      await wait(LOOK_MS);
    }
  }

  #refuse(response: ServerResponse, { status, code }: Refusal): void {
    const body = `<?xml version="1.0"?><Error ${NAMESPACE}><Code>${code}</Code><Message>no &amp; never</Message><RequestId>r</RequestId><HostId>h</HostId></Error>`;
    response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
  }

  #authorise({ method, url, headers }: IncomingMessage): void {
    const date = String(headers.date);
    if (Math.abs(new Date(date).getTime() - this.#clock.nowMs()) > MAX_SKEW_MS)
      throw new Refusal(400, 'InvalidArgument');
    const own = Object.entries(headers)
      .filter(([name]) => name.startsWith('x-mns-'))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, value]) => `${name}:${String(value)}\n`);
    const text = [method, headers['content-md5'] ?? '', headers['content-type'] ?? '', date, own.join('') + url].join(
      '\n',
    );
    const [, accessKeyId = ''] = /^MNS ([^:]+):/.exec(String(headers.authorization)) ?? [];
    const { keyOf = onlyKey(SMQ_CREDENTIALS) } = this.#options;
    const key = keyOf(accessKeyId);
    const signature = createHmac('sha1', key?.accessKeySecret ?? '')
      .update(text)
      .digest('base64');
    if (key === undefined || headers.authorization !== `MNS ${accessKeyId}:${signature}`)
      throw new Refusal(403, 'SignatureDoesNotMatch');
    if (headers['security-token'] !== key.securityToken) throw new Refusal(403, 'InvalidSecurityToken');
    if (headers['x-mns-version'] !== '2015-06-06') throw new Refusal(400, 'InvalidArgument');
  }

  #answer(request: IncomingMessage, text: string, half: boolean): { status: number; body: string } {
    const url = new URL(request.url!, 'http://smq');
    const [, kind, name = '', rest] = url.pathname.split('/');
    const queue = this.#queues.get(name);
    if (kind !== 'queues' || rest !== 'messages' || queue === undefined) throw new Refusal(404, 'QueueNotExist');
    const query = new Map([...url.searchParams].map(([key, value]) => [key.toLowerCase(), value]));
    const answer = this.#act(queue, request, { text, query, half });
    this.counts.answered(name, request.method ?? '', inside(answer.body, 'MessageId').length);
    return answer;
  }

  #act(
    queue: Stored[],
    { method }: IncomingMessage,
    { text, query, half }: { text: string; query: ReadonlyMap<string, string>; half: boolean },
  ): { status: number; body: string } {
    if (method === 'POST') return this.#send(queue, text, half);
    if (method === 'GET') return this.#receive(queue, query);
    if (method === 'PUT') return this.#hide(queue, query);
    return this.#delete(queue, text);
  }

  #send(queue: Stored[], text: string, half: boolean): { status: number; body: string } {
    const messages = inside(text, 'Message').map((one) => ({
      body: inside(one, 'MessageBody')[0]!,
      delay: Number(inside(one, 'DelaySeconds')[0] ?? 0),
    }));
    if (messages.length === 0 || messages.length > MAX_BATCH) throw new Refusal(400, 'InvalidArgument');
    if (messages.reduce((sum, { body }) => sum + body.length, 0) > MAX_BYTES) throw new Refusal(400, 'MessageTooLarge');
    if (messages.some(({ delay }) => !(Number.isInteger(delay) && delay >= 0 && delay <= MAX_DELAY_SECONDS)))
      throw new Refusal(400, 'InvalidArgument');
    const verdicts = messages.map((message, at) => {
      if (half && at % 2 === 1)
        return '<Message><ErrorCode>InternalError</ErrorCode><ErrorMessage>try again</ErrorMessage></Message>';
      const nowMs = this.#clock.nowMs();
      const id = randomUUID();
      queue.push({
        id,
        body: message.body,
        receipt: '',
        visibleAtMs: nowMs + message.delay * 1_000,
        dequeued: 0,
        firstAtMs: 0,
        enqueuedAtMs: nowMs,
      });
      return `<Message><MessageId>${id}</MessageId><MessageBodyMD5>${md5(message.body)}</MessageBodyMD5></Message>`;
    });
    return {
      status: half ? 500 : 201,
      body: `<?xml version="1.0"?><Messages ${NAMESPACE}>${verdicts.join('')}</Messages>`,
    };
  }

  #receive(queue: Stored[], query: ReadonlyMap<string, string>): { status: number; body: string } {
    const max = Number(query.get('numofmessages') ?? 1);
    if (!(max >= 1 && max <= MAX_BATCH)) throw new Refusal(400, 'InvalidArgument');
    const nowMs = this.#clock.nowMs();
    const found = queue.filter(({ visibleAtMs }) => visibleAtMs <= nowMs).slice(0, max);
    if (found.length === 0) throw new Refusal(404, 'MessageNotExist');
    const isPeek = query.get('peekonly') === 'true';
    if (!isPeek) for (const message of found) this.#handOver(message, nowMs);
    const xml = found.map(
      ({ id, body, receipt, dequeued, visibleAtMs, firstAtMs, enqueuedAtMs }) =>
        `<Message><MessageId>${id}</MessageId>${isPeek ? '' : `<ReceiptHandle>${receipt}</ReceiptHandle><NextVisibleTime>${visibleAtMs}</NextVisibleTime>`}<MessageBody>${body}</MessageBody><MessageBodyMD5>${md5(body)}</MessageBodyMD5><EnqueueTime>${enqueuedAtMs}</EnqueueTime><FirstDequeueTime>${firstAtMs}</FirstDequeueTime><DequeueCount>${dequeued}</DequeueCount><Priority>8</Priority></Message>`,
    );
    return { status: 200, body: `<?xml version="1.0"?>\n<Messages ${NAMESPACE}>\n  ${xml.join('\n  ')}\n</Messages>` };
  }

  #handOver(message: Stored, nowMs: number): void {
    message.receipt = `1-${randomUUID()}+/=&amp;`;
    message.visibleAtMs = nowMs + this.#options.visibilityMs;
    message.firstAtMs ||= nowMs;
    message.dequeued += 1;
  }

  #held(queue: Stored[], receipt: string): Stored | undefined {
    const plain = receipt.replaceAll('&', '&amp;');
    return queue.find((one) => one.receipt !== '' && one.receipt === plain && one.visibleAtMs > this.#clock.nowMs());
  }

  #hide(queue: Stored[], query: ReadonlyMap<string, string>): { status: number; body: string } {
    const seconds = Number(query.get('visibilitytimeout'));
    if (!(Number.isInteger(seconds) && seconds >= 1 && seconds <= 43_200)) throw new Refusal(400, 'InvalidArgument');
    const message = this.#held(queue, query.get('receipthandle') ?? '');
    if (message === undefined) throw new Refusal(400, 'ReceiptHandleError');
    message.receipt = `2-${randomUUID()}`;
    message.visibleAtMs = this.#clock.nowMs() + seconds * 1_000;
    const body = `<?xml version="1.0"?><ChangeVisibility ${NAMESPACE}><ReceiptHandle>${message.receipt}</ReceiptHandle><NextVisibleTime>${message.visibleAtMs}</NextVisibleTime></ChangeVisibility>`;
    return { status: 200, body };
  }

  #delete(queue: Stored[], text: string): { status: number; body: string } {
    const receipts = inside(text, 'ReceiptHandle').map((one) => one.replaceAll('&amp;', '&'));
    if (receipts.length === 0 || receipts.length > MAX_BATCH) throw new Refusal(400, 'InvalidArgument');
    const errors: string[] = [];
    for (const receipt of receipts) {
      const message = this.#held(queue, receipt);
      if (message === undefined)
        errors.push(
          `<Error><ErrorCode>ReceiptHandleError</ErrorCode><ErrorMessage>The receipt handle you provide is not valid.</ErrorMessage><ReceiptHandle>${receipt.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</ReceiptHandle></Error>`,
        );
      else queue.splice(queue.indexOf(message), 1);
    }
    if (errors.length === 0) return { status: 204, body: '' };
    return { status: 404, body: `<?xml version="1.0"?><Errors ${NAMESPACE}>${errors.join('')}</Errors>` };
  }
}
