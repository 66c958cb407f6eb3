import type { Language } from '../domain/delivery.ts';

/** A label and its value; what `mayDrop` is left out first when a provider has no room. */
export interface Field {
  kind: 'field';
  label: string;
  value: string;
  mayDrop?: boolean;
}

/** A sentence with an optional label. */
interface Paragraph {
  kind: 'paragraph';
  label?: string;
  text: string;
}

/** One line of a list, and how many events it stands for. */
export interface ListItem {
  text: string;
  counts: number;
}

/** Lines that together stand for at most `total` events; `rest` says what those that are not shown are called. */
export interface List {
  kind: 'list';
  heading: string;
  items: readonly ListItem[];
  total: number;
  rest: 'events' | 'kinds';
}

/** One part of a message. */
export type Block = Field | Paragraph | List;

/** Something to open. */
export interface Link {
  label: string;
  url: string;
}

/** What a message says, in plain text of one language, before any provider's markup. Every text is one line. */
export interface NoticeDocument {
  /** Also the banner of a phone. */
  title: string;
  blocks: readonly Block[];
  link?: Link;
  /** Where the reader acknowledges it. */
  ack?: Link;
  language: Language;
}
