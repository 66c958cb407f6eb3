import type { Bilingual } from './event.ts';
import { type ExpressionScope, evaluate, type Reference, referencesOf } from './expression.ts';
import { NOTIFY_COMPONENT } from './notify-message.ts';
import { shown } from './notify-words.ts';
import type { Playbook, PlaybookNode } from './playbook.ts';
import { finding, nameOfNode, type PlaybookFinding } from './playbook-finding.ts';
import { before, graphOf } from './playbook-graph.ts';

/** The name of the input of a playbook in expressions. */
export const EVENT = 'event';

/** What a node of NotifyMessage gives to those behind it; the first two are the vendor's. */
const OUTPUTS: ReadonlySet<string> = new Set(['message', 'status', 'receipts', 'problems']);

interface Looking {
  playbook: Playbook;
  /** Nodes that lead to the node in question. */
  upstream: ReadonlySet<string>;
  /** The input of the run; undefined when it is not known yet. */
  event: unknown;
}

const unknownWord = (reference: Reference): Bilingual => ({
  en: `${reference.written} is no expression that is known here: write \${node.field} or \${event.field}.`,
  zh: `无法识别表达式 ${reference.written}：请写成 \${节点.字段} 或 \${event.字段}。`,
});

const noSuchNode = ({ written, node = '' }: Reference): Bilingual => ({
  en: `${written}: there is no node called "${shown(node)}".`,
  zh: `${written}：没有名为“${shown(node)}”的节点。`,
});

const notBefore = ({ written, node = '' }: Reference): Bilingual => ({
  en: `${written}: the node "${shown(node)}" does not come before this one on any path, so its output is not there yet.`,
  zh: `${written}：节点“${shown(node)}”不在本节点之前的路径上，无法取得其输出。`,
});

const noSuchOutput = ({ written }: Reference): Bilingual => ({
  en: `${written}: a node of NotifyMessage gives message and status.`,
  zh: `${written}：NotifyMessage 节点只输出 message 和 status。`,
});

const notInEvent = ({ written }: Reference): Bilingual => ({
  en: `${written}: the event that was given has no such field.`,
  zh: `${written}：给定的事件没有该字段。`,
});

const eventProblem = (reference: Reference, { event }: Looking): Bilingual | undefined => {
  if (event === undefined) return undefined;
  const scope: ExpressionScope = new Map([[EVENT, event]]);
  return evaluate(reference, scope).kind === 'missing' ? notInEvent(reference) : undefined;
};

const problemOf = (reference: Reference, looking: Looking): Bilingual | undefined => {
  const { node: name, path } = reference;
  if (name === undefined) return unknownWord(reference);
  if (name === EVENT) return eventProblem(reference, looking);
  const node = looking.playbook.nodes.find((one) => one.name === name);
  if (node === undefined) return noSuchNode(reference);
  if (!looking.upstream.has(node.id)) return notBefore(reference);
  const [output] = path;
  const isKnown = node.component !== NOTIFY_COMPONENT || output === undefined || OUTPUTS.has(output);
  return isKnown ? undefined : noSuchOutput(reference);
};

/** References of a node that lead nowhere, each told once. */
export const referenceFindings = (node: PlaybookNode, playbook: Playbook, event: unknown): PlaybookFinding[] => {
  const looking: Looking = { playbook, upstream: before(graphOf(playbook), node.id), event };
  const references = new Map(referencesOf(node.fields).map((reference) => [reference.written, reference]));
  return [...references.values()].flatMap((reference) => {
    const detail = problemOf(reference, looking);
    return detail === undefined ? [] : [finding('error', 'unknown-reference', { node: nameOfNode(node), detail })];
  });
};
