import type { OutgoingMessage, ReceivedMessage } from '../../shared/ports/queue.ts';
import type { Row, RowKey, WriteOp, WriteResult } from '../../shared/ports/table-store.ts';

export class FakeClock {
  now = 1_800_000_000_000;
  nowMs(): number {
    return this.now;
  }
  advance(ms: number): void {
    this.now += ms;
  }
}
export const createMemoryPlatform = (clock: FakeClock) => {
  const rows = new Map<string, Row & { table: string }>();
  const keyOf = (k: RowKey) => `${k.table}\n${k.pk}\n${k.sk}`;
  let queue: { m: OutgoingMessage; at: number; id: number }[] = [];
  let n = 0;
  const writeOne = (op: WriteOp): WriteResult => {
    const old = rows.get(keyOf(op));
    const ok = op.when === 'any' || (op.when === 'absent' ? old === undefined : old?.version === op.when.version);
    if (!ok) return { applied: false, version: 0 };
    if (op.kind === 'delete') {
      rows.delete(keyOf(op));
      return { applied: true, version: 0 };
    }
    const version = (old?.version ?? 0) + 1;
    rows.set(keyOf(op), { table: op.table, pk: op.pk, sk: op.sk, version, body: op.body });
    return { applied: true, version };
  };
  const list = (f: (r: Row & { table: string }) => boolean, reverse?: boolean) => {
    const l = [...rows.values()].filter(f).sort((a, b) => (a.pk + '\0' + a.sk < b.pk + '\0' + b.sk ? -1 : 1));
    return reverse ? l.reverse() : l;
  };
  const store = {
    get: async (k: RowKey) => rows.get(keyOf(k)),
    getMany: async (ks: readonly RowKey[]) => ks.map((k) => rows.get(keyOf(k))),
    range: async (q: any) =>
      list(
        (r) => r.table === q.table && r.pk === q.pk && r.sk >= (q.from ?? '') && r.sk <= (q.to ?? '\uffff\uffff'),
        q.reverse,
      ).slice(0, q.limit),
    scan: async (q: any) =>
      list(
        (r) =>
          r.table === q.table &&
          (q.after === undefined ||
            (q.reverse
              ? r.pk + '\0' + r.sk < q.after.pk + '\0' + q.after.sk
              : r.pk + '\0' + r.sk > q.after.pk + '\0' + q.after.sk)),
        q.reverse,
      ).slice(0, q.limit),
    write: async (ops: readonly WriteOp[]) => ops.map(writeOne),
  };
  const send = async (ms: readonly OutgoingMessage[]) => {
    for (const m of ms) queue.push({ m, at: clock.now + (m.delayMs ?? 0), id: ++n });
  };
  const outbox = {
    commit: async (ws: readonly WriteOp[], ms: readonly OutgoingMessage[]) => {
      const r = ws.map(writeOne);
      if (r.every((x) => x.applied)) await send(ms);
      return r;
    },
  };
  return {
    store,
    outbox,
    queue: {
      send,
      receive: async ({
        queue: name,
        max,
      }: {
        queue: string;
        max: number;
        visibilityMs: number;
      }): Promise<ReceivedMessage[]> => {
        const due = queue.filter((x) => x.m.queue === name && x.at <= clock.now).slice(0, max);
        for (const d of due) d.at = clock.now + 30000;
        return due.map((d) => ({ id: String(d.id), body: d.m.body, attempt: 1, receipt: String(d.id) }));
      },
      acknowledge: async (_: string, ids: readonly string[]) => {
        queue = queue.filter((x) => !ids.includes(String(x.id)));
      },
      release: async () => {},
      bury: async () => {},
      deadLetters: async () => [],
    },
    pending: () => queue,
    rows,
  };
};
