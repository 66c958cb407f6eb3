import type { Channel, ChannelPorts } from '../channels/channel.ts';
import type { Roster } from '../domain/roster.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { Sealer } from '../ports/secrets.ts';
import type { HealthBook, Hindrances } from './health-rows.ts';
import type { RowWriter } from './row-writer.ts';

/** Of the settings in force, all that sending needs: whom a message may go to, and who hears when an address is dead. */
export type Addresses = Pick<Roster, 'targets' | 'owners'>;

/** What delivery needs. */
export interface DeliverPorts extends ChannelPorts {
  outbox: Outbox;
  roster: { current(): Promise<Addresses> };
  /** A moment in which receipts of one call wait for each other; left out where a call of the store costs next to nothing. */
  lingerForReceipts?: () => Promise<void>;
  /** Base URL of the console for links in messages; absent when none is known. */
  consoleUrl?: string;
  /** Signs the links by which messages are acknowledged; absent where none are made. */
  sealer?: Sealer;
}

/** One call of a delivery function: the settings in force, and where nothing may be sent. */
export interface DeliverRun extends Hindrances {
  channel: Channel;
  ports: DeliverPorts & { receipts: RowWriter };
  roster: Addresses;
  health: HealthBook;
}

/** A lease outlives the longest attempt by half, so that only what was left behind is taken over. */
export const leaseMsOf = (channel: Channel): number => channel.timeoutMs * 1.5;
