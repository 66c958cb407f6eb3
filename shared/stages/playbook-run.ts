import type { Language } from '../domain/delivery.ts';
import type { NotifyBook } from '../domain/notify-book.ts';
import type { Playbook, PlaybookEdge, PlaybookNode } from '../domain/playbook.ts';
import type { PlaybookFinding, RiskLevel } from '../domain/playbook-finding.ts';
import { before, behind, graphOf, inOrder, type PlaybookGraph } from '../domain/playbook-graph.ts';
import { STOP_FLOW } from '../domain/playbook-node-findings.ts';
import { EVENT } from '../domain/playbook-references.ts';
import { verifyPlaybook } from '../domain/playbook-verify.ts';
import type { NotifyPorts } from './notify-message.ts';
import { type NodeResult, outputOf, type PlaybookOrder, runNode, stoppedNode } from './playbook-node.ts';
import { eventScope } from './playbook-scope.ts';

/** A finding in one language. */
export interface ToldFinding {
  node: string;
  code: string;
  riskLevel: RiskLevel;
  detail: string;
}

/** What a run came to. `incomplete`: nothing failed, but something was not run. */
export interface PlaybookResult {
  status: 'success' | 'fail' | 'incomplete';
  findings: ToldFinding[];
  /** In the order in which they could run; empty when the playbook cannot be run at all. */
  nodes: NodeResult[];
}

/** Findings in one language. */
export const toldFindings = (findings: readonly PlaybookFinding[], language: Language): ToldFinding[] =>
  findings.map(({ node, code, riskLevel, detail }) => ({ node, code, riskLevel, detail: detail[language] }));

/** What became of a node, and whether the paths behind it live. */
interface Settled {
  result: NodeResult;
  goesOn: boolean;
}

interface Running {
  ports: NotifyPorts;
  order: PlaybookOrder;
  graph: PlaybookGraph;
  event: unknown;
  settled: Map<string, Promise<Settled>>;
}

/** Behind a node of unknown kind with several ways out nobody can tell which way is taken. */
const livesBehind = (node: PlaybookNode, result: NodeResult, graph: PlaybookGraph): boolean => {
  if (node.kind === 'other') return graph.out(node.id).length <= 1;
  return !(result.status === 'fail' && node.onError === STOP_FLOW);
};

const scopeFor = async ({ graph, event, settled }: Running, node: PlaybookNode): Promise<Map<string, unknown>> => {
  const scope = new Map<string, unknown>([[EVENT, event]]);
  for (const id of before(graph, node.id)) {
    const upstream = graph.nodes.get(id);
    const one = await settled.get(id);
    const output = one === undefined ? undefined : outputOf(one.result);
    if (upstream?.kind === 'action' && output !== undefined) scope.set(upstream.name, output);
  }
  return scope;
};

const isAlive = async ({ settled }: Running, { source, conditional }: PlaybookEdge): Promise<boolean> =>
  (await settled.get(source))?.goesOn === true && !conditional;

/** Waits for everything that leads to the node; it runs when one of these paths lives. */
const settle = async (running: Running, node: PlaybookNode): Promise<Settled> => {
  const { ports, order, graph } = running;
  const edges = graph.into(node.id);
  const alive = await Promise.all(edges.map((edge) => isAlive(running, edge)));
  const step = { ports, order, node };
  if (edges.length > 0 && !alive.includes(true)) return { result: stoppedNode(step), goesOn: false };
  const result = await runNode(step, await scopeFor(running, node));
  return { result, goesOn: livesBehind(node, result, graph) };
};

const statusOf = (nodes: readonly NodeResult[]): PlaybookResult['status'] => {
  if (nodes.some(({ status }) => status === 'fail')) return 'fail';
  return nodes.some(({ status }) => status === 'not-run') ? 'incomplete' : 'success';
};

/** Runs every node that the start leads to: in the order of the edges, what lies side by side at the same time. */
const runAll = async (running: Running, playbook: Playbook): Promise<NodeResult[]> => {
  const starts = playbook.nodes.filter(({ kind }) => kind === 'start').map(({ id }) => id);
  const order = inOrder(running.graph, behind(running.graph, starts));
  for (const node of order) running.settled.set(node.id, settle(running, node));
  const settled = await Promise.all(order.map(({ id }) => running.settled.get(id)));
  return settled.flatMap((one) => (one === undefined ? [] : [one.result]));
};

/** A playbook to run. */
export interface PlaybookCall {
  playbook: Playbook;
  /** The input; undefined when there is none. */
  event: unknown;
  order: PlaybookOrder;
  book: NotifyBook;
}

/**
 * Runs a playbook: only the component NotifyMessage is executed, every other node is told as not run. A playbook whose graph is wrong
 * is not begun. Throws only when the settings cannot be read.
 */
export const runPlaybook = async (ports: NotifyPorts, call: PlaybookCall): Promise<PlaybookResult> => {
  const { playbook, order, book } = call;
  const event = eventScope(call.event, book.settings);
  const found = verifyPlaybook(playbook, { book, event: call.event === undefined ? undefined : event });
  const findings = toldFindings(found, order.language);
  if (found.some(({ stops }) => stops === true)) return { status: 'fail', findings, nodes: [] };
  const nodes = await runAll({ ports, order, graph: graphOf(playbook), event, settled: new Map() }, playbook);
  return { status: statusOf(nodes), findings, nodes };
};
