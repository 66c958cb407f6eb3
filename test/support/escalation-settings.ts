import type { NotificationPolicy, Settings } from '../../shared/domain/settings.ts';
import { acknowledge } from '../../shared/stages/ack-rows.ts';
import { contactsOf, EscalationWorld } from './escalation-world.ts';

/** One minute in milliseconds. */
export const MINUTE = 60_000;

const STEPS = [
  { after: '15m', contactGroups: ['bo'] },
  { after: '30m', contactGroups: ['cy', 'dee'] },
];

/** Tells ana at first, bo after a quarter of an hour, cy and dee after half an hour; a policy that says otherwise does otherwise. */
export const settingsOf = (policy: Partial<NotificationPolicy> = {}): Settings => ({
  ...contactsOf('ana', 'bo', 'cy', 'dee'),
  notificationPolicies: [{ name: 'page', contactGroups: ['ana'], escalation: STEPS, ...policy }],
  subscriptions: [{ name: 'all', policy: 'page' }],
});

/** A world with these settings, and when it began. */
export const worldOf = (policy: Partial<NotificationPolicy> = {}) => {
  const world = new EscalationWorld(settingsOf(policy));
  return { world, startMs: world.clock.nowMs() };
};

/** Somebody acknowledges a message through its link. */
export const ackBy = (world: EscalationWorld, id: string, by = 'Kai') =>
  acknowledge(world.platform.store, id, { atMs: world.clock.nowMs(), by, how: 'link' });
