import { isRecord } from './is-record.ts';
import { MAX_CELLS } from './notify-limits.ts';
import { fromJsonText, isAbsent, type NotifyFields, textOf } from './notify-values.ts';

/** One node of a playbook; everything that only matters for drawing is left out. */
export interface PlaybookNode {
  id: string;
  /** Its name in expressions; empty when it has none. */
  name: string;
  /** `other`: a node of a kind that nobody publishes, such as a gateway. */
  kind: 'start' | 'end' | 'action' | 'other';
  /** As the playbook has it. */
  nodeType: string;
  component: string;
  action: string;
  /** The values of its parameters, with their defaults. */
  fields: NotifyFields;
  /** Parameters that the playbook itself calls required. */
  required: readonly string[];
  assetUuid: string;
  /** What shall happen when it fails, as the playbook has it; empty when it does not say. */
  onError: string;
}

/** One edge. */
export interface PlaybookEdge {
  id: string;
  source: string;
  target: string;
  /** It is taken only under a condition, in a language that nobody publishes. */
  conditional: boolean;
}

/** A playbook as far as it matters for running it: nodes and edges in the order of the file. */
export interface Playbook {
  nodes: readonly PlaybookNode[];
  edges: readonly PlaybookEdge[];
}

/** Why something is no playbook. */
export type PlaybookFault = 'not-json' | 'no-cells' | 'too-large';

const EDGE_TYPE = 'sequenceFlow';

const KINDS: Readonly<Record<string, PlaybookNode['kind']>> = {
  startEvent: 'start',
  endEvent: 'end',
  action: 'action',
};

type Cell = Readonly<Record<string, unknown>>;

const recordIn = (value: unknown): Cell => {
  const known = fromJsonText(value);
  return isRecord(known) ? known : {};
};

const wordIn = (value: Cell, ...keys: readonly string[]): string =>
  textOf(keys.map((key) => value[key]).find((found) => !isAbsent(found))).trim();

const parametersOf = (data: Cell): Cell[] => (Array.isArray(data.parameters) ? data.parameters.filter(isRecord) : []);

const defaultsOf = (data: Cell): [string, unknown][] =>
  parametersOf(data)
    .filter(({ defaultValue }) => !isAbsent(defaultValue))
    .map((parameter) => [wordIn(parameter, 'name'), parameter.defaultValue]);

const givenOf = (data: Cell): [string, unknown][] =>
  Object.entries(recordIn(data.valueData)).filter(([, value]) => !isAbsent(value));

const nodeOf = (cell: Cell, data: Cell): PlaybookNode => {
  const nodeType = wordIn(data, 'nodeType');
  return {
    id: wordIn(cell, 'id'),
    name: wordIn(data, 'nodeName') || wordIn(recordIn(recordIn(cell.attrs).label), 'text'),
    kind: Object.hasOwn(KINDS, nodeType) ? (KINDS[nodeType] ?? 'other') : 'other',
    nodeType,
    component: wordIn(data, 'componentName'),
    action: wordIn(data, 'actionName', 'name'),
    fields: Object.fromEntries([...defaultsOf(data), ...givenOf(data)]),
    required: parametersOf(data)
      .filter(({ required }) => required === true)
      .map((parameter) => wordIn(parameter, 'name')),
    assetUuid: wordIn(data, 'assetUuid'),
    onError: wordIn(recordIn(data.advance), 'onError'),
  };
};

const CONDITION = /condition|expression/i;

const endOf = (end: unknown): string => (isRecord(end) ? wordIn(end, 'cell') : textOf(end).trim());

const edgeOf = (cell: Cell, data: Cell): PlaybookEdge => ({
  id: wordIn(cell, 'id'),
  source: endOf(cell.source),
  target: endOf(cell.target),
  conditional: Object.entries(data).some(([key, value]) => CONDITION.test(key) && !isAbsent(value)),
});

const isEdge = (cell: Cell, data: Cell): boolean =>
  data.nodeType === EDGE_TYPE || (cell.source !== undefined && cell.target !== undefined);

/** The list of cells: the bare list, or what the console exports. */
const cellsOf = (value: unknown): readonly unknown[] | undefined => {
  if (Array.isArray(value)) return value;
  const cells = isRecord(value) ? fromJsonText(value.cells) : undefined;
  return Array.isArray(cells) ? cells : undefined;
};

/** The playbook in a value: `{"cells": [...]}` as the console exports it, the bare list as the API takes it, or JSON text of one of them. */
export const readPlaybook = (value: unknown): Playbook | PlaybookFault => {
  const known = fromJsonText(value);
  if (typeof known === 'string') return 'not-json';
  const cells = cellsOf(known);
  if (cells === undefined) return 'no-cells';
  if (cells.length > MAX_CELLS) return 'too-large';
  const parts = cells.filter(isRecord).map((cell) => ({ cell, data: recordIn(cell.data) }));
  return {
    nodes: parts.filter(({ cell, data }) => !isEdge(cell, data)).map(({ cell, data }) => nodeOf(cell, data)),
    edges: parts.filter(({ cell, data }) => isEdge(cell, data)).map(({ cell, data }) => edgeOf(cell, data)),
  };
};
