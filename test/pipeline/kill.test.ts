import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { createSandbox } from '../../shared/local/sandbox/index.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';
import { ONE_TO_ONE } from '../bench/contender.ts';
import { cloudMonitorEvent, kindOf } from '../bench/events.ts';
import { settingsFor } from '../bench/fenghuo.ts';
import { headerOf } from '../bench/http-wire.ts';
import { untilLedger } from '../bench/ledger.ts';
import { serveSandbox, type TestServer } from '../contract/channel-server.ts';
import { type HostProcess, startHost } from '../support/host-process.ts';
import { openSink, type Sink } from '../support/sink.ts';

const EVENTS = 1_000;
const BATCH = 5;
const CLIENTS = 3;
/** Events that go to robots with a quota; each has robots of its own, because a quota would make the end wait for minutes. */
const ROBOT_EVENTS = 25;
const ROBOTS = ['dingtalk', 'wecom'] as const;
const KILLS = 22;
/** However the moments fall, no life of the host takes more calls than that, so that work is left for every kill. */
const CALLS_A_LIFE = 7;
const RETRY_MS = 10;
const SETTLE_TIMEOUT_MS = 50_000;

/** Mulberry32: the same moments in every run. */
const randomFrom = (text: string): (() => number) => {
  let state = [...text].reduce((hash, char) => (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) | 0, 7);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** What the world outside sees of the host, and so the moments at which it may die. */
const MOMENTS = ['started', 'ready', 'called', 'answered', 'told', 'acknowledged'] as const;
type Moment = (typeof MOMENTS)[number];

/** Kills the running host at random moments, chosen by counting what happens and not by time. */
class Killer {
  kills = 0;
  readonly at = new Map<Moment, number>();
  #host: HostProcess;
  #random: () => number;
  #moment: Moment = 'answered';
  #left = 1;
  #callsLeft = CALLS_A_LIFE;
  #turns = 0;
  #dying = false;

  constructor(host: HostProcess, random: () => number) {
    this.#host = host;
    this.#random = random;
    this.#plan();
  }

  get host(): HostProcess {
    return this.#host;
  }

  /** Whether this host is gone, or going, by our hand. */
  hasKilled(host: HostProcess): boolean {
    return host !== this.#host || this.#dying;
  }

  /** Something happened; kills when it is what this life waits for. */
  happened(moment: Moment): void {
    if (this.kills >= KILLS || this.#dying) return;
    if (moment === 'answered') this.#callsLeft -= 1;
    if (moment === this.#moment) this.#left -= 1;
    if (this.#left > 0 && this.#callsLeft > 0) return;
    this.#dying = true;
    this.#killAfter(this.#turns);
  }

  #pick(below: number): number {
    return Math.floor(this.#random() * below);
  }

  #plan(): void {
    this.#moment = MOMENTS[this.#pick(MOMENTS.length)] ?? 'answered';
    const once = this.#moment === 'started' || this.#moment === 'ready';
    this.#left = once ? 1 : 1 + this.#pick(this.#moment === 'called' ? CALLS_A_LIFE : CALLS_A_LIFE * BATCH);
    this.#callsLeft = CALLS_A_LIFE;
    // Some more turns of the event loop, so that the host is met between two of its own steps.
    this.#turns = 2 ** this.#pick(9) - 1;
  }

  #killAfter(turns: number): void {
    if (turns > 0) {
      setImmediate(() => this.#killAfter(turns - 1));
      return;
    }
    this.kills += 1;
    this.at.set(this.#moment, (this.at.get(this.#moment) ?? 0) + 1);
    void this.#host.kill().then(() => this.#revive());
  }

  #revive(): void {
    const host = this.#host.again();
    this.#host = host;
    this.#plan();
    this.#dying = false;
    host.ready.then(
      () => host === this.#host && this.happened('ready'),
      () => undefined,
    );
    this.happened('started');
  }
}

interface Told {
  deliveries: Set<string>;
  times: number;
}

/** Every event that this message tells: `id` of each entry of the digest. */
const eventsIn = (body: Buffer): string[] => {
  const ids = body.toString('utf8').matchAll(/"id":"(evt_[\w-]+)"/g);
  return [...new Set([...ids].map((found) => found[1] ?? ''))];
};

const noteTold = (told: Map<string, Told>, head: string, body: Buffer): void => {
  for (const id of eventsIn(body)) {
    const known = told.get(id) ?? { deliveries: new Set(), times: 0 };
    known.deliveries.add(headerOf(head, 'webhook-id') ?? '');
    known.times += 1;
    told.set(id, known);
  }
};

interface Answer {
  accepted: { id: string }[];
  rejected: unknown[];
}

const readyUrl = async (killer: Killer): Promise<string | undefined> => {
  const host = killer.host;
  try {
    return await host.ready;
  } catch (error) {
    if (killer.hasKilled(host)) return undefined;
    throw error;
  }
};

/** One call; undefined when it was not answered with 202 and may be made again. */
const post = async (killer: Killer, body: string): Promise<Answer | undefined> => {
  const url = await readyUrl(killer);
  if (url === undefined) return undefined;
  const headers = { authorization: `Bearer ${killer.host.token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/ingest`, { method: 'POST', headers, body }).catch(() => undefined);
  const text = await answer?.text().catch(() => undefined);
  if (answer === undefined || text === undefined || answer.status >= 500) return undefined;
  expect(answer.status, text).toBe(202);
  return JSON.parse(text) as Answer;
};

/** Sends one batch until it is answered with 202, as a careful caller does. */
const sendUntilAccepted = async (killer: Killer, body: string): Promise<Answer> => {
  for (;;) {
    killer.happened('called');
    const answer = await post(killer, body);
    if (answer !== undefined) return answer;
    await wait(RETRY_MS);
  }
};

/** The kind of an event: every so many go to robots, each of a kind of its own, the others to the webhook. */
const kindAt = (n: number): number => (n % (EVENTS / ROBOT_EVENTS) === 0 ? 1 + n / (EVENTS / ROBOT_EVENTS) : 0);

const batches = (baseMs: number): string[] =>
  Array.from({ length: EVENTS / BATCH }, (_, batch) => {
    const events = Array.from({ length: BATCH }, (__, at) => batch * BATCH + at);
    return `[${events.map((n) => cloudMonitorEvent(n, kindOf(kindAt(n)), baseMs + n)).join(',')}]`;
  });

const tokenOf = (robot: number): string => `00000000-0000-4000-8000-${String(robot).padStart(12, '0')}`;

/** The settings of the webhook, and two robots for each of the other kinds. */
const mixedSettings = (sinkPort: number, fakes: string): object => {
  const plain = settingsFor(ONE_TO_ONE, sinkPort) as Record<string, object[]>;
  const robots = Array.from({ length: ROBOT_EVENTS }, (_, at) => at + 1);
  const urls = { dingtalk: 'dingtalk/robot/send?access_token=', wecom: 'wecom/cgi-bin/webhook/send?key=' };
  const added: Record<string, object[]> = {
    contacts: robots.flatMap((n) =>
      ROBOTS.map((type) => ({
        name: `${type}-${n}`,
        webhook: { type, url: `${fakes}/sandbox/${urls[type]}${tokenOf(n)}` },
      })),
    ),
    contactGroups: robots.map((n) => ({ name: `robots-${n}`, contacts: ROBOTS.map((type) => `${type}-${n}`) })),
    notificationPolicies: robots.map((n) => ({
      name: `robots-${n}`,
      contactGroups: [`robots-${n}`],
      interval: 'none',
    })),
    subscriptions: robots.map((n) => ({
      name: `robots-${n}`,
      products: [kindOf(n).product],
      eventTypes: [kindOf(n).type],
      policy: `robots-${n}`,
    })),
  };
  return {
    ...plain,
    ...Object.fromEntries(Object.entries(added).map(([key, more]) => [key, [...(plain[key] ?? []), ...more]])),
  };
};

const sendAll = async (killer: Killer, accepted: Map<number, string>): Promise<void> => {
  const waiting = [...batches(Date.UTC(2026, 4, 2, 8)).entries()];
  const client = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [batch, body] = next;
      const answer = await sendUntilAccepted(killer, body);
      expect(answer.rejected).toEqual([]);
      for (const [at, { id }] of answer.accepted.entries()) accepted.set(batch * BATCH + at, id);
      killer.happened('answered');
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
};

interface Trace {
  notifications: { target: string; status: string; fix?: { zh: string } }[];
  trace: { name: string; target?: string }[];
}

const traceOf = async (host: HostProcess, id: string): Promise<Trace> => {
  const answer = await fetch(`${await host.ready}/api/events/${id}`, {
    headers: { authorization: `Bearer ${host.token}` },
  });
  return (await answer.json()) as Trace;
};

const unknownAttempts = async (host: HostProcess, id: string): Promise<number> =>
  (await traceOf(host, id)).trace.filter(({ name }) => name === 'attempt-unknown').length;

/** How often a robot of the fakes took a message. */
const takenBy = async (fakes: string, provider: string, robot: number): Promise<number> => {
  const answer = await fetch(`${fakes}/sandbox/api/messages?provider=${provider}&target=${tokenOf(robot)}`);
  const { messages } = (await answer.json()) as { messages: { verdict: string }[] };
  expect(messages.filter(({ verdict }) => !['delivered', 'repeated', 'lost'].includes(verdict))).toEqual([]);
  return messages.length;
};

/** Every event for robots is told by each of them or explained, and twice only after an attempt without an answer; gives how many were told twice. */
const checkRobots = async (host: HostProcess, fakes: string, ids: readonly string[]): Promise<number> => {
  let repeated = 0;
  for (const [index, id] of ids.entries()) {
    const { notifications, trace } = await traceOf(host, id);
    expect(notifications).toHaveLength(ROBOTS.length);
    for (const { target, status, fix } of notifications) {
      const taken = await takenBy(fakes, target.slice(0, target.indexOf(':')), index + 1);
      const unknown = trace.filter((each) => each.name === 'attempt-unknown' && each.target === target).length;
      if (status === 'dead') expect(fix?.zh, `${id} is explained`).toBeTypeOf('string');
      else expect(taken, `${id} is told by ${target}`).toBeGreaterThan(0);
      expect(taken - 1, `${id} was repeated after attempts without an answer`).toBeLessThanOrEqual(unknown);
      if (taken > 1) repeated += 1;
    }
  }
  return repeated;
};

let dataDir = '';
let sink: Sink | undefined;
let fakes: TestServer | undefined;
let killer: Killer | undefined;

afterEach(async () => {
  await killer?.host.kill();
  await sink?.close();
  await fakes?.close();
  await rm(dataDir, { recursive: true, force: true });
});

test('loses no accepted event and repeats none without a reason while the host is killed again and again', {
  timeout: 75_000,
}, async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'fenghuo-kill-'));
  const told = new Map<string, Told>();
  const accepted = new Map<number, string>();
  fakes = await serveSandbox(createSandbox({ clock: systemClock }));
  // Slow enough to be killed while an answer is awaited.
  await fetch(`${fakes.base}/sandbox/api/faults`, { method: 'PUT', body: JSON.stringify({ latencyMs: 300 }) });
  sink = await openSink(({ head, body }) => {
    noteTold(told, head, body);
    killer?.happened('told');
    setImmediate(() => killer?.happened('acknowledged'));
  });
  const host = startHost({ dataDir, settings: mixedSettings(sink.port, fakes.base) });
  await host.ready;
  killer = new Killer(host, randomFrom(expect.getState().currentTestName ?? ''));

  await sendAll(killer, accepted);
  const last = killer.host;
  const access = { url: await last.ready, token: last.token };
  const ledger = await untilLedger(access, SETTLE_TIMEOUT_MS, (now) => now.inFlight === 0 && now.deferred === 0);

  expect(killer.kills).toBeGreaterThanOrEqual(20);
  expect(accepted.size).toBe(EVENTS);
  const idsOf = (wanted: (kind: number) => boolean): string[] =>
    [...accepted].toSorted(([one], [other]) => one - other).flatMap(([n, id]) => (wanted(kindAt(n)) ? [id] : []));
  const [plain, forRobots] = [new Set(idsOf((kind) => kind === 0)), idsOf((kind) => kind > 0)];
  expect([...plain].filter((id) => !told.has(id))).toEqual([]);
  expect([...told.keys()].filter((id) => !plain.has(id))).toEqual([]);
  const notifications = plain.size + forRobots.length * ROBOTS.length;
  expect(ledger).toMatchObject({ accepted: notifications, inFlight: 0, refused: 0, balanced: true });
  expect(ledger.delivered + ledger.merged + ledger.dead).toBe(notifications);
  const repeatedByRobots = await checkRobots(last, fakes.base, forRobots);

  const repeated = [...told].filter(([, { times }]) => times > 1);
  for (const [id, { deliveries, times }] of repeated) {
    expect(deliveries.size, `${id} was repeated under one delivery id`).toBe(1);
    expect(
      await unknownAttempts(last, id),
      `${id} was repeated after attempts without an answer`,
    ).toBeGreaterThanOrEqual(times - 1);
  }
  console.log(
    `killed ${killer.kills} times (${[...killer.at].map((entry) => entry.join(' ')).join(', ')}), ${repeated.length} events repeated by the webhook, ${repeatedByRobots} by robots`,
  );
});
