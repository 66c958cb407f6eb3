import type { Settings } from '../domain/settings.ts';
import { isListKind, itemsOf, type ListKind, nameIn } from '../domain/settings-parts.ts';
import { isSameValue } from '../domain/settings-same.ts';
import type { Sealer } from '../ports/secrets.ts';
import { type Blob, type BlobKey, blobOf } from './settings-blobs.ts';
import { mayHoldSecrets, sealPart } from './settings-seals.ts';
import type { Snapshot } from './settings-snapshot.ts';
import {
  type Branch,
  objectsOf,
  type Page,
  pagesIn,
  pagesOf,
  pageText,
  ROOTS,
  refsIn,
  rootText,
  type Tree,
} from './settings-tree.ts';

/** A page ends at some names, so that a change in one place leaves the pages elsewhere as they are. */
const MIN_PAGE_OBJECTS = 64;
const MAX_PAGE_OBJECTS = 1_024;
const MEAN_PAGE_OBJECTS = 256;

/** How a version of the settings is written on top of another one. */
export interface Plan {
  /** The same settings, in which whatever means the same as before is the very same object as before. */
  settings: Settings;
  tree: Tree;
  /** What must be written. */
  blobs: readonly Blob[];
  /** What nobody reads any more when this version is in force. */
  dropped: readonly BlobKey[];
}

/** What a plan is made of. */
export interface PlanInput {
  settings: Settings;
  from: Pick<Snapshot, 'settings' | 'tree'> | undefined;
  /** Begins the names of all rows of this writer. */
  writer: string;
  sealer: Sealer;
  /** Everything that holds secrets is sealed anew. */
  reseals: boolean;
}

interface Planning extends Omit<PlanInput, 'settings' | 'from'> {
  blobs: Blob[];
  dropped: BlobKey[];
}

interface Part {
  key: string;
  value: unknown;
  before: unknown;
  branch: Branch | undefined;
}

interface Planned {
  value: unknown;
  branch: Branch;
}

/** FNV-1a of a name. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
};

const endsPage = (size: number, name: string): boolean =>
  size >= MAX_PAGE_OBJECTS || (size >= MIN_PAGE_OBJECTS && hashOf(name) % MEAN_PAGE_OBJECTS === 0);

interface Entry {
  name: string;
  value: unknown;
  ref: string;
}

const inPages = (entries: readonly Entry[]): string[][] => {
  const pages: string[][] = [];
  let open: string[] | undefined;
  for (const { name, ref } of entries) {
    if (open === undefined) {
      open = [];
      pages.push(open);
    }
    open.push(ref);
    if (endsPage(open.length, name)) open = undefined;
  }
  return pages;
};

const write = ({ writer, blobs }: Planning, pk: string, text: string): string => {
  const blob = blobOf(writer, pk, text);
  blobs.push(blob);
  return blob.ref;
};

const keepsRef = ({ reseals }: Planning, key: string): boolean => !(reseals && mayHoldSecrets(key));

/** Finds where an object stood before: mostly where it stands now, so that the names of all are gathered only when one does not. */
const placesIn = (kind: ListKind, old: readonly unknown[]): ((name: string, at: number) => number | undefined) => {
  let places: Map<string, number> | undefined;
  return (name, at) => {
    if (nameIn(kind, old[at]) === name) return at;
    places ??= new Map(old.map((item, place) => [nameIn(kind, item), place]));
    return places.get(name);
  };
};

const entriesOf = (planning: Planning, kind: ListKind, { value, before, branch }: Part): Entry[] => {
  const old = itemsOf(before);
  const refs = refsIn(branch);
  const placeOf = placesIn(kind, old);
  const keeps = keepsRef(planning, kind);
  return itemsOf(value).map((item, index) => {
    const name = nameIn(kind, item);
    const at = placeOf(name, index);
    const isKnown = at !== undefined && isSameValue(old[at], item);
    const ref = isKnown && keeps ? refs[at] : undefined;
    return {
      name,
      value: isKnown ? old[at] : item,
      ref: ref ?? write(planning, objectsOf(kind), sealPart(planning.sealer, kind, item)),
    };
  });
};

