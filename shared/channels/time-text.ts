import type { Language } from '../domain/delivery.ts';

const FORMATS = new Map<string, Intl.DateTimeFormat>();
const MAX_INSTANT_MS = 8.64e15;

const created = (language: Language, timeZone: string): Intl.DateTimeFormat => {
  const options = {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'shortOffset',
  } as const;
  try {
    return new Intl.DateTimeFormat(language, { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' });
  }
};

/** Making a format costs a thousand times more than using it, so there is one for each zone and language. */
const formatOf = (language: Language, timeZone: string): Intl.DateTimeFormat => {
  const key = `${language} ${timeZone}`;
  const known = FORMATS.get(key);
  if (known !== undefined) return known;
  const format = created(language, timeZone);
  FORMATS.set(key, format);
  return format;
};

/** In whose eyes a time is told. */
export interface Reader {
  language: Language;
  /** IANA name; an unknown one is read as UTC. */
  timeZone: string;
}

interface Parts {
  date: string;
  time: string;
  offset: string;
  zone: string;
}

const partsOf = (instantMs: number, reader: Reader): Parts => {
  const format = formatOf(reader.language, reader.timeZone);
  const part: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(instantMs)) part[type] = value;
  return {
    date: `${part.year}-${part.month}-${part.day}`,
    time: `${part.hour}:${part.minute}:${part.second}`,
    offset: part.timeZoneName ?? '',
    zone: format.resolvedOptions().timeZone,
  };
};

const zoneText = ({ zone, offset }: Parts, language: Language): string => {
  if (zone === 'UTC') return language === 'zh' ? '（UTC）' : ' (UTC)';
  return language === 'zh' ? `（${zone}，${offset}）` : ` (${zone}, ${offset})`;
};

const isInstant = (instantMs: number): boolean => Math.abs(instantMs) <= MAX_INSTANT_MS;

/** Date and time in the reader's zone with the zone named, such as `2026-11-20 17:07:10 (Asia/Shanghai, GMT+8)`; a dash when it is no instant. */
export const timeText = (instantMs: number, reader: Reader): string => {
  if (!isInstant(instantMs)) return '—';
  const parts = partsOf(instantMs, reader);
  return `${parts.date} ${parts.time}${zoneText(parts, reader.language)}`;
};

/** Date and time in the reader's zone, to the minute and without the zone: for media that have no room; a dash when it is no instant. */
export const dateTimeText = (instantMs: number, reader: Reader): string => {
  if (!isInstant(instantMs)) return '—';
  const { date, time } = partsOf(instantMs, reader);
  return `${date} ${time.slice(0, 5)}`;
};

/** Hour, minute and second in the reader's zone, without the zone: for lists whose span is told above. */
export const clockText = (instantMs: number, reader: Reader): string =>
  isInstant(instantMs) ? partsOf(instantMs, reader).time : '—';

/** From the first to the last instant, with the second date only when it is another day. */
export const spanText = (firstMs: number, lastMs: number, reader: Reader): string => {
  if (firstMs === lastMs || !isInstant(firstMs) || !isInstant(lastMs)) return timeText(firstMs, reader);
  const first = partsOf(firstMs, reader);
  const last = partsOf(lastMs, reader);
  const end = first.date === last.date ? last.time : `${last.date} ${last.time}`;
  return `${first.date} ${first.time} – ${end}${zoneText(last, reader.language)}`;
};

const ISO_INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/** The instant that a vendor's value spells in full (with its zone), or as 13 digits in a field that is named a time; undefined for anything else. */
export const instantIn = (label: string, value: string): number | undefined => {
  if (/^\d{13}$/.test(value) && /time|date|before|after|gmt/i.test(label)) return Number(value);
  if (!ISO_INSTANT.test(value)) return undefined;
  const instantMs = Date.parse(value);
  return Number.isNaN(instantMs) ? undefined : instantMs;
};
