import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Evidence, isInChannels } from './evidence.ts';

/** Queues to which a function sends; `deliver-*` are those of all channels. */
const QUEUES = ['events', 'notifications', 'notify-message', 'deliver-*'] as const;

/** What one function needs of the world. */
export interface Needs {
  /** Queues without the prefix of the stage. */
  sendsTo: readonly string[];
  /** Actions of RAM for calls of OpenAPIs. */
  actions: readonly string[];
  /** Whether it invokes other functions. */
  invokes: boolean;
  /** Names of environment variables. */
  variables: readonly string[];
}

/**
 * Every OpenAPI that is called, and the permission that it takes. Source: RAM pages of Short Message Service, Voice Messaging Service
 * and Security Center.
 */
export const OPENAPI_ACTIONS: Readonly<Record<string, string>> = {
  SendSms: 'dysms:SendSms',
  SendMessageToGlobe: 'dysms:SendMessageToGlobe',
  SingleCallByTts: 'dyvms:SingleCallByTts',
  DescribeAllGroups: 'yundun-sas:DescribeAllGroups',
  DescribeCloudCenterInstances: 'yundun-sas:DescribeCloudCenterInstances',
  DescribeTotalStatistics: 'yundun-sas:DescribeTotalStatistics',
};

const queuePattern = (queue: string): RegExp =>
  queue === 'deliver-*' ? /\bqueue:`deliver-\$\{/ : new RegExp(`\\bqueue:["'\`]${queue}["'\`]`);

const QUEUE_PATTERNS = QUEUES.map((queue) => [queue, queuePattern(queue)] as const);

const isNamed = (code: string, name: string): boolean => new RegExp(`["'\`]${name}["'\`]`).test(code);

const INVOKES = /\binvoker\b/;

/** Which port, and so which call in the code, makes a variable necessary. All other variables are read by every function. */
const EVERYWHERE = [
  'FENGHUO_NAME_PREFIX',
  'FENGHUO_SMQ_ENDPOINT',
  'FENGHUO_TABLESTORE_ENDPOINT',
  'FENGHUO_TABLESTORE_INSTANCE',
  'FENGHUO_LOG',
];
const BY_CODE: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\baccessToken\b/, ['FENGHUO_TOKEN']],
  [/\bsealer\b/, ['FENGHUO_SECRET_KEY', 'FENGHUO_SECRET_KEY_PREVIOUS']],
  [/\bconsoleUrl\b/, ['FENGHUO_CONSOLE_URL']],
  [/\bdeployedChannels\b/, ['FENGHUO_CHANNELS']],
  [/(?<![/\w])openapi\b(?!\.json)/, ['FENGHUO_OPENAPI_ENDPOINT']],
  [INVOKES, ['FENGHUO_FC_ENDPOINT']],
];
/** In the modules of channels. */
const SENDS_OUT = /\b(?:http|mail)\.send\(/;
const SENDING_VARIABLE = 'FENGHUO_WEBHOOK_ALLOW';

/** Every variable that any function may have. */
export const KNOWN_VARIABLES: readonly string[] = [
  ...EVERYWHERE,
  ...BY_CODE.flatMap(([, names]) => names),
  SENDING_VARIABLE,
];

/** What a function needs, told by what is left of its code. */
export const needsOf = (root: string, evidence: Evidence): Needs => {
  const { code } = evidence;
  const invokes = INVOKES.test(code);
  // Who invokes the functions of channels does not send, and has the code of channels to show what they would send.
  const sending = !invokes && isInChannels(root, evidence, SENDS_OUT) ? [SENDING_VARIABLE] : [];
  return {
    sendsTo: QUEUE_PATTERNS.filter(([, pattern]) => pattern.test(code)).map(([queue]) => queue),
    actions: Object.entries(OPENAPI_ACTIONS)
      .filter(([name]) => isNamed(code, name))
      .map(([, action]) => action),
    invokes,
    variables: [
      ...EVERYWHERE,
      ...BY_CODE.filter(([pattern]) => pattern.test(code)).flatMap(([, names]) => names),
      ...sending,
    ],
  };
};

const STORE_FILES = ['tablestore-store.ts', 'tablestore-writer.ts'];
const STORE_CALL = /\bclient\.(\w+)\(\{/g;

/** The actions of Tablestore that the adapter of the store calls. */
export const storeActions = (root: string): readonly string[] => {
  const sources = STORE_FILES.map((file) => readFileSync(join(root, 'shared/adapters/aliyun', file), 'utf8'));
  const calls = sources.flatMap((source) => [...source.matchAll(STORE_CALL)].map(([, call = '']) => call));
  return [...new Set(calls)].map((call) => `ots:${call.charAt(0).toUpperCase()}${call.slice(1)}`);
};
