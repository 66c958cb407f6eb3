import * as z from 'zod/mini';
import { languageSchema } from '../domain/delivery.ts';
import { compileTargets } from '../domain/roster-targets.ts';
import type { Target } from '../domain/target.ts';
import { readSettings } from '../stages/settings.ts';
import { testTarget } from '../stages/test-target.ts';
import { ApiError, type ApiReply, json } from './api.ts';
import type { ConsolePorts } from './console-ports.ts';
import { badField } from './query.ts';
import type { ApiCall, Route } from './router.ts';

const bodySchema = z.object({ language: z.optional(languageSchema) });

const languageOf = (call: ApiCall, target: Target): 'zh' | 'en' => {
  if (call.body.trim() === '') return target.language;
  try {
    return bodySchema.parse(JSON.parse(call.body)).language ?? target.language;
  } catch {
    throw badField('language', 'send {"language":"zh"} or {"language":"en"}, or no body');
  }
};

const notFound = (kind: string): ApiError =>
  new ApiError({
    status: 404,
    code: 'target-not-found',
    message: `The settings have no ${kind} of that name with a webhook.`,
  });

const notDeployed = ({ channel }: Target): ApiError =>
  new ApiError({
    status: 409,
    code: 'channel-not-deployed',
    message: `This deployment has no channel ${channel}, so nothing was sent.`,
  });

/** Two names may share an address and are then one target, so the name is looked up in the settings and not among targets. */
const targetNamed = async (ports: ConsolePorts, kind: 'contact' | 'chatbot', name: string): Promise<Target> => {
  const { settings } = await readSettings(ports);
  const book = compileTargets(settings, ports.claimChannel);
  const keys = kind === 'contact' ? book.contactKeys : book.chatbotKeys;
  const target = book.targets.get(keys.get(name) ?? '');
  if (target === undefined) throw notFound(kind);
  return target;
};

/** The routes that send a test message now. */
export const sendTestRoutes = (ports: ConsolePorts): readonly Route[] => {
  const send = testTarget(ports.channels, ports);
  const handle =
    (kind: 'contact' | 'chatbot') =>
    async (call: ApiCall): Promise<ApiReply> => {
      const target = await targetNamed(ports, kind, call.params.name ?? '');
      const result = await send(target, languageOf(call, target));
      if (result === undefined) throw notDeployed(target);
      return json(200, result);
    };
  const summary = 'Sends a test message now and tells what the provider made of it.';
  const access = 'guarded';
  return [
    { method: 'POST', path: '/api/contacts/:name/test', access, summary, handle: handle('contact') },
    { method: 'POST', path: '/api/chatbots/:name/test', access, summary, handle: handle('chatbot') },
  ];
};
