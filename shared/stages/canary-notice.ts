import { missingEvent, recoveredEvent } from '../domain/canary-event.ts';
import type { CanaryNotice } from '../domain/canary-state.ts';
import { CANARY_RULE } from '../domain/canary-wants.ts';
import { type Delivery, deliveryIdOf } from '../domain/delivery.ts';
import { digestOfEvent } from '../domain/digest.ts';
import type { Event } from '../domain/event.ts';
import { canaryBatchIdOf, digestOf } from '../domain/ids.ts';
import type { Directory } from '../domain/roster.ts';
import type { Target } from '../domain/target.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { TableStore } from '../ports/table-store.ts';
import { readEventRow } from './events-log.ts';
import { type Batch, eventWritesOf, incomingOf, logRemovalOf, logWriteOf } from './ingest-batch.ts';
import { type MatchItem, type MatchRecord, matchRecordKey } from './match-record.ts';
import { packDeliveries } from './outgoing.ts';
import { putRow } from './rows.ts';

/** What a word about the canary is sent with. */
export interface NoticePorts {
  store: TableStore;
  outbox: Outbox;
  directory: Directory;
  account: string;
}

const channelOf = (key: string): string => key.slice(0, key.indexOf(':'));

const placesOf = ({ fault }: CanaryNotice, { targets }: Directory) =>
  (fault?.targets ?? []).map(({ target, code }) => ({
    name: targets.get(target)?.name ?? '',
    channel: channelOf(target),
    code,
  }));

const eventOf = (notice: CanaryNotice, { directory, account }: NoticePorts): Event => {
  const { event: id, atMs, canary, sentAtMs, over } = notice;
  const facts = { id, atMs, account, canary, sentAtMs };
  if (over !== undefined) return recoveredEvent(facts, over.sinceMs);
  return missingEvent({ ...facts, places: placesOf(notice, directory) }, notice.fault?.stage ?? 'accepting');
};

/** Nobody is called to hear that all is well. */
const mayHearGood = ({ channel }: Target): boolean => channel !== 'voice';

const targetsOf = ({ fault, over }: CanaryNotice, { targets, canary }: Directory): readonly Target[] => {
  if (over !== undefined) return over.told.flatMap((key) => targets.get(key) ?? []).filter(mayHearGood);
  const missing = fault?.targets.map(({ target }) => target) ?? [];
  const everywhere = canary?.targets.map(({ key }) => key) ?? [];
  return canary?.alarmTargets(new Set(missing.length === 0 ? everywhere : missing)) ?? [];
};

const deliveryOf = (batch: string, event: Event, { key, channel, language }: Target): Delivery => ({
  id: deliveryIdOf(batch, event.id, key),
  target: key,
  channel,
  rule: CANARY_RULE,
  language,
  digest: digestOfEvent(event),
});

const itemOf = ({ key, channel, language }: Target): MatchItem => [0, key, channel, CANARY_RULE, 0, language, []];

const recordOf = (event: Event, targets: readonly Target[], settingsVersion: number): MatchRecord => ({
  settingsVersion,
  atMs: event.receivedAtMs,
  items: targets.map(itemOf),
  eventIds: [event.id],
});

const batchOf = (event: Event): Batch => ({
  batch: canaryBatchIdOf(event.receivedAtMs, digestOf(event.id)),
  receivedAtMs: event.receivedAtMs,
  items: [incomingOf(event, { text: JSON.stringify(event.content), ours: true })],
});

/** Another run told the same a moment before, or this one is a repetition: the event keeps the batch that it has. */
const leaveToFirst = async (store: TableStore, batch: Batch, id: string): Promise<void> => {
  const known = await readEventRow(store, id);
  if (known?.batch === batch.batch) return;
  await store.write([logRemovalOf(batch), { kind: 'delete', ...matchRecordKey(batch.batch), when: 'any' }]);
};

/**
 * Puts a word about the canary on its way: an event like every other, with the decision who is told, but its messages go to the queues of
 * the channels at once. Neither `events` nor `notifications` needs to work, nor whoever reads them. Answers the keys of the targets. May be
 * repeated: ids are pure functions of the notice.
 */
export const sendCanaryNotice = async (ports: NoticePorts, notice: CanaryNotice): Promise<string[]> => {
  const { store, outbox, directory } = ports;
  const event = eventOf(notice, ports);
  const targets = targetsOf(notice, directory);
  const batch = batchOf(event);
  const record = putRow(matchRecordKey(batch.batch), recordOf(event, targets, directory.version), 'absent');
  const messages = packDeliveries(targets.map((target) => deliveryOf(batch.batch, event, target)));
  const results = await outbox.commit([...eventWritesOf(batch), logWriteOf(batch), record], messages);
  if (results.some(({ applied }) => !applied)) {
    await leaveToFirst(store, batch, event.id);
    // A run that died after writing may have sent nothing; whoever has the message already knows it by its id.
    if (messages.length > 0) await outbox.commit([], messages);
  }
  return targets.map(({ key }) => key);
};
