import { canaryPlaces } from './canary-form.ts';
import { addressOn } from './roster-addresses.ts';
import type { Entry } from './roster-robots.ts';
import type { Settings } from './settings.ts';

/** Address of a user of the inbox. */
export const inboxAddress = (user: string) => addressOn('inbox', user);

/** The inboxes of the canary as addresses of the file: their users need be no contacts. */
export const canaryEntries = ({ canary }: Settings): Entry[] =>
  (canary === undefined ? [] : canaryPlaces(canary)).flatMap(({ inbox }) =>
    inbox === undefined ? [] : [{ label: `inbox ${inbox}`, address: inboxAddress(inbox) }],
  );
