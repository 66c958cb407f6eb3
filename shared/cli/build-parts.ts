import type { Plugin } from 'esbuild';
import type { FunctionName } from '../local/function-bundles.ts';

/** A file beside the one of a function, loaded when its content is first used: what a host brings itself, and what is slow to load. */
export interface Part {
  /** What a dynamic import names. */
  imported: RegExp;
  /** Below the root of the repository, or a package. */
  entry: string;
}

/** Every part, by the name of its file. */
export const PARTS = {
  cloud: { imported: /\/cloud-platform\.ts$/, entry: 'shared/runtime/cloud-platform.ts' },
  tablestore: { imported: /^tablestore$/, entry: 'tablestore' },
  mail: { imported: /\/mail-transport\.ts$/, entry: 'shared/adapters/net/mail-transport.ts' },
  openapi: { imported: /^@alicloud\/openapi-client$/, entry: '@alicloud/openapi-client' },
  invoker: { imported: /^@alicloud\/fc2$/, entry: '@alicloud/fc2' },
  yaml: { imported: /\/local\/yaml\.ts$/, entry: 'shared/adapters/local/yaml.ts' },
  records: { imported: /\/console-records\.ts$/, entry: 'shared/runtime/console-records.ts' },
  rules: { imported: /\/console-rules\.ts$/, entry: 'shared/runtime/console-rules.ts' },
  channels: { imported: /\/console-channel-work\.ts$/, entry: 'shared/runtime/console-channel-work.ts' },
} as const satisfies Record<string, Part>;

/** Name of one part. */
export type PartName = keyof typeof PARTS;

/** Names of every part. */
export const PART_NAMES = Object.keys(PARTS).filter((name): name is PartName => name in PARTS);

const EVERYWHERE: readonly PartName[] = ['cloud', 'tablestore'];
const OPENAPI: readonly PartName[] = [...EVERYWHERE, 'openapi'];
const SENDER: readonly PartName[] = [...OPENAPI, 'mail'];

/** Functions that need more than the queue and the table store. */
const NEEDED: Partial<Record<FunctionName, readonly PartName[]>> = {
  'deliver-email': [...EVERYWHERE, 'mail'],
  'deliver-sms': OPENAPI,
  'deliver-voice': OPENAPI,
  sweep: OPENAPI,
  overview: OPENAPI,
  console: [...OPENAPI, 'invoker', 'records', 'rules', 'yaml', 'channels'],
  'notify-message': SENDER,
};

/** The parts that a function is deployed with; one that it does not use would only make its start slower. */
export const partsOf = (name: FunctionName): readonly PartName[] => NEEDED[name] ?? EVERYWHERE;

/**
 * What the SDK of Function Compute carries for other uses than ours: uploads to object storage, and itself once more for Node 6. With them
 * it would have 1 MB, without 146 KB.
 */
const UNUSED = /^(?:ali-oss|axios|ws|\.\/es5\/client\.js)$/;

/** What middy needs for answers in pieces, which Function Compute does not have. Node takes 2 to 4 ms to load it. */
const UNUSED_BY_MIDDY = /^node:stream\/(?:promises|web)$/;
const MIDDY = /[\\/]@middy[\\/]core[\\/]/;

/** Nothing in place of packages that are never called. */
export const withoutUnused: Plugin = {
  name: 'unused',
  setup: ({ onLoad, onResolve }) => {
    onResolve({ filter: UNUSED }, ({ path }) => ({ path, namespace: 'unused' }));
    onResolve({ filter: UNUSED_BY_MIDDY }, ({ path, importer }) =>
      MIDDY.test(importer) ? { path, namespace: 'unused' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
  },
};

const PACKAGE = /[\\/]node_modules[\\/]/;

const notAPart = (path: string): string =>
  `${path} is loaded later and is none of PARTS, so every module that it shares with the function would be wrapped and slower to load: import it at the top, or make it a part`;

/** Leaves the parts out of a bundle and loads each from its file when it is first used. Refuses an import() of our own of anything else. */
export const besideTheFunction: Plugin = {
  name: 'parts',
  setup: ({ onResolve }) => {
    for (const name of PART_NAMES)
      onResolve({ filter: PARTS[name].imported }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: `./${name}.js`, external: true } : undefined,
      );
    onResolve({ filter: /^\./ }, ({ kind, path, importer }) =>
      kind === 'dynamic-import' && !PACKAGE.test(importer) ? { errors: [{ text: notAPart(path) }] } : undefined,
    );
  },
};
