import { notifyMessageFunction } from '../../shared/runtime/notify-message-function.ts';

/** HTTP, invocation or queue: does the actions of the component NotifyMessage, and runs playbooks, and answers at once. */
export const handler = notifyMessageFunction();
