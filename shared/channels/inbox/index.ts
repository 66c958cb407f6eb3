import { type InboxMessage, inboxMessageSchema, inboxRowKey, unreadRowKey } from '../../domain/inbox.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { RowKey, TableStore, WriteOp } from '../../ports/table-store.ts';
import type { Channel } from '../channel.ts';
import { explanationText } from '../explanation-text.ts';
import { claimsInboxUrl } from './config.ts';
import { renderInboxMessage } from './render.ts';

/** At most three calls of the store; an attempt that lasts longer is taken for dead. */
const TIMEOUT_MS = 10_000;
const RETRY_MS = 5_000;
const RETRY_ATTEMPTS = 10;

const DELIVERED: Outcome = { kind: 'delivered', code: '0' };

const NO_USER: Outcome = {
  kind: 'refused',
  endpointDead: true,
  code: 'bad-address',
  cause: 'url',
  text: 'the inbox has no user of an empty name',
  fix: {
    en: 'Enter the name of a user in the field inbox of the contact.',
    zh: '请在联系人的 inbox 字段中填写用户名。',
  },
};

const storeFailed = (error: unknown): Outcome => ({
  kind: 'retry',
  retryAfterMs: RETRY_MS,
  maxAttempts: RETRY_ATTEMPTS,
  code: 'store-unavailable',
  cause: 'other',
  text: explanationText(error instanceof Error ? error.message : 'the store failed', []),
  fix: {
    en: 'The store of this system could not take the message; it is tried up to ten times. Check the disk or the table store when this goes on.',
    zh: '本系统的存储未能写入该消息，系统最多尝试十次；如持续出现，请检查磁盘或表格存储。',
  },
});

const absent = (key: RowKey, value: unknown): WriteOp => ({
  kind: 'put',
  ...key,
  body: JSON.stringify(value),
  when: 'absent',
});

const isRead = async (store: TableStore, key: RowKey): Promise<boolean> => {
  const row = await store.get(key);
  return row !== undefined && inboxMessageSchema.parse(JSON.parse(row.body)).readAtMs !== undefined;
};

/**
 * Keeps the message and the mark that it is unread. A repetition finds the message there and leaves it as it is, and takes the mark
 * away again when the message was read meanwhile.
 */
const put = async (store: TableStore, user: string, message: InboxMessage): Promise<void> => {
  const key = inboxRowKey(user, message.id);
  const unread = unreadRowKey(user, message.id);
  const [, kept] = await store.write([absent(unread, {}), absent(key, message)]);
  if (kept?.applied !== true && (await isRead(store, key))) {
    await store.write([{ kind: 'delete', ...unread, when: 'any' }]);
  }
};

/** Internal messages, kept by this system itself for a user by name; the address of a target is that name. No limit, no URL. */
export const inbox: Channel = {
  name: 'inbox',
  timeoutMs: TIMEOUT_MS,
  claims: claimsInboxUrl,
  send: async (notice, target, { store, clock }) => {
    const user = target.address.trim();
    if (user === '') return NO_USER;
    try {
      await put(store, user, renderInboxMessage(notice, target, clock.nowMs()));
      return DELIVERED;
    } catch (error) {
      return storeFailed(error);
    }
  },
};