const isSameRefs = (one: readonly string[], other: readonly string[] | undefined): boolean =>
  one.length === other?.length && one.every((ref, at) => ref === other[at]);

const pagesFor = (planning: Planning, kind: ListKind, { entries, old }: { entries: Entry[]; old: readonly Page[] }) => {
  const known = new Map(old.map((page) => [page.refs[0], page]));
  return inPages(entries).map((refs): Page => {
    const same = known.get(refs[0]);
    if (same !== undefined && isSameRefs(refs, same.refs)) return same;
    return { refs, ref: write(planning, pagesOf(kind), pageText(refs)) };
  });
};

const dropPages = ({ dropped }: Planning, key: string, [old, pages]: [readonly Page[], readonly Page[]]): void => {
  const kept = new Set(pages);
  const known = new Set(old);
  const objects = new Set(pages.flatMap((page) => (known.has(page) ? [] : page.refs)));
  for (const page of old) {
    if (kept.has(page)) continue;
    dropped.push({ pk: pagesOf(key), ref: page.ref });
    for (const ref of page.refs) if (!objects.has(ref)) dropped.push({ pk: objectsOf(key), ref });
  }
};

const planList = (planning: Planning, kind: ListKind, part: Part): Planned => {
  const { value, before, branch } = part;
  if (value === before && branch !== undefined && keepsRef(planning, kind)) return { value, branch };
  const entries = entriesOf(planning, kind, part);
  const old = pagesIn(branch);
  const pages = pagesFor(planning, kind, { entries, old });
  dropPages(planning, kind, [old, pages]);
  const values = entries.map((entry) => entry.value);
  const items = itemsOf(before);
  const isSame =
    Array.isArray(before) && values.length === items.length && values.every((item, at) => item === items[at]);
  return { value: isSame ? before : values, branch: { kind: 'list', pages } };
};

const planValue = (planning: Planning, { key, value, before, branch }: Part): Planned => {
  const known = branch?.kind === 'value' ? branch : undefined;
  const isSame = known !== undefined && isSameValue(before, value);
  if (isSame && keepsRef(planning, key)) return { value: before, branch: known };
  if (known !== undefined) planning.dropped.push({ pk: objectsOf(key), ref: known.ref });
  const ref = write(planning, objectsOf(key), sealPart(planning.sealer, key, value));
  return { value: isSame ? before : value, branch: { kind: 'value', ref } };
};

const planPart = (planning: Planning, part: Part): Planned =>
  isListKind(part.key) ? planList(planning, part.key, part) : planValue(planning, part);

const dropBranch = (planning: Planning, key: string, branch: Branch): void => {
  dropPages(planning, key, [pagesIn(branch), []]);
  if (branch.kind === 'value') planning.dropped.push({ pk: objectsOf(key), ref: branch.ref });
};

/** The parts are those of checked settings, or mean the same. */
const isSettings = (file: object, planned: Settings): file is Settings =>
  Object.keys(file).length === Object.keys(planned).length;

/** Plans how to write settings on top of others: only what has changed. Pure but for random seals. */
export const planTree = ({ settings, from, ...input }: PlanInput): Plan => {
  const old = from?.tree?.branches ?? new Map<string, Branch>();
  const planning: Planning = { ...input, blobs: [], dropped: [] };
  const before = new Map(Object.entries(from?.tree === undefined ? {} : from.settings));
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined);
  const planned = entries.map(([key, value]): [string, Planned] => [
    key,
    planPart(planning, { key, value, before: before.get(key), branch: old.get(key) }),
  ]);
  const branches = new Map(planned.map(([key, { branch }]) => [key, branch]));
  for (const [key, branch] of old) if (!branches.has(key)) dropBranch(planning, key, branch);
  const ref = write(planning, ROOTS, rootText(branches));
  if (from?.tree !== undefined) planning.dropped.push({ pk: ROOTS, ref: from.tree.ref });
  const shared = Object.fromEntries(planned.map(([key, { value }]) => [key, value]));
  return {
    settings: isSettings(shared, settings) ? shared : settings,
    tree: { ref, branches },
    blobs: planning.blobs,
    dropped: planning.dropped,
  };
};
