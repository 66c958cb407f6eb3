import { type Brief, briefSchema } from './digest.ts';
import { isLevel } from './level.ts';

/** Stands between the fields of a line. No text means anything by it, and JSON writes it as it is: one byte. */
const BETWEEN = '\u007f';
/** Fields that every line has; labels and values of the details follow. */
const FIXED_FIELDS = 18;
const LEVEL_AT = 5;
const INSTANT_AT = 13;
const HAS_TITLE = 'title';

/** In the order that {@link briefIn} knows. */
const fieldsOf = (brief: Brief): string[] => {
  const { resource, title, moreDetails } = brief;
  const fields = [
    brief.id,
    brief.product,
    brief.type,
    brief.name,
    brief.status,
    brief.level,
    brief.vendorLevel,
    resource.id,
    resource.type,
    resource.name,
    resource.arn,
    brief.region,
    brief.account,
    String(brief.atMs),
    moreDetails === undefined ? '' : String(moreDetails),
    title === undefined ? '' : HAS_TITLE,
    title?.zh ?? '',
    title?.en ?? '',
  ];
  for (const [label, text] of brief.details) fields.push(label, text);
  return fields;
};

const holdsSeparator = (field: string): boolean => field.includes(BETWEEN);

const detailsIn = (fields: readonly string[]): Brief['details'] => {
  const details: Brief['details'] = [];
  for (let at = FIXED_FIELDS; at < fields.length; at += 2) details.push([fields[at] ?? '', fields[at + 1] ?? '']);
  return details;
};

/** The brief of a text that {@link isLine} agrees to. */
const briefIn = (line: string): Brief => {
  const fields = line.split(BETWEEN);
  const field = (at: number): string => fields[at] ?? '';
  const level = field(LEVEL_AT);
  const brief: Brief = {
    id: field(0),
    product: field(1),
    type: field(2),
    name: field(3),
    status: field(4),
    level: isLevel(level) ? level : 'info',
    vendorLevel: field(6),
    resource: { id: field(7), type: field(8), name: field(9), arn: field(10) },
    region: field(11),
    account: field(12),
    atMs: Number(field(INSTANT_AT)),
    details: detailsIn(fields),
  };
  if (field(14) !== '') brief.moreDetails = Number(field(14));
  if (field(15) === HAS_TITLE) brief.title = { zh: field(16), en: field(17) };
  return brief;
};

/** Whether it has every fixed field and those are right that could be wrong; cheap, for messages that are read by the thousand. */
const isLine = (text: string): boolean => {
  let start = 0;
  for (let at = 0; at < FIXED_FIELDS - 1; at += 1) {
    const end = text.indexOf(BETWEEN, start);
    if (end === -1) return false;
    if (at === LEVEL_AT && !isLevel(text.slice(start, end))) return false;
    if (at === INSTANT_AT && (end === start || !Number.isFinite(Number(text.slice(start, end))))) return false;
    start = end + 1;
  }
  return true;
};

/** What stands for a brief in a message: a line, or the brief itself when a line cannot hold it or an older release wrote it. */
type Wire = string | Brief;

/**
 * A brief as queue messages carry it: one line of text, which a stage that only passes it on neither takes apart nor writes anew. It is taken
 * apart once, by who asks for it.
 */
export class CarriedBrief {
  readonly wire: Wire;
  #brief: Brief | undefined;
  #id: string | undefined;

  private constructor(wire: Wire, brief: Brief | undefined) {
    this.wire = wire;
    this.#brief = brief;
  }

  /** Ready for a message. */
  static of(brief: Brief): CarriedBrief {
    const fields = fieldsOf(brief);
    return new CarriedBrief(fields.some(holdsSeparator) ? brief : fields.join(BETWEEN), brief);
  }

  /** Out of a message; undefined when it is no brief. */
  static from(wire: unknown): CarriedBrief | undefined {
    if (typeof wire === 'string') return isLine(wire) ? new CarriedBrief(wire, undefined) : undefined;
    const { data } = briefSchema.safeParse(wire);
    return data && new CarriedBrief(data, data);
  }

  /** Id of the event. */
  get id(): string {
    this.#id ??= typeof this.wire === 'string' ? this.wire.slice(0, this.wire.indexOf(BETWEEN)) : this.wire.id;
    return this.#id;
  }

  /** The brief itself. */
  get brief(): Brief {
    this.#brief ??= typeof this.wire === 'string' ? briefIn(this.wire) : this.wire;
    return this.#brief;
  }

  /** JSON holds the wire. */
  toJSON(): Wire {
    return this.wire;
  }
}
