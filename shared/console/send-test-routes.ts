import * as z from 'zod/mini';
import { languageSchema } from '../domain/delivery.ts';
import type { Roster } from '../domain/roster.ts';
import type { Target } from '../domain/target.ts';
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

const targetNamed = (roster: Roster, name: string): Target => {
  for (const target of roster.targets.values()) if (target.name === name) return target;
  throw new ApiError({
    status: 404,
    code: 'target-not-found',
    message: 'No target of that name: it is not in the settings, or is switched off, or has no webhook.',
  });
};

/** The routes that send a test message now. */
export const sendTestRoutes = (ports: ConsolePorts): readonly Route[] => {
  const send = testTarget(ports.channels, ports);
  const handle =
    (kind: 'contact' | 'chatbot') =>
    async (call: ApiCall): Promise<ApiReply> => {
      const target = targetNamed(await ports.roster.current(), `${kind} ${call.params.name ?? ''}`);
      return json(200, await send(target.key, languageOf(call, target)));
    };
  const summary = 'Sends a test message now and tells what the provider made of it.';
  const access = 'guarded';
  return [
    { method: 'POST', path: '/api/contacts/:name/test', access, summary, handle: handle('contact') },
    { method: 'POST', path: '/api/chatbots/:name/test', access, summary, handle: handle('chatbot') },
  ];
};
