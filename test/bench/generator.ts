// A process of its own: sends prepared requests over keep-alive connections, as fast as they are answered or at a steady rate.
import { connect, type Socket } from 'node:net';
import { alertmanagerAlert, cloudMonitorEvent, kindOf } from './events.ts';
import { createWireReader, statusOf } from './http-wire.ts';
import {
  type GeneratorAnswer,
  type GeneratorOrder,
  type LoadPlan,
  type LoadResult,
  monotonicMs,
} from './load-messages.ts';

const FORMS = { cloudmonitor: cloudMonitorEvent, alertmanager: alertmanagerAlert };
const KEPT_FAILURE_CHARS = 300;

interface Line {
  socket: Socket;
  /** Index of the request that is under way; -1 when the line is free. */
  request: number;
}

const eventTexts = (plan: LoadPlan, request: number): string[] => {
  const first = plan.from + request * plan.batch;
  const size = Math.min(plan.batch, plan.from + plan.count - first);
  return Array.from({ length: size }, (_, at) =>
    FORMS[plan.form](first + at, kindOf((first + at) % plan.kinds), plan.baseMs + first + at),
  );
};

const requestBytes = (plan: LoadPlan, request: number): Buffer => {
  const texts = eventTexts(plan, request);
  const alone = plan.form === 'cloudmonitor' && plan.batch === 1;
  const body = Buffer.from(alone ? (texts[0] ?? '') : `[${texts.join(',')}]`);
  const head = [
    `POST ${plan.path} HTTP/1.1`,
    `Host: 127.0.0.1:${plan.port}`,
    'Content-Type: application/json',
    ...(plan.token === undefined ? [] : [`Authorization: Bearer ${plan.token}`]),
    `Content-Length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
};

/** Prepares every request of the plan and opens the connections; the returned function sends them. */
const prepare = async (plan: LoadPlan): Promise<() => Promise<LoadResult>> => {
  const requests = Array.from({ length: Math.ceil(plan.count / plan.batch) }, (_, at) => requestBytes(plan, at));
  const result: LoadResult = {
    sentMs: new Float64Array(requests.length),
    answeredMs: new Float64Array(requests.length),
    failures: 0,
    firstFailure: '',
  };
  const due: number[] = [];
  let next = 0;
  let answered = 0;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });

  const send = (line: Line, request: number): void => {
    line.request = request;
    line.socket.write(requests[request] ?? '');
  };
  const takeNext = (): number | undefined => {
    if (plan.requestsPerSecond !== undefined) return due.shift();
    if (next === requests.length) return undefined;
    result.sentMs[next] = monotonicMs();
    next += 1;
    return next - 1;
  };
  const feed = (line: Line): void => {
    const request = takeNext();
    if (request !== undefined) send(line, request);
  };
  const fail = (text: string): void => {
    result.failures += 1;
    if (result.firstFailure === '') result.firstFailure = text.slice(0, KEPT_FAILURE_CHARS);
  };
  const settle = (line: Line): void => {
    result.answeredMs[line.request] = monotonicMs();
    line.request = -1;
    answered += 1;
    if (answered === requests.length) finish();
  };

  const openLine = async (): Promise<Line> => {
    const socket = connect({ port: plan.port, host: '127.0.0.1', noDelay: true });
    const line: Line = { socket, request: -1 };
    const read = createWireReader((head, body) => {
      const status = statusOf(head);
      if (!(status >= 200 && status < 300)) fail(`${status} ${body.toString('utf8')}`);
      settle(line);
      feed(line);
    });
    socket.on('data', read);
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    socket.on('error', (error) => fail(error.message));
    socket.on('close', () => {
      if (line.request === -1) return;
      fail('connection closed before the answer');
      settle(line);
    });
    return line;
  };
  const lines = await Promise.all(Array.from({ length: plan.connections }, openLine));

  const pace = (requestsPerSecond: number): void => {
    const startMs = monotonicMs();
    const tick = (): void => {
      const nowMs = monotonicMs();
      while (next < requests.length && startMs + (next * 1000) / requestsPerSecond <= nowMs) {
        result.sentMs[next] = nowMs;
        due.push(next);
        next += 1;
      }
      for (const line of lines.filter((candidate) => candidate.request === -1)) feed(line);
      if (next < requests.length) setTimeout(tick, 1);
    };
    tick();
  };

  return async () => {
    if (plan.requestsPerSecond !== undefined) pace(plan.requestsPerSecond);
    else for (const line of lines) feed(line);
    await finished;
    for (const line of lines) line.socket.destroy();
    return result;
  };
};

const tell = (answer: GeneratorAnswer): void => {
  process.send?.(answer);
};

let go: (() => Promise<LoadResult>) | undefined;

process.on('message', async (message: GeneratorOrder) => {
  if (message.order === 'prepare') {
    go = await prepare(message.plan);
    tell({ answer: 'prepared' });
    return;
  }
  if (go !== undefined) tell({ answer: 'sent', result: await go() });
});
process.on('disconnect', () => process.exit());
