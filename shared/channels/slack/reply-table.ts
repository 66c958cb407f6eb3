import { CAUTIOUS_ATTEMPTS, dead, findRule, type ReplyRule, refused, retry, throttled } from '../reply-rule.ts';

/** For a throttling answer that does not say how long. */
const THROTTLE_MS = 30_000;

const SLOW_DOWN = throttled({
  codes: ['rate_limited', 'ratelimited'],
  cause: 'rate',
  retryAfterMs: THROTTLE_MS,
  fix: {
    en: 'Slack takes about one message a second for a channel. Sending pauses for the time it names and what waits is merged; choose a longer interval.',
    zh: 'Slack 每个频道约每秒接收一条消息：已按其要求的时间暂停，等待中的消息会合并发送；请加长通知间隔。',
  },
});

/** A failure of the provider's servers. */
const SERVER_FAULT = retry({
  codes: ['rollup_error', 'service_unavailable'],
  cause: 'other',
  fix: {
    en: 'Slack has a fault; it is tried up to ten times. Look at status.slack.com when this goes on.',
    zh: 'Slack 服务异常，系统最多尝试十次；如持续出现，请查看 status.slack.com。',
  },
});

/** Every code that is known. Source: docs.slack.dev, handling errors of incoming webhooks; api.slack.com, changelog of 2016-05-17; recorded answers. */
const RULES: readonly ReplyRule[] = [
  SLOW_DOWN,
  SERVER_FAULT,
  refused({
    codes: ['invalid_payload', 'no_text', 'invalid_blocks', 'invalid_blocks_format', 'invalid_attachments'],
    cause: 'format',
    fix: {
      en: 'Slack does not accept the form of the message: this is a fault of the sender, please report it with this record.',
      zh: 'Slack 不接受该消息的格式：这是发送程序的问题，请附上本记录反馈。',
    },
  }),
  refused({
    codes: ['user_not_found'],
    cause: 'format',
    fix: {
      en: 'A member who is called in the message does not exist in this workspace: correct the user ids of the mentions.',
      zh: '消息中提及的成员在该工作区不存在：请更正提及的用户 ID。',
    },
  }),
  refused({
    codes: ['too_many_attachments', 'msg_too_long', 'msg_blocks_too_long'],
    cause: 'size',
    fix: {
      en: 'The message is too long for Slack (about 13,000 characters in all blocks): shorten what is sent.',
      zh: '消息超出 Slack 的长度限制（所有区块合计约 13,000 个字符）：请缩短内容。',
    },
  }),
  refused({
    codes: ['action_prohibited'],
    cause: 'auth',
    fix: {
      en: 'An administrator of the workspace forbids this post: ask them to allow the app in this channel.',
      zh: '工作区管理员禁止了此操作：请联系管理员允许该应用在此频道发送消息。',
    },
  }),
  refused({
    codes: ['posting_to_general_channel_denied'],
    cause: 'auth',
    fix: {
      en: 'Only administrators may post to this general channel: create the webhook for another channel.',
      zh: '只有管理员可以在该公共频道发言：请为其他频道创建 Webhook。',
    },
  }),
  dead({
    codes: ['invalid_token', 'no_service', 'no_service_id', 'no_active_hooks'],
    cause: 'url',
    fix: {
      en: 'This webhook is wrong, switched off or removed: create an incoming webhook in the Slack app again and enter its whole URL.',
      zh: '该 Webhook 不正确、已停用或已删除：请在 Slack 应用中重新创建 Incoming Webhook，并填写完整的 URL。',
    },
  }),
  dead({
    codes: ['team_disabled', 'no_team'],
    cause: 'url',
    fix: {
      en: 'The Slack workspace of this webhook is gone or disabled: enter a webhook of a living workspace.',
      zh: '该 Webhook 所属的 Slack 工作区已停用或不存在：请填写有效工作区的 Webhook。',
    },
  }),
  dead({
    codes: ['channel_not_found'],
    cause: 'url',
    fix: {
      en: 'The channel of this webhook does not exist any more: create a webhook for another channel.',
      zh: '该 Webhook 对应的频道已不存在：请为其他频道创建 Webhook。',
    },
  }),
  dead({
    codes: ['channel_is_archived'],
    cause: 'url',
    fix: {
      en: 'The channel is archived: restore it, or create a webhook for another channel.',
      zh: '频道已归档：请恢复该频道，或为其他频道创建 Webhook。',
    },
  }),
];

/** Too early to give up, too uncertain to insist: the code and the words are kept for a person. */
const UNKNOWN = retry({
  codes: [],
  cause: 'other',
  maxAttempts: CAUTIOUS_ATTEMPTS,
  fix: {
    en: 'Slack answered with something that is not known here; it is tried twice. Look the words up in its documentation.',
    zh: 'Slack 返回了未知的应答，系统最多尝试两次：请查阅其官方文档。',
  },
});

/** The address itself is refused by its HTTP status, without a code of Slack: nothing is known about the webhook. */
const WRONG_ADDRESS = refused({
  codes: [],
  cause: 'url',
  fix: {
    en: 'The address does not take messages, and the answer is not from Slack: check the URL, and proxies in between.',
    zh: '该地址不接收消息，且应答并非来自 Slack：请检查 URL 以及中间的代理。',
  },
});

/** The rule for a code; undefined when it is not known. */
export const ruleOfCode = (code: string): ReplyRule | undefined => findRule(RULES, code, '');

/** What the HTTP status alone says, for answers whose words say nothing. */
export const ruleOfStatus = (status: number): ReplyRule => {
  if (status === 429) return SLOW_DOWN;
  if (status >= 500 || status === 408) return SERVER_FAULT;
  if ([404, 405, 410].includes(status) || (status >= 300 && status < 400)) return WRONG_ADDRESS;
  return UNKNOWN;
};
