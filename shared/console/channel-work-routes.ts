import type { ApiReply } from './api.ts';
import type { ChannelWork, ConsolePorts } from './console-ports.ts';
import type { ApiCall, Route } from './router.ts';

/** The routes for which every channel is needed. What answers them is brought by the first call. */
export const channelWorkRoutes = (ports: ConsolePorts): readonly Route[] => {
  let loading: Promise<ChannelWork> | undefined;
  const ask =
    (name: keyof ChannelWork) =>
    async (call: ApiCall): Promise<ApiReply> => {
      loading ??= ports.channelWork(ports);
      return (await loading)[name](call);
    };
  const access = 'guarded';
  return [
    {
      method: 'POST',
      path: '/api/route',
      access,
      summary: 'Dry run of one event: targets, rules, decisions, rendered messages. Nothing is stored or sent.',
      handle: ask('route'),
    },
    {
      method: 'POST',
      path: '/api/what-if',
      access,
      summary:
        'Stored events through changed settings: messages per target and hour, before and after. Nothing is sent.',
      handle: ask('whatIf'),
    },
    {
      method: 'POST',
      path: '/api/settings/check',
      access,
      summary: 'Findings about settings, also by what came in lately; those in force unless settings are given.',
      handle: ask('check'),
    },
    {
      method: 'POST',
      path: '/api/replay',
      access,
      summary: 'Sends again what did not arrive: from, to, subscription, code, status, ids, force, dryRun.',
      handle: ask('replay'),
    },
  ];
};
