import type { NotifyBook } from './notify-book.ts';
import type { Playbook, PlaybookFault } from './playbook.ts';
import { finding, nameOfNode, type PlaybookFinding, stopping } from './playbook-finding.ts';
import { graphFindings } from './playbook-graph-findings.ts';
import { nodeFindings } from './playbook-node-findings.ts';

const FAULTS: Readonly<Record<PlaybookFault, PlaybookFinding>> = {
  'not-json': stopping('not-json', {
    node: '',
    detail: { en: 'This is not JSON: export the playbook again.', zh: '内容不是 JSON：请重新导出剧本。' },
  }),
  'no-cells': stopping('no-cells', {
    node: '',
    detail: {
      en: 'This is no playbook: it must be {"cells": [...]} as the console exports it, or the list of cells alone.',
      zh: '内容不是剧本：应为控制台导出的 {"cells": [...]}，或单独的 cells 数组。',
    },
  }),
  'too-large': stopping('too-large', {
    node: '',
    detail: { en: 'The playbook has more cells than can be run here.', zh: '剧本的单元数量超出此处可执行的上限。' },
  }),
};

/** The finding about something that is no playbook. */
export const faultFinding = (fault: PlaybookFault): PlaybookFinding => FAULTS[fault];

const conditionalEdges = ({ edges, nodes }: Playbook): PlaybookFinding[] =>
  edges
    .filter(({ conditional }) => conditional)
    .map(({ id, target }) => {
      const node = nodes.find((one) => one.id === target);
      return finding('warn', 'condition', {
        node: node === undefined ? id : nameOfNode(node),
        detail: {
          en: 'The edge to this node has a condition, which cannot be judged here: it is not taken, and the node is reported as not run unless another path leads to it.',
          zh: '通向该节点的连线带有条件，此处无法判断：不会走这条连线；若没有其他路径，该节点会报告为未执行。',
        },
      });
    });

const ORDER = { error: 0, warn: 1, remind: 2 };

/**
 * Everything that the author of a playbook should know before it runs, judged with the settings in force: errors first, then in the
 * order of the file. `event` is the input of the run when it is known; its fields are checked then.
 */
export const verifyPlaybook = (playbook: Playbook, given: { book: NotifyBook; event: unknown }): PlaybookFinding[] => {
  const found = [
    ...graphFindings(playbook),
    ...conditionalEdges(playbook),
    ...playbook.nodes.flatMap((node) => nodeFindings(node, playbook, given)),
  ];
  return found.sort((one, other) => ORDER[one.riskLevel] - ORDER[other.riskLevel]);
};
