import * as z from 'zod/mini';
import type { TableStore } from '../ports/table-store.ts';
import { type BlobKey, readBlobs, SettingsCorruptError } from './settings-blobs.ts';

/** Objects that stand one behind the other in a list, by the names of their rows. */
export interface Page {
  ref: string;
  refs: readonly string[];
}

/** What a key of the file holds: pages of a list of objects, or one value. */
export type Branch = { kind: 'list'; pages: readonly Page[] } | { kind: 'value'; ref: string };

/** Every row of one version of the settings, in the order of the file; without those of keys that were left out. */
export interface Tree {
  ref: string;
  branches: ReadonlyMap<string, Branch>;
}

/** Partition of the row that a version begins at. */
export const ROOTS = 'roots';

/** Partition of the objects of a list, or of one value. */
export const objectsOf = (key: string): string => `o/${key}`;

/** Partition of the pages of a list. */
export const pagesOf = (key: string): string => `p/${key}`;

const rootSchema = z.array(z.tuple([z.string(), z.union([z.string(), z.array(z.string())])]));
const pageSchema = z.array(z.string());

/** The text of the row that a tree begins at. */
export const rootText = (branches: Tree['branches']): string =>
  JSON.stringify(
    [...branches].map(([key, branch]) => [
      key,
      branch.kind === 'value' ? branch.ref : branch.pages.map(({ ref }) => ref),
    ]),
  );

/** The text of a page. */
export const pageText = (refs: readonly string[]): string => JSON.stringify(refs);

/** The pages of a branch; none of a single value. */
export const pagesIn = (branch: Branch | undefined): readonly Page[] => (branch?.kind === 'list' ? branch.pages : []);

/** The names of the objects of a branch, in order. */
export const refsIn = (branch: Branch | undefined): string[] =>
  branch?.kind === 'value' ? [branch.ref] : pagesIn(branch).flatMap(({ refs }) => refs);

/** Every row of a tree. */
export const blobsOf = ({ ref, branches }: Tree): BlobKey[] => [
  { pk: ROOTS, ref },
  ...[...branches].flatMap(([key, branch]) => [
    ...pagesIn(branch).map((page) => ({ pk: pagesOf(key), ref: page.ref })),
    ...refsIn(branch).map((object) => ({ pk: objectsOf(key), ref: object })),
  ]),
];

const parsed = <T>(schema: z.ZodMiniType<T>, text: string): T => {
  const result = schema.safeParse(JSON.parse(text));
  if (result.success) return result.data;
  throw new SettingsCorruptError('the stored settings have a form that this version does not know', {
    cause: result.error,
  });
};

const readPages = async (
  store: TableStore,
  key: string,
  { refs, known }: { refs: readonly string[]; known: readonly Page[] },
): Promise<Page[]> => {
  const pages = new Map(known.map((page) => [page.ref, page]));
  const fresh = refs.filter((ref) => !pages.has(ref));
  const texts = await readBlobs(store, pagesOf(key), { refs: fresh, total: refs.length });
  for (const [at, ref] of fresh.entries()) pages.set(ref, { ref, refs: parsed(pageSchema, texts[at] ?? '') });
  return refs.flatMap((ref) => pages.get(ref) ?? []);
};

/** How a tree is read. */
interface TreeOptions {
  /** A tree whose rows are not read again. */
  known?: Tree | undefined;
  /** Keys of the file that are left out: their rows are neither read nor kept. */
  without?: ReadonlySet<string> | undefined;
}

/** Reads the tree that begins at a row, and of it only what is not in one that is known. Throws {@link SettingsCorruptError}. */
export const readTree = async (store: TableStore, ref: string, { known, without }: TreeOptions = {}): Promise<Tree> => {
  const [text = ''] = await readBlobs(store, ROOTS, { refs: [ref], total: 1 });
  const wanted = parsed(rootSchema, text).filter(([key]) => without?.has(key) !== true);
  const branches = await Promise.all(
    wanted.map(async ([key, refs]): Promise<[string, Branch]> => {
      if (typeof refs === 'string') return [key, { kind: 'value', ref: refs }];
      return [
        key,
        { kind: 'list', pages: await readPages(store, key, { refs, known: pagesIn(known?.branches.get(key)) }) },
      ];
    }),
  );
  return { ref, branches: new Map(branches) };
};
