import { cloudMonitorEvent, kindOf } from '../bench/events.ts';
import type { CloudRig } from './cloud-rig.ts';

/** Products that the events of a run take turns with. */
const KINDS = 20;

interface Answer {
  accepted: { id: string; duplicate: boolean }[];
  rejected: object[];
}

/** Sends numbered events through ingest until each is accepted, and keeps their ids. */
export class EventSender {
  /** Id of each accepted event, by its number. */
  readonly ids = new Map<number, string>();
  /** Calls that were made until all was accepted. */
  calls = 0;
  readonly #rig: CloudRig;
  #next = 0;

  constructor(rig: CloudRig) {
    this.#rig = rig;
  }

  /** How many events were sent so far. */
  get sent(): number {
    return this.#next;
  }

  /** So many events in calls of `batch` events each, from some callers at once. */
  async send(count: number, { batch, callers }: { batch: number; callers: number }): Promise<void> {
    const end = this.#next + count;
    const one = async (): Promise<void> => {
      while (this.#next < end) {
        const first = this.#next;
        this.#next = Math.min(end, first + batch);
        await this.#sendOne(Array.from({ length: this.#next - first }, (_, at) => first + at));
      }
    };
    await Promise.all(Array.from({ length: callers }, one));
  }

  async #sendOne(numbers: readonly number[]): Promise<void> {
    const atMs = this.#rig.cloud.clock.nowMs();
    const texts = numbers.map((n) => cloudMonitorEvent(n, kindOf(n % KINDS), atMs));
    const body = texts.length === 1 ? texts[0]! : `[${texts.join(',')}]`;
    this.calls += 1;
    const answer = await this.#rig.callUntilTaken('ingest', '/ingest', { method: 'POST', body });
    if (answer.status !== 202) throw new Error(`ingest answered ${answer.status}: ${await answer.text()}`);
    const { accepted, rejected } = (await answer.json()) as Answer;
    if (accepted.length !== numbers.length || rejected.length > 0) throw new Error('ingest did not take every event');
    for (const [at, n] of numbers.entries()) this.ids.set(n, accepted[at]!.id);
  }
}
