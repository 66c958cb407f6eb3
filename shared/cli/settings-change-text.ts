import * as z from 'zod/mini';
import { differences } from './value-diff.ts';

/** Schema of one object that differs, as the host tells it. */
export const toldObjectSchema = z.object({
  change: z.enum(['added', 'changed', 'removed']),
  kind: z.string(),
  name: z.string(),
  before: z.optional(z.unknown()),
  after: z.optional(z.unknown()),
  secretsChanged: z.array(z.string()),
});

/** How a file differs from what is in force, as the host tells it. */
export const comparedSchema = z.object({ changes: z.array(toldObjectSchema), reordered: z.array(z.string()) });

type ToldObject = z.infer<typeof toldObjectSchema>;
/** How a file differs from what is in force, as the host tells it. */
export type ComparedFile = z.infer<typeof comparedSchema>;

const SIGNS = { added: '+', changed: '~', removed: '-' } as const;

/** One object by its kind and name; a section is its own name. */
export const titleOf = ({ change, kind, name }: Pick<ToldObject, 'change' | 'kind' | 'name'>): string =>
  `${SIGNS[change]} ${kind === 'sections' ? name : `${kind} ${JSON.stringify(name)}`}`;

const pathOf = (line: string): string => line.slice(2).split(':', 1)[0] ?? '';

/** Secrets whose masks look the same before and after would not be seen otherwise. */
const hiddenSecrets = (lines: readonly string[], secrets: readonly string[]): string[] => {
  const seen = new Set(lines.map(pathOf));
  return secrets.filter((path) => !seen.has(path)).map((path) => `~ ${path}: another secret that is shown alike`);
};

const objectLines = (object: ToldObject): string[] => {
  if (object.change === 'removed') return [titleOf(object)];
  const lines = differences(object.before ?? (Array.isArray(object.after) ? [] : {}), object.after);
  return [titleOf(object), ...[...lines, ...hiddenSecrets(lines, object.secretsChanged)].map((line) => `    ${line}`)];
};

/** The lines about a file: each object that differs, then lists that stand in another order. */
export const changeLines = ({ changes, reordered }: ComparedFile): string[] => [
  ...changes.flatMap(objectLines),
  ...reordered.map((list) => `~ ${list}: in another order`),
];
