import * as z from 'zod/mini';
import { duration, method, name, names } from './settings-forms.ts';

const KINDS = ['inbox', 'chatbot', 'contact'] as const;

/** One place that the canary is sent to: a user of the inbox, a chatbot, or a contact by one of its methods. */
const canaryPlace = z
  .strictObject({
    inbox: z.optional(name),
    chatbot: z.optional(name),
    contact: z.optional(name),
    by: z.optional(method),
  })
  .check(
    z.refine(
      (place) => KINDS.filter((kind) => place[kind] !== undefined).length === 1,
      'must name one of inbox, chatbot and contact',
    ),
    z.refine(({ contact, by }) => (contact === undefined) === (by === undefined), {
      error: 'goes together with contact: by which method it is told',
      path: ['by'],
    }),
  );

/** The section `canary` of the settings. */
export const canarySection = z.strictObject({
  every: z.optional(duration),
  deadline: z.optional(duration),
  to: z.optional(z.array(canaryPlace).check(z.minLength(1))),
  alarm: z.optional(z.strictObject({ contacts: names, by: z.optional(z.array(method).check(z.minLength(1))) })),
});

/** When the canary is sent, where to, and who hears when it does not arrive. */
export type CanaryForm = z.infer<typeof canarySection>;

/** One place that the canary is sent to. */
export type CanaryPlace = z.infer<typeof canaryPlace>;

/** Where the canary is sent to when the settings name no place: an inbox that bothers nobody. */
const DEFAULT_PLACES: readonly CanaryPlace[] = [{ inbox: 'canary' }];

/** The places that the canary is sent to. */
export const canaryPlaces = ({ to }: CanaryForm): readonly CanaryPlace[] => to ?? DEFAULT_PLACES;
