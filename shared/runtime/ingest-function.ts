import { ingestGuard } from '../console/access.ts';
import { type IngestObserver, ingestRoutes } from '../console/ingest-routes.ts';
import { createRouter } from '../console/router.ts';
import type { WriteOp } from '../ports/table-store.ts';
import { type IngestResult, ingest } from '../stages/ingest.ts';
import type { FunctionHandler } from './function-context.ts';
import type { HttpResult } from './http-event.ts';
import { httpFunction } from './http-function.ts';
import { invocationFunction } from './invocation-function.ts';
import { deadLetterRow } from './message-fate.ts';
import { countIngest } from './metered-ports.ts';
import type { Platform } from './platform.ts';

/** How many events were accepted, and how many items could not be understood; for logs and tests, the trigger does not look at it. */
export interface TakenEvents {
  accepted: number;
  rejected: number;
}

/** Items that are stored together; a trigger may hand over more than one call of ours takes. */
const MAX_ITEMS = 1_000;
const MAX_KEPT_CHARS = 100_000;

const parsedList = (text: string): readonly unknown[] | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** The items of a list by their position; what is no list is one item. */
interface Part {
  text: string;
  itemAt(index: number): string;
}

const partsOf = (text: string): Part[] => {
  const list = parsedList(text);
  if (list === undefined) return [{ text, itemAt: () => text }];
  return Array.from({ length: Math.ceil(list.length / MAX_ITEMS) }, (_, at): Part => {
    const items = list.slice(at * MAX_ITEMS, (at + 1) * MAX_ITEMS);
    const itemAt = (index: number): string => JSON.stringify(items[index]) ?? '';
    return { text: items.length === list.length ? text : JSON.stringify(items), itemAt };
  });
};

/** Nobody waits for an answer who could correct it, so that what is not understood is kept where people look. */
const lettersOf = (part: Part, { rejected }: IngestResult, atMs: number): WriteOp[] =>
  rejected.map(({ index, code, message }) => {
    const body = part.itemAt(index).slice(0, MAX_KEPT_CHARS);
    return deadLetterRow('events', { body, reason: `not-an-event: ${code}: ${message}` }, atMs);
  });

/** Takes what a trigger hands over that is no HTTP call. Rejects when not everything is durable, so that the platform hands it over again. */
const takeEvents = (platform: Platform, observe: IngestObserver): ((event: Buffer) => Promise<TakenEvents>) => {
  const take = ingest(platform);
  const takePart = async (part: Part): Promise<TakenEvents> => {
    const result = await take({ text: part.text, contentType: '' });
    const letters = lettersOf(part, result, platform.clock.nowMs());
    if (letters.length > 0) await platform.store.write(letters);
    for (const { code } of result.rejected) platform.logger.error('item is no event', { code });
    observe(result);
    return { accepted: result.accepted.length, rejected: result.rejected.length };
  };
  return async (event) => {
    const taken = { accepted: 0, rejected: 0 };
    for (const part of partsOf(event.toString('utf8'))) {
      const { accepted, rejected } = await takePart(part);
      taken.accepted += accepted;
      taken.rejected += rejected;
    }
    return taken;
  };
};

/**
 * The function that takes events in: calls of its HTTP trigger, and whatever other triggers invoke it with: a cloud event, a list of them
 * as event streams send it, a message of a topic. Who may invoke it is a matter of permissions, who may call it of the access token.
 */
export const ingestFunction = (): FunctionHandler<HttpResult | TakenEvents> =>
  httpFunction(
    'ingest',
    (platform) =>
      createRouter(ingestRoutes(platform, countIngest(platform.metrics)), ingestGuard(platform.accessToken)),
    invocationFunction('ingest', (platform) => takeEvents(platform, countIngest(platform.metrics))),
  );
