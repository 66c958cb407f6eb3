// A process of its own: the fake providers, so that their work is not counted as that of the channels.
import { openChannelProviders } from './channel-providers.ts';

const { base, mail } = await openChannelProviders();
process.send?.({ base, mail });
process.on('disconnect', () => process.exit());
