import { MAX_MESSAGE_BYTES } from '../domain/message-size.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import { StoreUnavailableError, type TableStore } from '../ports/table-store.ts';
import { type Batch, batchesFrom, batchesOf, type Incoming, MessageGroups } from './ingest-batch.ts';
import { commitBatches } from './ingest-commit.ts';
import { redriveDuplicates } from './ingest-duplicates.ts';

/** What taking events in needs. */
export interface IntakePorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
  /** A moment in which calls wait for each other when nothing is being stored; left out, there is none. */
  lingerForCalls?: () => Promise<void>;
}

/** One accepted event; `duplicate` when this very event had been accepted before. */
export interface AcceptedEvent {
  id: string;
  name: string;
  duplicate: boolean;
}

/** Reads the events of a call, once more when they must be tried alone: while they are with the store nobody else keeps them. */
export type ReadEvents = () => readonly Incoming[];

/** A call that waits for the commits with its events. */
interface Caller {
  answer: AcceptedEvent[];
  read: ReadEvents;
  /** Groups with events of it that are not stored yet. */
  left: number;
  failure: Failure | undefined;
  done: (answer: AcceptedEvent[]) => void;
  failed: (error: unknown) => void;
}

/** Why events of a call are not stored, and what it was going to be told about them; `isShared` when events of others failed with them. */
interface Failure {
  error: unknown;
  isShared: boolean;
  told: AcceptedEvent[];
}

/** What one call has in one group: what it is going to be told about these events. */
interface Share {
  caller: Caller;
  told: AcceptedEvent[];
}

/** Groups of events that leave together, and who has a share in them. */
interface Departure {
  groups: readonly Incoming[][];
  shares: readonly Share[];
}

/**
 * What waits to leave: each event once, whoever brings it. Each departure has one of its own: a map that lives for long drags along what it
 * held, since V8 chains the tables that it has outgrown, and the front made a quarter more garbage that lived long enough to be copied.
 */
class Waiting {
  readonly #filling = new MessageGroups();
  readonly #sharesOf = new Map<Incoming[], Share[]>();
  readonly #groupOf = new Map<string, Incoming[]>();

  get isEmpty(): boolean {
    return this.#groupOf.size === 0;
  }

  add(caller: Caller, incoming: readonly Incoming[]): void {
    for (const item of incoming) {
      const known = this.#groupOf.get(item.id);
      const group = known ?? this.#filling.add(item);
      if (known === undefined) this.#groupOf.set(item.id, group);
      const accepted = { id: item.id, name: item.name, duplicate: known !== undefined };
      caller.answer.push(accepted);
      this.#shareOf(caller, group).told.push(accepted);
    }
  }

  /** Calls are added one after the other, so that the share of the last one stands last. */
  #shareOf(caller: Caller, group: Incoming[]): Share {
    const shares = this.#sharesOf.get(group) ?? [];
    this.#sharesOf.set(group, shares);
    const last = shares.at(-1);
    if (last?.caller === caller) return last;
    const share: Share = { caller, told: [] };
    caller.left += 1;
    shares.push(share);
    return share;
  }

  /** All of it. */
  all(): Departure {
    return this.#departureOf(this.#filling.groups);
  }

  /** The groups that nothing more fits into, and the last one, which waits on. */
  split(): { full: Departure; rest: Waiting } {
    const { groups } = this.#filling;
    const last = groups.at(-1);
    const rest = new Waiting();
    if (last !== undefined) rest.#begin(last, this.#sharesOf.get(last) ?? []);
    return { full: this.#departureOf(groups.slice(0, -1)), rest };
  }

  #begin(items: readonly Incoming[], shares: Share[]): void {
    for (const item of items) {
      const group = this.#filling.add(item);
      this.#groupOf.set(item.id, group);
      this.#sharesOf.set(group, shares);
    }
  }

  #departureOf(groups: readonly Incoming[][]): Departure {
    return { groups, shares: groups.flatMap((group) => this.#sharesOf.get(group) ?? []) };
  }
}

const markKnown = (told: readonly AcceptedEvent[], ids: readonly string[]): void => {
  if (ids.length === 0) return;
  const known = new Set(ids);
  for (const accepted of told) accepted.duplicate ||= known.has(accepted.id);
};

