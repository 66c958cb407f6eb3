import type { Cause, DeliveryState } from '../domain/delivery.ts';
import type { Bilingual } from '../domain/event.ts';
import { type Outcome, refusedUnsent } from '../domain/outcome.ts';

/** No slot of the quota is free, and it does not come free in time. */
export const quotaRefusal = (waitMs: number): Outcome => {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return refusedUnsent('quota', 'rate', {
    en: `Nothing may be sent there now: the quota is used up, or the provider imposed a pause. Call again in ${seconds} s.`,
    zh: `暂时不能向其发送（配额已用完，或服务商要求暂停）：请 ${seconds} 秒后再次调用。`,
  });
};

/** The deadline of the call came first. */
export const NO_TIME: Outcome = refusedUnsent('deadline', 'other', {
  en: 'The time of this call was over before this message could be sent: call again for the receivers that are missing.',
  zh: '本次调用的时间已用完，该消息未发送：请为缺少的接收人再次调用。',
});

/** The deployment lacks the channel. */
export const NOT_DEPLOYED: Outcome = refusedUnsent('channel-not-deployed', 'other', {
  en: 'This deployment does not have this channel, so nothing was sent: deploy it, or use another one.',
  zh: '该部署没有这个渠道，未发送任何内容：请部署该渠道，或改用其他渠道。',
});

/** The store could not note that the message is being sent, so it was not sent. */
export const NO_STORE: Outcome = refusedUnsent('store-unavailable', 'other', {
  en: 'The store of this system could not be reached, so this message was not sent: call again for this receiver.',
  zh: '无法访问本系统的存储，该消息未发送：请为该接收人再次调用。',
});

const unknown = (code: string, fix: Bilingual, cause: Cause = 'network'): Outcome => ({
  kind: 'ambiguous',
  retryAfterMs: 0,
  maxAttempts: 1,
  code,
  cause,
  text: 'no clear answer',
  fix,
});

/** Another run of the same call is sending this message. */
export const UNDER_WAY: Outcome = unknown('under-way', {
  en: 'Another run of the same call is sending this message: call again with the same request id to learn what came of it.',
  zh: '同一调用的另一次执行正在发送该消息：请使用相同的请求 ID 再次调用以获取结果。',
});

/** An attempt began and ended without an answer, in this run or in an earlier one of the same call. */
export const LEFT_UNANSWERED: Outcome = unknown('no-answer', {
  en: 'It may have arrived: an attempt to send it began and ended without an answer. It is not repeated; ask the recipient.',
  zh: '该消息可能已送达：发送已开始但没有收到应答。系统不再重发，请与接收人确认。',
});

const UNSAID: Bilingual = { en: 'Look at the delivery for its attempts.', zh: '请查看该投递的发送记录。' };

/** The outcome that a finished delivery had. */
export const outcomeOfState = ({
  status,
  code = '',
  cause = 'other',
  reason,
  fix = UNSAID,
}: DeliveryState): Outcome => {
  if (status === 'delivered') return { kind: 'delivered', code };
  if (reason === 'attempt-unknown') return unknown(code, fix, cause);
  return { kind: 'refused', endpointDead: false, code, cause, text: '', fix };
};
