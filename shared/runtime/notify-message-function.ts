import * as z from 'zod/mini';
import { claimChannel } from '../channels/registry.ts';
import { type ActionCaller, actionCaller, actionRoutes } from '../console/action-routes.ts';
import { ApiError, type ApiReply, errorReply } from '../console/api.ts';
import { readCall } from '../console/notify-input.ts';
import type { SendingPorts } from '../console/notify-ports.ts';
import { type PlaybookCaller, playbookCaller, playbookRoutes } from '../console/playbook-routes.ts';
import { createRouter } from '../console/router.ts';
import { callGuard } from '../console/signed-calls.ts';
import { digestOf } from '../domain/ids.ts';
import { isRecord } from '../domain/is-record.ts';
import { isNotifyAction, NOTIFY_ACTIONS } from '../domain/notify-message.ts';
import { DONE, type Handled } from '../stages/handled.ts';
import { deployedChannels } from './deployed-channels.ts';
import type { FunctionHandler } from './function-context.ts';
import { parsedEvent } from './http-event.ts';
import { httpFunction } from './http-function.ts';
import { invocationFunction } from './invocation-function.ts';
import { meteredChannel } from './metered-ports.ts';
import { pause } from './pause.ts';
import type { Platform } from './platform.ts';
import { queueFunction } from './queue-function.ts';
import { deployedOf } from './stage-ports.ts';

type Body = Readonly<Record<string, unknown>>;

const sendingPorts = (platform: Platform): SendingPorts => ({
  ...platform,
  channels: deployedChannels(deployedOf(platform)),
  counted: (channel) => meteredChannel(channel, platform.metrics),
  claimChannel,
  pause,
});

interface Callers {
  act: ActionCaller;
  run: PlaybookCaller;
}

const callersOf = (platform: Platform): Callers => {
  const ports = sendingPorts(platform);
  return { act: actionCaller(ports), run: playbookCaller(ports) };
};

const actionIn = (body: Body): unknown => body.action ?? body.actionName ?? body.ActionName;

const isPlaybook = (body: Body): boolean => body.cells !== undefined || body.playbook !== undefined;

/** Whether somebody invoked the function itself with what it shall do, and no trigger did. */
const isDirect = (value: unknown): value is Body =>
  isRecord(value) && (isPlaybook(value) || actionIn(value) !== undefined);

const unknownAction = (): ApiError =>
  new ApiError({
    status: 400,
    code: 'unknown-action',
    message: `Name an action (${NOTIFY_ACTIONS.join(', ')}) in "action", or give a playbook in "playbook" or "cells".`,
  });

const callOf = (body: Body, requestId: string) => ({
  method: 'POST',
  path: '',
  query: {},
  headers: { 'x-request-id': requestId },
  body: JSON.stringify(body),
  params: {},
});

/** Does what a body asks for; the id counts when the body has none of its own. Throws ApiError. */
const perform = ({ act, run }: Callers, body: Body, requestId: string): Promise<ApiReply> => {
  const { action: _, ...rest } = body;
  const asked = actionIn(body);
  if (isPlaybook(body)) return run(readCall(callOf(body, requestId)));
  if (isNotifyAction(asked)) return act(asked, readCall(callOf(rest, requestId)));
  throw unknownAction();
};

/** A refusal in the two outputs of the component, for a caller that reads nothing else. */
const refused = (error: ApiError): unknown => ({
  message: error.message,
  status: false,
  receipts: [],
  ...JSON.parse(errorReply(error).body),
});

/** What somebody invoked the function with. */
interface Call {
  body: Body;
  requestId: string;
}

const answerCall = async (callers: Callers, { body, requestId }: Call): Promise<unknown> => {
  try {
    return JSON.parse((await perform(callers, body, requestId)).body);
  } catch (error) {
    if (error instanceof ApiError) return refused(error);
    throw error;
  }
};

const messageSchema = z.looseObject({ attempt: z._default(z.number(), 0) });

/** A queue hands a message over more than once, so that one without an id is known by what it says. */
const performMessage = async (callers: Callers, message: z.infer<typeof messageSchema>): Promise<Handled> => {
  const { attempt: _, ...body } = message;
  await perform(callers, body, `content-${digestOf(JSON.stringify(body))}`);
  return DONE;
};

const performAll = async (callers: Callers, messages: readonly z.infer<typeof messageSchema>[]): Promise<Handled[]> => {
  const handled: Handled[] = [];
  for (const message of messages) handled.push(await performMessage(callers, message));
  return handled;
};

/**
 * The function of the component NotifyMessage: by HTTP with the token or a signature, by an invocation whose event says what to do and
 * which gets the answer, and by messages of a queue.
 */
export const notifyMessageFunction = (): FunctionHandler<unknown> => {
  const byInvocation = invocationFunction('notify-message', (platform) => {
    const callers = callersOf(platform);
    return (call: Call) => answerCall(callers, call);
  });
  const byQueue = queueFunction({
    queue: 'notify-message',
    schema: messageSchema,
    stage: (platform) => {
      const callers = callersOf(platform);
      return (messages) => performAll(callers, messages);
    },
  });
  const routes = (platform: Platform) => {
    const ports = sendingPorts(platform);
    const guard = callGuard(platform.accessToken, platform.clock);
    return createRouter([...actionRoutes(ports), ...playbookRoutes(ports)], guard);
  };
  return httpFunction('notify-message', routes, async (event, context) => {
    const body = parsedEvent(event);
    return isDirect(body)
      ? byInvocation({ body, requestId: context.requestId ?? '' }, context)
      : byQueue(event, context);
  });
};
