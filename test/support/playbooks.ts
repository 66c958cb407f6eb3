import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The playbook of the vendor's page of the component NotifyMessage, its text as the page has it. */
export const pagePlaybook = (): string =>
  readFileSync(join(fileURLToPath(new URL('../fixtures/playbooks', import.meta.url)), 'notify-message.txt'), 'utf8');

/** A cell of a playbook. */
export type Cell = Record<string, unknown>;

/** A start node. */
export const start = (id = 'start'): Cell => ({ id, shape: 'circle', data: { nodeType: 'startEvent', nodeName: id } });

/** An end node. */
export const end = (id = 'end'): Cell => ({ id, shape: 'circle', data: { nodeType: 'endEvent', nodeName: id } });

/** A node of the component that sends by notifyByCustom; `more` are further fields of its data. */
export const custom = (name: string, valueData: object, more: object = {}): Cell => ({
  id: name,
  shape: 'activity',
  data: {
    nodeType: 'action',
    componentName: 'NotifyMessage',
    actionName: 'notifyByCustom',
    nodeName: name,
    valueData,
    ...more,
  },
});

/** A node of another component. */
export const other = (name: string, more: object = {}): Cell => ({
  id: name,
  shape: 'activity',
  data: { nodeType: 'action', componentName: 'IPBlock', actionName: 'block', nodeName: name, ...more },
});

/** Edges along each path, `a>b>c`. */
export const edges = (...paths: readonly string[]): Cell[] =>
  paths.flatMap((path) => {
    const steps = path.split('>');
    return steps.slice(1).map((target, at) => ({
      id: `${steps[at]}-${target}`,
      shape: 'custom-edge',
      data: { nodeType: 'sequenceFlow' },
      source: { cell: steps[at] },
      target: { cell: target },
    }));
  });
