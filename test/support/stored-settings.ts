import { createHash } from 'node:crypto';
import type { Settings } from '../../shared/domain/settings.ts';
import { canonicalJson } from '../../shared/domain/settings-json.ts';
import { mapSecrets } from '../../shared/domain/settings-secrets.ts';
import type { Row } from '../../shared/ports/table-store.ts';
import type { DocumentPorts } from '../../shared/stages/settings-document.ts';
import type { TinyPlatform } from './tiny-platform.ts';

const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

const put = (pk: string, sk: string, value: unknown) =>
  ({ kind: 'put', table: 'settings', pk, sk, body: JSON.stringify(value), when: 'any' }) as const;

const CHUNK_CHARS = 1_000;

/** Stores settings as the release before stored them: one sealed text in parts, and a row that names them. */
export const storeAsDocument = async (platform: DocumentPorts, settings: Settings, version = 3): Promise<void> => {
  const text = canonicalJson(mapSecrets(settings, (secret, place) => platform.sealer.seal(secret, place)));
  const chunks = Math.ceil(text.length / CHUNK_CHARS);
  const rows = 'rowsOfThisOne';
  const parts = Array.from({ length: chunks }, (_, at) =>
    put(`v${version}`, `${rows}-${String(at).padStart(5, '0')}`, text.slice(at * CHUNK_CHARS, (at + 1) * CHUNK_CHARS)),
  );
  const content = platform.sealer.digest(canonicalJson(settings));
  const pointer = { version, digest: digestOf(text), content, rows, chunks, savedAtMs: 5 };
  await platform.store.write([...parts, put('current', '', pointer)]);
};

/** The only row of a partition whose body tells of something. */
export const rowOf = (platform: TinyPlatform, pk: string, what = ''): [string, Row] => {
  const found = [...platform.rows].filter(([, row]) => row.pk === pk && row.body.includes(what));
  if (found.length !== 1) throw new Error(`${found.length} rows of ${pk} hold ${what}`);
  return found[0]!;
};

const replaceRow = (platform: TinyPlatform, [key, row]: [string, Row], body: string): [string, string] => {
  const ref = row.sk.replace(/[\w-]{22}$/, digestOf(body));
  platform.rows.delete(key);
  platform.rows.set(JSON.stringify(['settings', row.pk, ref]), { ...row, sk: ref, body });
  return [row.sk, ref];
};

const replaceNamed = (platform: TinyPlatform, pk: string, [from, to]: [string, string]): [string, string] => {
  const row = rowOf(platform, pk, from);
  return replaceRow(platform, row, row[1].body.replace(from, to));
};

/** Changes stored objects of a list as somebody would who can write the store and knows how rows are named. */
export const tamper = (
  platform: TinyPlatform,
  kind: string,
  change: (objects: Record<string, unknown>[]) => void,
): void => {
  const rows = [...platform.rows].filter(([, { pk }]) => pk === `o/${kind}`);
  const objects = rows.map(([, { body }]) => JSON.parse(body));
  change(objects);
  for (const [at, row] of rows.entries()) {
    const body = JSON.stringify(objects[at]);
    if (body === row[1].body) continue;
    const page = replaceNamed(platform, `p/${kind}`, replaceRow(platform, row, body));
    const root = replaceNamed(platform, 'roots', page);
    const [key, pointer] = rowOf(platform, 'current');
    platform.rows.set(key, { ...pointer, body: pointer.body.replace(root[0], root[1]) });
  }
};

/** Partitions of the rows that are stored, without the history. */
export const partitionsOf = (platform: TinyPlatform): string[] =>
  [...platform.rows.values()]
    .map(({ pk }) => pk)
    .filter((pk) => !pk.startsWith('history'))
    .sort();
