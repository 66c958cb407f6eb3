import { createOverviewSettings, sendOverviewNow } from '../stages/overview.ts';
import { json } from './api.ts';
import type { ConsolePorts } from './console-ports.ts';
import type { Route } from './router.ts';

/** The weekly overview, by hand. */
export const overviewRoutes = (ports: ConsolePorts): readonly Route[] => {
  const settings = createOverviewSettings(ports);
  return [
    {
      method: 'POST',
      path: '/api/overview/run',
      summary: 'Builds an overview of the time since the last one and sends it now.',
      access: 'guarded',
      handle: async () => {
        const { id, title, content } = await sendOverviewNow({ ...ports, settings });
        return json(202, { event: id, title, content });
      },
    },
  ];
};
