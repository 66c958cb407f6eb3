import { createSimulator } from '../../shared/adapters/local/simulator.ts';
import type { Channel } from '../../shared/channels/channel.ts';
import { CHANNELS } from '../../shared/channels/registry.ts';
import type { ApiReply, ApiRequest } from '../../shared/console/api.ts';
import { createChannelWork } from '../../shared/console/channel-work.ts';
import type { ChannelWorkPorts } from '../../shared/console/channel-work-ports.ts';
import { createConsole } from '../../shared/console/console.ts';
import type { ConsolePorts, RecordsPorts } from '../../shared/console/console-ports.ts';
import { recordsRoutes } from '../../shared/console/records-routes.ts';
import { rulesRoutes } from '../../shared/console/rules-routes.ts';
import { testCallSchema } from '../../shared/domain/test-call.ts';
import { type Invoker, InvokerError } from '../../shared/ports/invoker.ts';
import type { Simulator } from '../../shared/ports/simulation.ts';
import { answerTest, type TestCallPorts } from '../../shared/stages/test-call.ts';

interface Parts {
  channels?: readonly Channel[];
  /** The channel as the delivery function has it. */
  counted?: (channel: Channel) => Channel;
  simulator?: Simulator;
}

/** Answers as the delivery functions of these channels do, without processes around them. */
const channelInvoker = (ports: TestCallPorts, channels: readonly Channel[]): Invoker => ({
  invoke: async ({ function: name, event }) => {
    const channel = channels.find((one) => `deliver-${one.name}` === name);
    if (channel === undefined) throw new InvokerError({ code: 'function-not-found', sent: 'no', message: 'not there' });
    const call = testCallSchema.parse(JSON.parse(JSON.stringify(event)));
    return JSON.parse(JSON.stringify(await answerTest(channel, ports)(call)));
  },
});

/** What the console needs besides a platform: which channels there are, their delivery functions, and the part that carries them all. */
export const consoleParts = (
  ports: TestCallPorts,
  { channels = CHANNELS, counted = (channel) => channel, simulator = createSimulator() }: Parts = {},
): Pick<ConsolePorts, 'deployed' | 'invoker' | 'channelWork'> => ({
  deployed: new Set(channels.map(({ name }) => name)),
  invoker: channelInvoker(ports, channels.map(counted)),
  channelWork: async (given) => {
    const work: ChannelWorkPorts = { ...given, channels, simulator };
    return createChannelWork(work);
  },
});

/** Everything that the console needs, whichever file of it. */
type WholeConsole = ConsolePorts & RecordsPorts & { accessToken: string };

/** The whole console, without files to load. */
export const consoleOf = (ports: WholeConsole): ((request: ApiRequest) => Promise<ApiReply>) =>
  createConsole({
    accessToken: ports.accessToken,
    records: () => Promise.resolve(recordsRoutes(ports)),
    rules: () => Promise.resolve(rulesRoutes(ports)),
  });
