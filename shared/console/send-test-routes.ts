import * as z from 'zod/mini';
import { type Language, languageSchema } from '../domain/delivery.ts';
import { compileTargets } from '../domain/roster-targets.ts';
import { METHODS } from '../domain/settings.ts';
import { readSettings } from '../stages/settings.ts';
import { ApiError, type ApiReply, json } from './api.ts';
import type { ConsolePorts } from './console-ports.ts';
import { badField, choiceField, definedOf } from './query.ts';
import type { ApiCall, Route } from './router.ts';
import { askForTest } from './send-test.ts';
import { type Probe, probesOf, type SendTest, sendProbes } from './test-probes.ts';

const bodySchema = z.object({ language: z.optional(languageSchema) });

const spoken = (call: ApiCall): Language | undefined =>
  languageSchema.safeParse(call.headers['accept-language']?.slice(0, 2).toLowerCase()).data;

/** The caller's language: what the body says, else the header of a browser; undefined when neither does. */
const languageOf = (call: ApiCall): Language | undefined => {
  if (call.body.trim() === '') return spoken(call);
  try {
    return bodySchema.parse(JSON.parse(call.body)).language ?? spoken(call);
  } catch {
    throw badField('language', 'send {"language":"zh"} or {"language":"en"}, or no body');
  }
};

const notFound = (message: string): ApiError => new ApiError({ status: 404, code: 'target-not-found', message });

/** Two names may share an address and are then one target, so the name is looked up in the settings and not among targets. */
const probesOfContact = async (ports: ConsolePorts, call: ApiCall): Promise<Probe[]> => {
  const method = choiceField(call, 'method', METHODS);
  const { settings } = await readSettings(ports);
  const book = compileTargets(settings, ports.claimChannel);
  const keys = [...(book.contactKeys.get(call.params.name ?? '') ?? [])];
  if (keys.length === 0) throw notFound('The settings have no contact of that name with an address.');
  const wanted = keys.filter(([known]) => method === undefined || known === method);
  if (wanted.length === 0) throw notFound(`The contact has no address for the method ${method}.`);
  return wanted.flatMap(([known, key]) => probesOf(known, book.targets.get(key)));
};

const probesOfChatbot = async (ports: ConsolePorts, call: ApiCall): Promise<Probe[]> => {
  const { settings } = await readSettings(ports);
  const book = compileTargets(settings, ports.claimChannel);
  const probes = probesOf('webhook', book.targets.get(book.chatbotKeys.get(call.params.name ?? '') ?? ''));
  if (probes.length === 0) throw notFound('The settings have no chatbot of that name with a webhook.');
  return probes;
};

const answer = async (send: SendTest, probes: readonly Probe[], call: ApiCall): Promise<ApiReply> => {
  const result = await sendProbes(send, probes, languageOf(call));
  if (result !== undefined) return json(200, result);
  const channels = [...new Set(probes.map(({ target }) => target.channel))].join(', ');
  throw new ApiError({
    status: 409,
    code: 'channel-not-deployed',
    message: `This deployment has no channel ${channels}, so nothing was sent.`,
  });
};

/** The routes that send a test message now. */
export const sendTestRoutes = (ports: ConsolePorts): readonly Route[] => {
  const send: SendTest = ({ target, robot }, language) => {
    const call = { kind: 'test', key: target.key, language, ...definedOf({ robot }) } as const;
    return askForTest(ports, target.channel, call);
  };
  return [
    {
      method: 'POST',
      path: '/api/contacts/:name/test',
      access: 'guarded',
      summary:
        'Sends a test message now by every method of the contact, or by `?method=`, and tells what came of each.',
      handle: async (call) => answer(send, await probesOfContact(ports, call), call),
    },
    {
      method: 'POST',
      path: '/api/chatbots/:name/test',
      access: 'guarded',
      summary: 'Sends a test message now and tells what the provider made of it.',
      handle: async (call) => answer(send, await probesOfChatbot(ports, call), call),
    },
  ];
};
