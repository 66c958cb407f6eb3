import { groupBy } from './group-by.ts';
import { shown } from './notify-words.ts';
import type { Playbook, PlaybookNode } from './playbook.ts';
import { finding, nameOfNode, type PlaybookFinding, stopping } from './playbook-finding.ts';
import { behind, graphOf, inOrder, type PlaybookGraph } from './playbook-graph.ts';

const WHOLE = '';
/** The name under which expressions see the input of the playbook. Source: security-center user guide, soar-node-parameters. */
const EVENT = 'event';

const starts = ({ nodes }: Playbook): PlaybookNode[] => nodes.filter(({ kind }) => kind === 'start');

const startFindings = (playbook: Playbook): PlaybookFinding[] => {
  const count = starts(playbook).length;
  if (count === 1) return [];
  const detail =
    count === 0
      ? { en: 'There is no start node: add one and connect it.', zh: '没有开始节点：请添加并连接一个开始节点。' }
      : { en: `There are ${count} start nodes: keep one.`, zh: `有 ${count} 个开始节点：只能保留一个。` };
  return [stopping(count === 0 ? 'no-start' : 'several-starts', { node: WHOLE, detail })];
};

const endFindings = ({ nodes }: Playbook): PlaybookFinding[] =>
  nodes.some(({ kind }) => kind === 'end')
    ? []
    : [
        finding('warn', 'no-end', {
          node: WHOLE,
          detail: {
            en: 'There is no end node: add one behind the last node.',
            zh: '没有结束节点：请在最后一个节点后添加。',
          },
        }),
      ];

const looseEdges = ({ nodes, edges }: Playbook): PlaybookFinding[] => {
  const ids = new Set(nodes.map(({ id }) => id));
  return edges
    .filter(({ source, target }) => !(ids.has(source) && ids.has(target)))
    .map(({ id }) =>
      stopping('loose-edge', {
        node: id,
        detail: {
          en: 'This edge leads from or to a node that does not exist: connect it again, or remove it.',
          zh: '该连线的一端没有节点：请重新连接或删除。',
        },
      }),
    );
};

const repeated = (nodes: readonly PlaybookNode[], of: (node: PlaybookNode) => string): [string, PlaybookNode[]][] =>
  [...groupBy(nodes, of)].filter(([key, group]) => key !== '' && group.length > 1);

const sameNames = ({ nodes }: Playbook): PlaybookFinding[] => [
  ...repeated(nodes, ({ id }) => id).map(([id]) =>
    stopping('same-id', {
      node: id,
      detail: {
        en: 'Several nodes have this id: each needs its own.',
        zh: '多个节点使用了同一 ID：每个节点必须唯一。',
      },
    }),
  ),
  ...repeated(
    nodes.filter(({ kind }) => kind !== 'end'),
    ({ name }) => name,
  ).map(([name]) =>
    stopping('same-name', {
      node: name,
      detail: {
        en: 'Several nodes have this name, so that expressions cannot tell them apart: rename one.',
        zh: '多个节点重名，表达式无法区分：请重命名。',
      },
    }),
  ),
];

const badNames = ({ nodes }: Playbook): PlaybookFinding[] =>
  nodes
    .filter(({ kind }) => kind === 'action' || kind === 'other')
    .flatMap((node) => {
      if (node.name === '')
        return [
          finding('warn', 'no-name', {
            node: node.id,
            detail: {
              en: 'This node has no name, so that no expression can use its output: give it one.',
              zh: '该节点没有名称，表达式无法引用其输出：请命名。',
            },
          }),
        ];
      if (node.name !== EVENT) return [];
      const detail = {
        en: 'No node may be called "event": that is the input of the playbook. Rename it.',
        zh: '节点不能命名为“event”，它代表剧本的输入：请重命名。',
      };
      return [stopping('reserved-name', { node: EVENT, detail })];
    });

const circles = (graph: PlaybookGraph): PlaybookFinding[] => {
  const ordered = new Set(inOrder(graph, new Set(graph.nodes.keys())).map(({ id }) => id));
  const inCircle = [...graph.nodes.values()].filter(
    ({ id }) =>
      !ordered.has(id) &&
      behind(
        graph,
        graph.out(id).map(({ target }) => target),
      ).has(id),
  );
  if (inCircle.length === 0) return [];
  const names = inCircle.map((node) => shown(nameOfNode(node)));
  return [
    stopping('cycle', {
      node: names[0] ?? WHOLE,
      detail: {
        en: `These nodes form a circle, which would never end: ${names.join(', ')}. Remove one of its edges.`,
        zh: `以下节点形成了循环，永远不会结束：${names.join('、')}。请删除其中一条连线。`,
      },
    }),
  ];
};

const unreachable = (playbook: Playbook, graph: PlaybookGraph): PlaybookFinding[] => {
  const begin = starts(playbook).map(({ id }) => id);
  if (begin.length === 0) return [];
  const reached = behind(graph, begin);
  return playbook.nodes
    .filter(({ id }) => !reached.has(id))
    .map((node) =>
      finding('warn', 'unreachable', {
        node: nameOfNode(node),
        detail: {
          en: 'No path leads from the start to this node, so it never runs: connect it, or remove it.',
          zh: '从开始节点无法到达该节点，它不会被执行：请连接或删除。',
        },
      }),
    );
};

const deadEnds = (playbook: Playbook, graph: PlaybookGraph): PlaybookFinding[] =>
  playbook.nodes.some(({ kind }) => kind === 'end')
    ? playbook.nodes
        .filter(({ id, kind }) => kind !== 'end' && graph.out(id).length === 0)
        .map((node) =>
          finding('remind', 'dead-end', {
            node: nameOfNode(node),
            detail: {
              en: 'Nothing follows this node, not even an end node: connect it to one.',
              zh: '该节点之后没有任何节点：请连接到结束节点。',
            },
          }),
        )
    : [];

/** What is wrong with the nodes and edges of a playbook, whatever its nodes do. */
export const graphFindings = (playbook: Playbook): PlaybookFinding[] => {
  const graph = graphOf(playbook);
  return [
    ...startFindings(playbook),
    ...endFindings(playbook),
    ...looseEdges(playbook),
    ...sameNames(playbook),
    ...badNames(playbook),
    ...circles(graph),
    ...unreachable(playbook, graph),
    ...deadEnds(playbook, graph),
  ];
};