/** Whether a call brings enough for a message of its own. */
const isLarge = (incoming: readonly Incoming[]): boolean =>
  incoming.reduce((chars, { head }) => chars + head.length, 0) > MAX_MESSAGE_BYTES;

/** A call hears of the last failure, and is tried alone with all that has failed. */
const noteFailure = (shares: readonly Share[], error: unknown): void => {
  const isShared = new Set(shares.map(({ caller }) => caller)).size > 1;
  for (const { caller, told } of shares)
    caller.failure = { error, isShared, told: [...(caller.failure?.told ?? []), ...told] };
};

/**
 * Stores the events of concurrent calls and puts them on their way, in batches that fill a message, so that many callers share a batch. What
 * small calls bring leaves when nothing is being stored, so that callers who come alone never wait and many small ones share a commit. A call
 * that fills a message by itself does not wait: the full batches leave with it at once. When a commit fails for another reason than the store, each caller with events in it is tried alone, so that one of them harms nobody else.
 */
export class Intake {
  readonly #ports: IntakePorts;
  #waiting = new Waiting();
  #underWay = 0;
  #isLingering = false;

  constructor(ports: IntakePorts) {
    this.#ports = ports;
  }

  /**
   * Resolves, with what the call is told, when all of its events are in the store and on the queue; `read` gives the same events again.
   * Rejects with StoreUnavailableError when the store cannot take them: what was stored until then is found again by the next attempt.
   */
  add(incoming: readonly Incoming[], read: ReadEvents): Promise<AcceptedEvent[]> {
    return new Promise((done, failed) => {
      this.#waiting.add({ answer: [], read, left: 0, failure: undefined, done, failed }, incoming);
      const isIdle = this.#underWay === 0;
      const wouldWait = !isIdle || this.#ports.lingerForCalls !== undefined;
      if (wouldWait && isLarge(incoming)) this.#leaveFull();
      if (isIdle) this.#leaveSoon();
    });
  }

  #leaveSoon(): void {
    const { lingerForCalls } = this.#ports;
    if (this.#isLingering) return;
    if (lingerForCalls === undefined) {
      this.#leaveAll();
      return;
    }
    this.#isLingering = true;
    void lingerForCalls().then(() => {
      this.#isLingering = false;
      if (this.#underWay === 0) this.#leaveAll();
    });
  }

  #leaveAll(): void {
    const all = this.#waiting.all();
    this.#waiting = new Waiting();
    this.#leave(all);
  }

  #leaveFull(): void {
    const { full, rest } = this.#waiting.split();
    this.#waiting = rest;
    this.#leave(full);
  }

  #leave({ groups, shares }: Departure): void {
    if (groups.length === 0) return;
    this.#underWay += 1;
    this.#stored(batchesFrom(groups, this.#ports.clock.nowMs())).then(
      (known) => {
        for (const { told } of shares) markKnown(told, known);
        this.#landed(shares);
      },
      (error: unknown) => {
        noteFailure(shares, error);
        this.#landed(shares);
      },
    );
  }

  /** Resolves with the ids that were there before. */
  #stored(batches: readonly Batch[]): Promise<string[]> {
    return commitBatches(this.#ports, batches).then(async (known) => {
      await redriveDuplicates(this.#ports, known);
      return known;
    });
  }

  #landed(shares: readonly Share[]): void {
    this.#underWay -= 1;
    for (const { caller } of shares) {
      caller.left -= 1;
      if (caller.left === 0) this.#finish(caller);
    }
    if (this.#underWay === 0 && !this.#waiting.isEmpty) this.#leaveSoon();
  }

  #finish(caller: Caller): void {
    const { failure, answer, done, failed } = caller;
    if (failure === undefined) done(answer);
    else if (failure.isShared && !(failure.error instanceof StoreUnavailableError)) this.#tryAlone(caller, failure);
    else failed(failure.error);
  }

  /** Stores what has failed of a call; the rest of it is stored already. */
  #tryAlone({ read, answer, done, failed }: Caller, { told }: Failure): void {
    const ids = new Set(told.map(({ id }) => id));
    const events = new Map(read().flatMap((item) => (ids.has(item.id) ? [[item.id, item]] : [])));
    this.#stored(batchesOf([...events.values()], this.#ports.clock.nowMs())).then((known) => {
      markKnown(told, known);
      done(answer);
    }, failed);
  }
}
