import { NOTIFY_ACTIONS, type NotifyAction } from '../domain/notify-message.ts';
import { notifyMessage } from '../stages/notify-message.ts';
import type { ApiReply } from './api.ts';
import { type CallInput, fieldsOf, readCall } from './notify-input.ts';
import { answerOnce, notifyPortsOf, type SendingPorts } from './notify-ports.ts';
import { NOTIFY_ROUTES } from './notify-routes.ts';
import type { ApiCall, Route } from './router.ts';

/** No attempt of a call begins later than that after its start. */
const CALL_MS = 25_000;
const LEASE_MS = 120_000;

/** Does one action, once for its request id. */
export type ActionCaller = (action: NotifyAction, input: CallInput) => Promise<ApiReply>;

/** Makes the caller of the actions. */
export const actionCaller = (ports: SendingPorts): ActionCaller => {
  const notify = notifyPortsOf(ports);
  return (action, input) => {
    const fields = fieldsOf(input, action);
    const { assetUuid = input.body.AssetId } = input.body;
    const { requestId: id, language } = input;
    const request = { scope: action, id, leaseMs: LEASE_MS, input: JSON.stringify([fields, assetUuid, language]) };
    return answerOnce(ports, request, (startedAtMs) =>
      notifyMessage(notify, {
        action,
        fields,
        assetUuid,
        requestId: `${action}/${id}`,
        startedAtMs,
        deadlineMs: ports.clock.nowMs() + CALL_MS,
        ...(language === undefined ? {} : { language }),
      }),
    );
  };
};

/** The routes of the actions of the component NotifyMessage. */
export const actionRoutes = (ports: SendingPorts): readonly Route[] => {
  const call = actionCaller(ports);
  return NOTIFY_ACTIONS.map((action) => ({
    ...NOTIFY_ROUTES[action],
    handle: (request: ApiCall): Promise<ApiReply> => call(action, readCall(request)),
  }));
};
