import type { IncomingMessage } from 'node:http';

/** Requests to one queue; each is billed, an empty receive too. */
export interface QueueCounts {
  send: number;
  receive: number;
  /** Of the receives: those that found nothing. */
  empty: number;
  delete: number;
  other: number;
  /** Messages that were sent. */
  messages: number;
}

const KINDS: Readonly<Record<string, 'send' | 'receive' | 'delete' | 'other'>> = {
  POST: 'send',
  GET: 'receive',
  DELETE: 'delete',
};

/** What a server of SMQ was asked for, as the bill counts it. */
export class SmqCounts {
  queues: Record<string, QueueCounts> = {};

  answered(queue: string, method: string, messages: number): void {
    const counts = this.#of(queue);
    const kind = KINDS[method] ?? 'other';
    counts[kind] += 1;
    if (kind === 'send') counts.messages += messages;
  }

  refused({ method, url }: IncomingMessage, code: string): void {
    const counts = this.#of(String(url).split('/')[2] ?? '');
    counts[KINDS[method ?? ''] ?? 'other'] += 1;
    if (code === 'MessageNotExist') counts.empty += 1;
  }

  reset(): void {
    this.queues = {};
  }

  #of(queue: string): QueueCounts {
    this.queues[queue] ??= { send: 0, receive: 0, empty: 0, delete: 0, other: 0, messages: 0 };
    return this.queues[queue];
  }
}
