import type { Bilingual } from './event.ts';
import { referencesOf } from './expression.ts';
import type { NotifyBook } from './notify-book.ts';
import { CENTER_REQUIRED, planCenter } from './notify-center.ts';
import { planCustom } from './notify-custom-plan.ts';
import { isNotifyAction, NOTIFY_ACTIONS, NOTIFY_COMPONENT, type NotifyPlan } from './notify-message.ts';
import { isAbsent, textOf } from './notify-values.ts';
import { inList, missingField, shown } from './notify-words.ts';
import type { Playbook, PlaybookNode } from './playbook.ts';
import { finding, nameOfNode, type PlaybookFinding } from './playbook-finding.ts';
import { referenceFindings } from './playbook-references.ts';

/** The one value of `advance.onError` that is published. Source: sophonsoar 2025-09-03. */
export const STOP_FLOW = 'stop_cur_flow';

/** Words that plainly mean the other thing. */
const GO_ON = /^(?:|continue|ignore|go_on|next)$/i;

const at = (node: PlaybookNode, detail: Bilingual): { node: string; detail: Bilingual } => ({
  node: nameOfNode(node),
  detail,
});

const notRunHere = (node: PlaybookNode): PlaybookFinding =>
  finding(
    'warn',
    'unknown-component',
    at(node, {
      en: `The component ${shown(node.component) || '(none)'} is not executed here, only ${NOTIFY_COMPONENT} is: the node is reported as not run, and what follows goes on without its output.`,
      zh: `此处不执行组件 ${shown(node.component) || '（无）'}，只执行 ${NOTIFY_COMPONENT}：该节点会报告为未执行，后续节点在没有其输出的情况下继续。`,
    }),
  );

const unknownKind = (node: PlaybookNode): PlaybookFinding =>
  finding(
    'warn',
    'unknown-node-type',
    at(node, {
      en: `The node type ${shown(node.nodeType) || '(none)'} is not known here: with one way out it is passed through, with several nothing behind it runs, because nobody can tell which way it would take.`,
      zh: `未知的节点类型 ${shown(node.nodeType) || '（无）'}：只有一个出口时直接通过；有多个出口时其后的节点都不执行，因为无法判断走向。`,
    }),
  );

const unknownAction = (node: PlaybookNode): PlaybookFinding =>
  finding(
    'error',
    'unknown-action',
    at(node, {
      en: `${NOTIFY_COMPONENT} has no action "${shown(node.action)}". Known: ${inList(NOTIFY_ACTIONS).en}.`,
      zh: `${NOTIFY_COMPONENT} 没有动作“${shown(node.action)}”。可用的动作：${inList(NOTIFY_ACTIONS).zh}。`,
    }),
  );

const onErrorFindings = (node: PlaybookNode): PlaybookFinding[] =>
  node.onError === STOP_FLOW || GO_ON.test(node.onError)
    ? []
    : [
        finding(
          'remind',
          'unknown-on-error',
          at(node, {
            en: `onError "${shown(node.onError)}" is not known here: the playbook goes on when this node fails. Known: ${STOP_FLOW}.`,
            zh: `未知的 onError“${shown(node.onError)}”：该节点失败后剧本会继续执行。已知的值：${STOP_FLOW}。`,
          }),
        ),
      ];

/** Whether something is missing can only be said when everything is there. */
const OF_ABSENCE: ReadonlySet<string> = new Set([
  'missing-parameter',
  'missing-variable',
  'nothing-asked',
  'unreached-receiver',
]);

const planOf = (node: PlaybookNode, book: NotifyBook): { plan: NotifyPlan; isWhole: boolean } => {
  const constant = Object.entries(node.fields).filter(([, value]) => referencesOf(value).length === 0);
  const fields = Object.fromEntries(constant);
  const plan = node.action === 'notifyByCustom' ? planCustom(fields, node.assetUuid, book) : planCenter(fields, book);
  return { plan, isWhole: constant.length === Object.keys(node.fields).length };
};

const planFindings = (node: PlaybookNode, book: NotifyBook): PlaybookFinding[] => {
  const { plan, isWhole } = planOf(node, book);
  const problems = plan.problems.filter(({ code }) => isWhole || !OF_ABSENCE.has(code));
  return [
    ...problems.map(({ code, text }) => finding('error', code, at(node, text))),
    ...plan.remarks.map((remark) => finding('warn', 'remark', at(node, remark))),
  ];
};

const missingFindings = (node: PlaybookNode): PlaybookFinding[] => {
  const required = new Set([...node.required, ...(node.action === 'notifyByMessageCenter' ? CENTER_REQUIRED : [])]);
  return [...required]
    .filter((name) => isAbsent(node.fields[name]))
    .map((name) => finding('error', 'missing-parameter', at(node, missingField(name).text)));
};

const ACCOUNT = /^\d+$/;

const accountFindings = (node: PlaybookNode): PlaybookFinding[] => {
  const uid = textOf(node.fields.aliuid).trim();
  if (node.action !== 'notifyByMessageCenter' || uid === '' || ACCOUNT.test(uid) || uid.includes('${')) return [];
  return [
    finding(
      'remind',
      'odd-account',
      at(node, {
        en: `aliuid "${shown(uid)}" is no account number; it is taken for the account of these settings. Write the whole number.`,
        zh: `aliuid“${shown(uid)}”不是账号 ID，将视为本配置所属的账号：请填写完整的数字。`,
      }),
    ),
  ];
};

const unique = (findings: readonly PlaybookFinding[]): PlaybookFinding[] => [
  ...new Map(findings.map((one) => [`${one.code}\n${one.detail.en}`, one])).values(),
];

/** What is wrong with one node, judged with the settings in force; `event` is the input when it is known. */
export const nodeFindings = (
  node: PlaybookNode,
  playbook: Playbook,
  { book, event }: { book: NotifyBook; event: unknown },
): PlaybookFinding[] => {
  if (node.kind === 'start' || node.kind === 'end') return [];
  const references = referenceFindings(node, playbook, event);
  if (node.kind === 'other') return [unknownKind(node), ...references];
  if (node.component !== NOTIFY_COMPONENT) return [notRunHere(node), ...references];
  if (!isNotifyAction(node.action)) return [unknownAction(node), ...references];
  return unique([
    ...missingFindings(node),
    ...planFindings(node, book),
    ...accountFindings(node),
    ...onErrorFindings(node),
    ...references,
  ]);
};
