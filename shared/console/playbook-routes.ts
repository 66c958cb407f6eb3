import { isRecord } from '../domain/is-record.ts';
import { type Playbook, readPlaybook } from '../domain/playbook.ts';
import { faultFinding, verifyPlaybook } from '../domain/playbook-verify.ts';
import { languageOf } from '../domain/settings.ts';
import { callPlaybook, RUN_LEASE_MS } from '../stages/playbook-call.ts';
import { toldFindings } from '../stages/playbook-run.ts';
import { listRuns, readRun } from '../stages/playbook-store.ts';
import { ApiError, type ApiReply, json } from './api.ts';
import type { ConsolePorts } from './console-ports.ts';
import { type CallInput, readCall } from './notify-input.ts';
import { answerOnce, notifyPortsOf, type SendingPorts } from './notify-ports.ts';
import { NOTIFY_ROUTES } from './notify-routes.ts';
import { badField, fieldOf, limitOf } from './query.ts';
import type { ApiCall, Route } from './router.ts';

/** The playbook of a call: beside the event, or the whole body. The vendor's API calls it `PlaybookTaskFlow` or `Taskflow`. */
const writtenIn = ({ body }: CallInput): unknown => body.playbook ?? body.PlaybookTaskFlow ?? body.Taskflow ?? body;

const eventIn = ({ body }: CallInput): unknown => {
  const event = body.event ?? body.Event;
  if (event !== undefined && event !== null && !isRecord(event)) throw badField('event', 'must be a JSON object');
  return event ?? undefined;
};

const notAPlaybook = (message: string): ApiError =>
  new ApiError({ status: 400, code: 'not-a-playbook', message, details: [{ path: 'cells', message }] });

const playbookIn = (input: CallInput): Playbook => {
  const playbook = readPlaybook(writtenIn(input));
  if (typeof playbook !== 'string') return playbook;
  throw notAPlaybook(faultFinding(playbook).detail[input.language ?? 'en']);
};

const verify = async (notify: ReturnType<typeof notifyPortsOf>, call: ApiCall): Promise<ApiReply> => {
  const input = readCall(call);
  const book = await notify.book.current();
  const found = verifyPlaybook(playbookIn(input), { book, event: eventIn(input) });
  const findings = toldFindings(found, input.language ?? languageOf(book.settings));
  return json(200, { ok: !findings.some(({ riskLevel }) => riskLevel === 'error'), findings });
};

/** Runs a playbook once for its request id. */
export type PlaybookCaller = (input: CallInput) => Promise<ApiReply>;

/** Makes the caller of playbooks. */
export const playbookCaller = (ports: SendingPorts): PlaybookCaller => {
  const notify = notifyPortsOf(ports);
  return async (input) => {
    const playbook = playbookIn(input);
    const event = eventIn(input);
    const { requestId, language } = input;
    const whole = JSON.stringify([playbook, event, language]);
    const request = { scope: 'playbook', id: requestId, leaseMs: RUN_LEASE_MS, input: whole };
    return answerOnce(ports, request, (startedAtMs) =>
      callPlaybook(
        notify,
        { playbook, event, requestId, ...(language === undefined ? {} : { language }) },
        startedAtMs,
      ),
    );
  };
};

const RUN_ID = /^run_[\w-]{1,64}$/;

const cursorOf = (call: ApiCall): string | undefined => {
  const cursor = fieldOf(call, 'cursor');
  if (cursor !== undefined && !RUN_ID.test(cursor)) throw badField('cursor', 'must be the cursor of an earlier answer');
  return cursor;
};

const showRun = async (ports: Pick<ConsolePorts, 'store' | 'clock'>, call: ApiCall): Promise<ApiReply> => {
  const id = call.params.id ?? '';
  const run = RUN_ID.test(id) ? await readRun(ports, id) : undefined;
  if (run !== undefined) return json(200, run);
  throw new ApiError({ status: 404, code: 'run-not-found', message: 'There is no run of a playbook with this id.' });
};

/** The routes about playbooks. */
export const playbookRoutes = (ports: SendingPorts): readonly Route[] => {
  const notify = notifyPortsOf(ports);
  const run = playbookCaller(ports);
  return [
    { ...NOTIFY_ROUTES.verify, handle: (call) => verify(notify, call) },
    { ...NOTIFY_ROUTES.run, handle: (call) => run(readCall(call)) },
    {
      ...NOTIFY_ROUTES.runs,
      handle: async (call) => json(200, await listRuns(ports, { limit: limitOf(call), before: cursorOf(call) })),
    },
    { ...NOTIFY_ROUTES.oneRun, handle: (call) => showRun(ports, call) },
  ];
};
