import { groupBy } from './group-by.ts';
import type { Playbook, PlaybookEdge, PlaybookNode } from './playbook.ts';

/** The edges and nodes of a playbook, to be walked. */
export interface PlaybookGraph {
  nodes: ReadonlyMap<string, PlaybookNode>;
  /** Edges from a node, in the order of the file; only those whose both ends exist. */
  out(id: string): readonly PlaybookEdge[];
  into(id: string): readonly PlaybookEdge[];
}

/** Makes a playbook walkable; of nodes with the same id the first counts. */
export const graphOf = ({ nodes, edges }: Playbook): PlaybookGraph => {
  const byId = new Map<string, PlaybookNode>();
  for (const node of nodes) if (!byId.has(node.id)) byId.set(node.id, node);
  const sound = edges.filter(({ source, target }) => byId.has(source) && byId.has(target));
  const from = groupBy(sound, ({ source }) => source);
  const to = groupBy(sound, ({ target }) => target);
  return { nodes: byId, out: (id) => from.get(id) ?? [], into: (id) => to.get(id) ?? [] };
};

/** Everything that a walk from these nodes comes to, themselves included. */
const reachedFrom = (starts: readonly string[], next: (id: string) => readonly string[]): ReadonlySet<string> => {
  const seen = new Set(starts);
  const open = [...starts];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const other of next(id)) {
      if (seen.has(other)) continue;
      seen.add(other);
      open.push(other);
    }
  }
  return seen;
};

/** The nodes behind a node, itself included. */
export const behind = (graph: PlaybookGraph, starts: readonly string[]): ReadonlySet<string> =>
  reachedFrom(starts, (id) => graph.out(id).map(({ target }) => target));

/** The nodes before a node, which its expressions may see; itself only when it stands in a circle. */
export const before = (graph: PlaybookGraph, id: string): ReadonlySet<string> =>
  reachedFrom(
    graph.into(id).map(({ source }) => source),
    (other) => graph.into(other).map(({ source }) => source),
  );

/** Nodes in an order in which each comes after all that lead to it, of equals in the order of the edges; those in circles are missing. */
export const inOrder = (graph: PlaybookGraph, among: ReadonlySet<string>): PlaybookNode[] => {
  const waiting = new Map(
    [...among].map((id) => [id, graph.into(id).filter(({ source }) => among.has(source)).length]),
  );
  const open = [...waiting].filter(([, count]) => count === 0).map(([id]) => id);
  const order: PlaybookNode[] = [];
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    const node = graph.nodes.get(id);
    if (node !== undefined) order.push(node);
    for (const { target } of graph.out(id)) {
      const left = (waiting.get(target) ?? 0) - 1;
      waiting.set(target, left);
      if (left === 0) open.push(target);
    }
  }
  return order;
};
