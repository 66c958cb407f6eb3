import type { Language } from '../domain/delivery.ts';
import type { Playbook } from '../domain/playbook.ts';
import { languageOf } from '../domain/settings.ts';
import type { NotifyPorts } from './notify-message.ts';
import type { NodeResult } from './playbook-node.ts';
import { type PlaybookResult, runPlaybook } from './playbook-run.ts';
import { keepRun, runIdOf } from './playbook-store.ts';

/** No attempt of a run begins later than that after its start. */
const RUN_MS = 120_000;
/** After that long a run without an end was cut off. */
export const RUN_LEASE_MS = 300_000;

/** What a run answers, and what is kept of it. */
export interface PlaybookAnswer extends PlaybookResult {
  id: string;
  startedAtMs: number;
  durationMs: number;
}

/** A playbook that somebody wants to run. */
export interface PlaybookRequest {
  playbook: Playbook;
  event: unknown;
  requestId: string;
  /** Language of the answers; that of the settings when it is left out. */
  language?: Language;
}

const countsOf = (nodes: readonly NodeResult[]) => {
  const receipts = nodes.flatMap(({ outputs }) => outputs.flatMap((output) => output.receipts));
  const delivered = receipts.filter(({ status }) => status === 'delivered').length;
  return { nodes: nodes.length, messages: receipts.length, delivered };
};

/** Runs a playbook and keeps the run: before it begins, and how it ended. A repetition sends nothing twice. */
export const callPlaybook = async (
  ports: NotifyPorts,
  request: PlaybookRequest,
  startedAtMs: number,
): Promise<PlaybookAnswer> => {
  const { store, clock } = ports;
  const { playbook, event, requestId } = request;
  const book = await ports.book.current();
  const id = runIdOf(startedAtMs, requestId);
  const kept = { id, startedAtMs, leaseUntilMs: clock.nowMs() + RUN_LEASE_MS };
  await keepRun(store, { ...kept, status: 'running', counts: countsOf([]) });
  const language = request.language ?? languageOf(book.settings);
  const order = { runId: id, startedAtMs, deadlineMs: clock.nowMs() + RUN_MS, language };
  const result = await runPlaybook(ports, { playbook, event, order, book });
  const endedAtMs = clock.nowMs();
  const { status, nodes } = result;
  // The messages are out: that the record of the run cannot be written must not hide what came of them.
  await keepRun(store, { ...kept, endedAtMs, status, counts: countsOf(nodes), result }).catch(() => undefined);
  return { id, ...result, startedAtMs, durationMs: endedAtMs - startedAtMs };
};
