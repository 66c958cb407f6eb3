import * as z from 'zod/mini';
import { CarriedBrief } from './carried-brief.ts';

/** The briefs of a message as they travel. */
export const carriedBriefsSchema = z.transform((wires: unknown, { issues }): CarriedBrief[] => {
  const carried = Array.isArray(wires) ? wires.map(CarriedBrief.from) : [undefined];
  const good = carried.filter((one) => one !== undefined);
  if (good.length < carried.length) issues.push({ code: 'custom', message: 'not a list of briefs', input: wires });
  return good;
});

/**
 * A list that is taken as it is when every item is of the usual kind, which `isUsual` sees at a glance; else the schema of the items reads
 * it. For messages that are read by the thousand: copying each object costs more than all that is done with it.
 */
export const listOf = <Item>(item: z.ZodMiniType<Item>, isUsual: (value: unknown) => value is Item) => {
  const list = z.array(item);
  return z.transform((value: unknown, { issues }): Item[] => {
    if (Array.isArray(value) && value.every(isUsual)) return value;
    const read = list.safeParse(value);
    if (read.success) return read.data;
    for (const issue of read.error.issues) issues.push({ ...issue, code: 'custom', input: value });
    return [];
  });
};
