import { durationMs } from '../domain/duration.ts';
import type { Span } from '../stages/stored-batches.ts';
import { badField } from './query.ts';

/** How a body names a span of time. */
export interface SpanFields {
  since?: string | undefined;
  from?: string | number | undefined;
  to?: string | number | undefined;
}

const EPOCH_MS = /^\d{12,14}$/;

/** An instant of a body: ISO 8601 or epoch milliseconds. Throws ApiError that names the field. */
const instantOf = (value: string | number, name: string): number => {
  const atMs = typeof value === 'number' || EPOCH_MS.test(value) ? Number(value) : Date.parse(value);
  if (!Number.isFinite(atMs) || atMs < 0) throw badField(name, 'must be an instant: ISO 8601, or epoch milliseconds');
  return atMs;
};

const startOf = ({ since, from }: SpanFields, nowMs: number): number | undefined => {
  if (from !== undefined) return instantOf(from, 'from');
  if (since === undefined) return undefined;
  const ageMs = durationMs(since);
  if (ageMs === undefined || ageMs === 0) throw badField('since', 'must be a duration such as 24h or 7d');
  return nowMs - ageMs;
};

/** The span that the fields name: `since` before now, or `from` (and `to`, else now). Throws ApiError that names the wrong field. */
export const spanOf = (fields: SpanFields, nowMs: number, defaultFromMs?: number): Span => {
  if (fields.since !== undefined && fields.from !== undefined)
    throw badField('since', 'stands in place of from: give one of them');
  const fromMs = startOf(fields, nowMs) ?? defaultFromMs;
  if (fromMs === undefined) throw badField('from', 'is missing: give from and to, or since');
  const toMs = fields.to === undefined ? nowMs : instantOf(fields.to, 'to');
  if (toMs < fromMs) throw badField('to', 'must not be before from');
  return { fromMs, toMs };
};
