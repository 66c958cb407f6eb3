import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { titleFor } from '../../shared/domain/catalogue.ts';
import { eventSchema } from '../../shared/domain/event.ts';
import { type EventDraft, readEnvelope } from '../../shared/sources/index.ts';
import TABLE from '../fixtures/events/expected/events.json';

const FOLDER = new URL('../fixtures/events/', import.meta.url);
const ACCOUNT = '1357913579135791';

const draftsOf = (file: string): EventDraft[] =>
  readEnvelope({ text: readFileSync(new URL(file, FOLDER), 'utf8'), contentType: '' }).map((item) => {
    if (item.kind === 'rejected') throw new Error(`${file}: ${item.code}`);
    return item.draft;
  });

/** What the table says about one event. */
const summary = (draft: EventDraft) => ({
  source: draft.source,
  product: draft.product,
  type: draft.type,
  name: draft.name,
  status: draft.status,
  level: draft.level,
  vendorLevel: draft.vendorLevel,
  resource: draft.resource.id,
  region: draft.region,
  account: draft.account,
  at: draft.occurredAtMs === undefined ? '' : new Date(draft.occurredAtMs).toISOString(),
  ...titleFor(draft),
});

const FILES = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => entry.name)
  .sort();

describe('every fixture', () => {
  it('has its place in the table', () => {
    expect(FILES.length).toBeGreaterThan(45);
    expect(Object.keys(TABLE).sort()).toEqual(FILES);
  });

  it.each(FILES)('%s becomes the events of the table', (file) => {
    expect(draftsOf(file).map(summary)).toEqual(new Map<string, unknown>(Object.entries(TABLE)).get(file));
  });

  it.each(FILES)('%s makes events that fit the schema and keep their raw body', (file) => {
    const text = readFileSync(new URL(file, FOLDER), 'utf8');
    const items = readEnvelope({ text, contentType: 'application/octet-stream' });
    for (const item of items) {
      if (item.kind === 'rejected') throw new Error(item.code);
      expect(eventSchema.safeParse({ ...item.draft, receivedAtMs: 1 }).success).toBe(true);
      expect(item.raw.length).toBeGreaterThan(10);
      if (items.length === 1) expect(item.raw).toBe(text);
    }
  });
});

describe('the same event in different envelopes', () => {
  const idOfFile = (file: string): string | undefined => draftsOf(file)[0]?.id;

  it('has one id as event, subscription callback, form and query parameter', () => {
    const id = idOfFile('cloudmonitor-event.same-as-subscription.json');
    for (const form of ['.json', '.form.txt', '.get.txt'])
      expect(idOfFile(`cloudmonitor-subscription${form}`)).toBe(id);
  });

  it('has one id however a queue or topic carries it', () => {
    const id = idOfFile('cloudmonitor-event.json');
    for (const file of FILES.filter((name) => /^topic\.(json|stream|queue-base64|queue-plain)/.test(name)))
      expect(idOfFile(file), file).toBe(id);
  });

  it('has another id in another state', () => {
    expect(idOfFile('cloudmonitor-event.content-avoided.json')).not.toBe(idOfFile('cloudmonitor-event.json'));
    expect(idOfFile('cloudmonitor-subscription.resolved.json')).not.toBe(idOfFile('cloudmonitor-subscription.json'));
    expect(idOfFile('cloudmonitor-metric.recovered.txt')).not.toBe(idOfFile('cloudmonitor-metric.txt'));
  });
});

describe('content', () => {
  const contentOf = (file: string) => draftsOf(file)[0]?.content;

  it('keeps the word of the vendor when name and content contradict each other', () => {
    expect(contentOf('cloudmonitor-event.content-avoided.json')).toMatchObject({
      eventStatus: 'Avoided',
      vendorStatus: 'Scheduled',
    });
    expect(contentOf('cloudmonitor-event.finished-but-executing.json')).toMatchObject({ vendorStatus: 'Executing' });
  });

  it('opens JSON text inside JSON', () => {
    expect(contentOf('cloudmonitor-history.nested-attribute-answer.json')).toMatchObject({ ipGroup: '192.0.2.11' });
    expect(contentOf('cloudmonitor-subscription.form.txt')).toMatchObject({ state: 'Stopped' });
  });

  it('reads Java map text with a stray bracket, and values with & and >=', () => {
    expect(contentOf('cloudmonitor-metric.not-encoded.txt')).toMatchObject({
      expression: '$Maximum>=90',
      dimensions: { userId: ACCOUNT, instanceId: 'i-bp1cart' },
    });
    expect(draftsOf('cloudmonitor-metric.not-encoded.txt')[0]?.resource.name).toBe('cart & till');
  });

  it('takes the literal text null for no value', () => {
    expect(draftsOf('cloudmonitor-metric.txt')[0]?.resource.name).toBe('');
    expect(contentOf('cloudmonitor-metric.txt')).not.toHaveProperty('preTriggerLevel');
  });

  it('keeps the text of a message that is no event', () => {
    expect(contentOf('topic.plain-text.json')).toEqual({ message: 'nightly backup done' });
    expect(contentOf('topic.queue-text-in-eventbridge.json')).toEqual({ message: 'deploy finished' });
  });
});
