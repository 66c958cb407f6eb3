import type { Language } from '../domain/delivery.ts';
import type { ExpressionScope } from '../domain/expression.ts';
import {
  isNotifyAction,
  NOTIFY_ACTIONS,
  NOTIFY_COMPONENT,
  type NotifyAction,
  refusedPlan,
} from '../domain/notify-message.ts';
import type { NotifyFields } from '../domain/notify-values.ts';
import { badValue } from '../domain/notify-words.ts';
import type { PlaybookNode } from '../domain/playbook.ts';
import { nameOfNode } from '../domain/playbook-finding.ts';
import { type NotifyPorts, notifyMessage } from './notify-message.ts';
import { type NotifyAnswer, refusedAnswer } from './notify-message-report.ts';
import { inputsOf } from './playbook-scope.ts';

/** One run of a playbook, as its nodes need it. */
export interface PlaybookOrder {
  /** Id of the run; messages of a repeated run have the same ids. */
  runId: string;
  startedAtMs: number;
  deadlineMs: number;
  language: Language;
}

/** What one node came to. `not-run`: nothing was done, and `message` says why. */
export interface NodeResult {
  id: string;
  node: string;
  component: string;
  action: string;
  status: 'success' | 'fail' | 'not-run';
  message: string;
  /** What the component answered, one for each item; empty when it was not run. */
  outputs: NotifyAnswer[];
  /** The parameters came as a list, and the action was run for each of its items. */
  isList: boolean;
  startedAtMs: number;
  durationMs: number;
}

/** A result before its times are known. */
type Outcome = Pick<NodeResult, 'status' | 'message' | 'outputs' | 'isList'>;

const NOT_RUN = {
  component: {
    en: `Not run: only the component ${NOTIFY_COMPONENT} is executed here.`,
    zh: `未执行：此处只执行组件 ${NOTIFY_COMPONENT}。`,
  },
  gateway: {
    en: 'Not run: this kind of node is not known here.',
    zh: '未执行：未知的节点类型。',
  },
  empty: {
    en: 'Not run: the list that it should run for is empty.',
    zh: '未执行：输入的列表为空。',
  },
  stopped: {
    en: 'Not run: every path to this node was stopped before it, by a node that failed or by a condition that cannot be judged here.',
    zh: '未执行：通向该节点的路径都已在之前中止（节点失败或条件无法判断）。',
  },
  passed: { en: 'Passed.', zh: '已通过。' },
};

const notRun = (why: keyof typeof NOT_RUN, language: Language): Outcome => ({
  status: 'not-run',
  message: NOT_RUN[why][language],
  outputs: [],
  isList: false,
});

interface Step {
  ports: NotifyPorts;
  order: PlaybookOrder;
  node: PlaybookNode;
}

const callOf = ({ order, node }: Step, action: NotifyAction, item: { fields: NotifyFields; at: number }) => ({
  action,
  fields: item.fields,
  assetUuid: node.assetUuid,
  requestId: `${order.runId}/${node.id}/${item.at}`,
  startedAtMs: order.startedAtMs,
  deadlineMs: order.deadlineMs,
  language: order.language,
  rule: `playbook:${nameOfNode(node)}`,
});

const together = (outputs: NotifyAnswer[], isList: boolean): Outcome => ({
  status: outputs.every(({ status }) => status) ? 'success' : 'fail',
  message: outputs.map(({ message }) => message).join('\n'),
  outputs,
  isList,
});

/** Runs the action of a node for every item of its parameters, one after the other. */
const runAction = async (step: Step, action: NotifyAction, scope: ExpressionScope): Promise<Outcome> => {
  const { ports, order, node } = step;
  const inputs = inputsOf(node.fields, scope);
  if (inputs.kind === 'wrong') return together([refusedAnswer(refusedPlan(inputs.problems), order.language)], false);
  if (inputs.items.length === 0) return notRun('empty', order.language);
  const outputs: NotifyAnswer[] = [];
  for (const [at, fields] of inputs.items.entries())
    outputs.push(await notifyMessage(ports, callOf(step, action, { fields, at })));
  return together(outputs, inputs.isList);
};

const outcomeOf = (step: Step, scope: ExpressionScope): Promise<Outcome> => {
  const { node, order } = step;
  if (node.kind === 'start' || node.kind === 'end') {
    const message = NOT_RUN.passed[order.language];
    return Promise.resolve({ status: 'success', message, outputs: [], isList: false });
  }
  if (node.kind === 'other') return Promise.resolve(notRun('gateway', order.language));
  if (node.component !== NOTIFY_COMPONENT) return Promise.resolve(notRun('component', order.language));
  if (isNotifyAction(node.action)) return runAction(step, node.action, scope);
  const plan = refusedPlan([badValue('actionName', node.action, NOTIFY_ACTIONS)]);
  return Promise.resolve(together([refusedAnswer(plan, order.language)], false));
};

const resultOf = ({ ports, order, node }: Step, outcome: Outcome, startedAtMs: number): NodeResult => ({
  id: node.id,
  node: nameOfNode(node),
  component: node.component,
  action: node.action,
  ...outcome,
  startedAtMs: Math.max(startedAtMs, order.startedAtMs),
  durationMs: ports.clock.nowMs() - startedAtMs,
});

/** Runs one node; `scope` is what its expressions see. Throws only when the settings cannot be read. */
export const runNode = async (step: Step, scope: ExpressionScope): Promise<NodeResult> => {
  const startedAtMs = step.ports.clock.nowMs();
  return resultOf(step, await outcomeOf(step, scope), startedAtMs);
};

/** The result of a node that no living path leads to. */
export const stoppedNode = (step: Step): NodeResult =>
  resultOf(step, notRun('stopped', step.order.language), step.ports.clock.nowMs());

/** What the nodes behind a node see of it: its output, or the list of them when it ran for a list; undefined when it was not run. */
export const outputOf = ({ status, outputs, isList }: NodeResult): unknown => {
  if (status === 'not-run') return undefined;
  return isList ? outputs : (outputs[0] ?? {});
};
