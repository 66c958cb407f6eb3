import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { ONE_TO_ONE } from '../bench/contender.ts';
import { cloudMonitorEvent, kindOf } from '../bench/events.ts';
import { settingsFor } from '../bench/fenghuo.ts';
import { headerOf } from '../bench/http-wire.ts';
import { untilLedger } from '../bench/ledger.ts';
import { ensureBuilt, type HostProcess, startHost } from '../support/host-process.ts';
import { openSink, type Sink } from '../support/sink.ts';

const EVENTS = 1_000;
const BATCH = 5;
const CLIENTS = 3;
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

const batches = (baseMs: number): string[] =>
  Array.from({ length: EVENTS / BATCH }, (_, batch) => {
    const events = Array.from({ length: BATCH }, (__, at) => batch * BATCH + at);
    return `[${events.map((n) => cloudMonitorEvent(n, kindOf(0), baseMs + n)).join(',')}]`;
  });

const sendAll = async (killer: Killer, accepted: Set<string>): Promise<void> => {
  const waiting = batches(Date.UTC(2026, 4, 2, 8));
  const client = async (): Promise<void> => {
    for (let body = waiting.shift(); body !== undefined; body = waiting.shift()) {
      const answer = await sendUntilAccepted(killer, body);
      expect(answer.rejected).toEqual([]);
      for (const { id } of answer.accepted) accepted.add(id);
      killer.happened('answered');
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
};

const unknownAttempts = async (host: HostProcess, id: string): Promise<number> => {
  const answer = await fetch(`${await host.ready}/api/events/${id}`, {
    headers: { authorization: `Bearer ${host.token}` },
  });
  const { trace } = (await answer.json()) as { trace: { name: string }[] };
  return trace.filter(({ name }) => name === 'attempt-unknown').length;
};

let dataDir = '';
let sink: Sink | undefined;
let killer: Killer | undefined;

beforeAll(ensureBuilt);

afterEach(async () => {
  await killer?.host.kill();
  await sink?.close();
  await rm(dataDir, { recursive: true, force: true });
});

test('loses no accepted event and repeats none without a reason while the host is killed again and again', {
  timeout: 75_000,
}, async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'fenghuo-kill-'));
  const told = new Map<string, Told>();
  const accepted = new Set<string>();
  sink = await openSink(({ head, body }) => {
    noteTold(told, head, body);
    killer?.happened('told');
    setImmediate(() => killer?.happened('acknowledged'));
  });
  const host = startHost({ dataDir, settings: settingsFor(ONE_TO_ONE, sink.port) });
  await host.ready;
  killer = new Killer(host, randomFrom(expect.getState().currentTestName ?? ''));

  await sendAll(killer, accepted);
  const last = killer.host;
  const access = { url: await last.ready, token: last.token };
  const ledger = await untilLedger(access, SETTLE_TIMEOUT_MS, (now) => now.inFlight === 0 && now.deferred === 0);

  expect(killer.kills).toBeGreaterThanOrEqual(20);
  expect(accepted.size).toBe(EVENTS);
  expect([...accepted].filter((id) => !told.has(id))).toEqual([]);
  expect([...told.keys()].filter((id) => !accepted.has(id))).toEqual([]);
  expect(ledger).toMatchObject({ accepted: EVENTS, inFlight: 0, refused: 0, dead: 0, balanced: true });
  expect(ledger.delivered + ledger.merged).toBe(EVENTS);

  const repeated = [...told].filter(([, { times }]) => times > 1);
  for (const [id, { deliveries, times }] of repeated) {
    expect(deliveries.size, `${id} was repeated under one delivery id`).toBe(1);
    expect(
      await unknownAttempts(last, id),
      `${id} was repeated after attempts without an answer`,
    ).toBeGreaterThanOrEqual(times - 1);
  }
  console.log(
    `killed ${killer.kills} times (${[...killer.at].map((entry) => entry.join(' ')).join(', ')}), ${repeated.length} events repeated`,
  );
});
