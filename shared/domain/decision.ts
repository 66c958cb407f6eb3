import * as z from 'zod/mini';

/** Why a stage did what it did: a closed set, also the labels of the metrics. */
export const DECISIONS = [
  'accepted', // ingest: the event is durable
  'duplicate', // ingest: this very event had been accepted before
  'matched', // match: a rule wants the event on a target
  'no-rule', // match: nobody wants the event
  'canary-late', // match: a test message came to be matched after its deadline, so nobody is told
  'rule-disabled',
  'product-not-wanted',
  'type-not-wanted',
  'name-not-wanted',
  'level-not-wanted',
  'blacklisted',
  'resource-not-wanted',
  'region-not-wanted',
  'account-not-wanted',
  'content-not-wanted',
  'group-not-wanted', // the event is in none of the rule's application groups
  'pattern-not-wanted', // a field of the rule's event pattern does not accept it
  'kind-not-notified', // chatbot or notice of Security Center: it is for other kinds of events
  'push-off', // Security Center does not push such events to CloudMonitor, so no subscription gets them
  'channel-banned', // Message Center never uses this channel for the item
  'channel-not-received', // Message Center does not use this channel for the item at present
  'no-address', // the contact has no address on a wanted channel
  'channel-not-deployed',
  'held-for-period', // fanout: the policy is outside of its effective period
  'period-opened', // fanout: what waited for the period goes on as one message
  'first-of-merge', // fanout: the first of its kind goes on at once, what is equal in the window is merged
  'held-for-merge', // fanout: an equal event went on a moment ago
  'merge-ended', // fanout: what was equal goes on as one message
  'sent-at-once', // fanout: the lane was silent, or has no interval
  'held-for-interval', // fanout: waits for the end of the interval
  'window-closed', // fanout: what was held goes out as one message
  'held-for-quota', // deliver: the target has no free slot at this moment
  'held-for-moment', // deliver: now is a bad moment for the provider; what is not critical waits until it is over
  'target-parked', // deliver: the provider said too fast; nothing is sent until its pause is over
  'merged', // told inside a merged message
  'attempt-started',
  'attempt-unknown', // the attempt ended without an answer, the provider may have the message
  'retry-later',
  'already-told', // a repeated hand-over of something that was finished
  'target-removed', // the settings no longer have this target
  'endpoint-disabled', // deliver: the provider said that nothing will ever arrive there again
  'fell-back', // the channel failed or was late, and the message went on to another one
  'escalated', // escalate: nobody acknowledged in time, so further groups are told
  'repeated', // escalate: nobody acknowledged in time, so the same people are told again
  'acknowledged', // somebody took it on: nobody else is told
  'escalation-ended', // escalate: nothing more follows although nobody acknowledged
  'delivered',
  'refused',
  'dead',
  'redriven', // sweep: put back on its way
  'replayed', // replay: sent again because a person asked for it
] as const;

/** Schema of one decision name. */
export const decisionNameSchema = z.enum(DECISIONS);

/** Name of one decision. */
export type DecisionName = z.infer<typeof decisionNameSchema>;

/** How a notification stands or ended. */
const STATUSES = ['delivered', 'merged', 'suppressed', 'deferred', 'refused', 'dead', 'in-flight'] as const;

/** How a notification stands or ended; `deferred` and `in-flight` are not final. */
export type Status = (typeof STATUSES)[number];

/** One line of a trace: when, who, what, and the state that made it. */
export interface Decision {
  atMs: number;
  stage: 'ingest' | 'match' | 'fanout' | 'deliver' | 'escalate' | 'sweep' | 'replay';
  name: DecisionName;
  target?: string;
  rule?: string;
  detail?: string;
}
