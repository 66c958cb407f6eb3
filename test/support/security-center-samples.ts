import type { Event } from '../../shared/domain/event.ts';
import type { Contact, Notice, Settings } from '../../shared/domain/settings.ts';
import { kai, rosterOf } from './roster-samples.ts';
import { eventWith } from './settings-samples.ts';

/** A file in which one recipient of Message Center gets one notice, by methods that can all be sent. */
export const noticeFile = (notice: Partial<Notice> = {}, rest: Partial<Settings> = {}): Settings => ({
  contacts: [kai],
  resourceInstances: [{ assetname: 'mail-out', emailUsername: 'alert@example.com', emailPassword: 'invented' }],
  sms: { signName: 'Fenghuo', templateCode: 'SMS_1' },
  voice: { ttsCode: 'TTS_1' },
  securityCenter: { notices: [{ item: 'alerts', notifyBy: ['sms', 'email', 'inbox'], ...notice }] },
  messageCenter: { recipients: ['kai'] },
  ...rest,
});

/** Somebody else who can be told by mail only. */
export const lin: Contact = { name: 'lin', email: 'lin@example.com' };

/** Channels and rules that tell an event of Security Center. */
export const toldBy = (settings: Settings, parts: Partial<Event> = {}): string[] =>
  rosterOf(settings)
    .route(eventWith(parts))
    .map(({ channel, rules }) => `${channel} by ${rules.join(', ')}`)
    .sort();

/** What each rule decided, with its detail. */
export const saidOf = (settings: Settings, parts: Partial<Event> = {}): string[] =>
  rosterOf(settings)
    .explain(eventWith(parts))
    .map(({ rule = '', name, detail = '' }) => [rule, name, detail].filter((word) => word !== '').join(' | '));
