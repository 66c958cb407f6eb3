import { isEmail } from '../domain/notify-receivers.ts';
import { textOf } from '../domain/notify-values.ts';
import { languageOf } from '../domain/settings.ts';
import { readSettings } from '../stages/settings.ts';
import { ApiError, type ApiReply, json } from './api.ts';
import type { ConsolePorts } from './console-ports.ts';
import { readCall } from './notify-input.ts';
import { badField } from './query.ts';
import type { ApiCall, Route } from './router.ts';
import { askForTest } from './send-test.ts';

const notFound = (known: readonly string[]): ApiError =>
  new ApiError({
    status: 404,
    code: 'resource-instance-not-found',
    message: `The settings have no resource instance of that name. Known: ${known.join(', ') || 'none'}.`,
  });

const NOT_DEPLOYED = new ApiError({
  status: 409,
  code: 'channel-not-deployed',
  message: 'This deployment has no channel email, so nothing was sent.',
});

const testInstance = async (ports: ConsolePorts, call: ApiCall): Promise<ApiReply> => {
  const { body, language } = readCall(call);
  const { settings } = await readSettings(ports);
  const instances = settings.resourceInstances ?? [];
  const instance = instances.find(({ assetname }) => assetname === call.params.name);
  if (instance === undefined) throw notFound(instances.map(({ assetname }) => assetname));
  const to = textOf(body.to ?? call.query.to).trim() || instance.emailUsername.trim();
  if (!isEmail(to)) throw badField('to', 'must be one mail address');
  const result = await askForTest(ports, 'email', {
    kind: 'test-sender',
    instance: instance.assetname,
    to,
    language: language ?? languageOf(settings),
  });
  if (result === undefined) throw NOT_DEPLOYED;
  return json(200, { ...result, to });
};

/** The route that tests the sender of a resource instance. */
export const resourceInstanceRoutes = (ports: ConsolePorts): readonly Route[] => [
  {
    method: 'POST',
    path: '/api/resource-instances/:name/test',
    access: 'guarded',
    summary:
      'Logs in with the resource instance and sends a test mail, to itself or to `{"to": ...}`; tells what the server said.',
    handle: (call) => testInstance(ports, call),
  },
];
