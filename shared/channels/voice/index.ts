import { createHash } from 'node:crypto';
import type { Target, VoiceOptions } from '../../domain/target.ts';
import type { OpenApiRequest } from '../../ports/openapi.ts';
import type { Channel, Notice, Quota } from '../channel.ts';
import { openApiAttempt, type ReplyReading } from '../openapi-reply.ts';
import { phoneNumberOf, spellingsOf } from '../phone-number.ts';
import { BAD_NUMBER, NO_SETTINGS } from './refusals.ts';
import { ttsParamOf } from './render.ts';
import { VOICE_RULES } from './reply-table.ts';

const TIMEOUT_MS = 10_000;

/** Calls to one number; failed ones count. Source: help.aliyun.com/document_detail/393519.html. */
const QUOTA: Quota = {
  windows: [
    { limit: 1, windowMs: 60_000 },
    { limit: 5, windowMs: 3_600_000 },
    { limit: 20, windowMs: 86_400_000 },
  ],
  maxSendMs: TIMEOUT_MS,
};

/** Source: help.aliyun.com/document_detail/393519.html. */
const CALL = { endpoint: 'dyvmsapi.aliyuncs.com', action: 'SingleCallByTts', version: '2017-05-25' };

const READING: ReplyReading = { codeField: 'Code', rules: VOICE_RULES };

/** Who wakes up needs a second time to understand. */
const PLAY_TIMES = '2';

/** Source: help.aliyun.com/document_detail/393519.html, `OutId` of 1 to 15 bytes. */
const OUT_ID_CHARS = 15;

const outIdOf = (deliveryId: string): string =>
  createHash('sha256').update(deliveryId).digest('hex').slice(0, OUT_ID_CHARS);

/** Who calls whom. */
interface Errand {
  notice: Notice;
  target: Target;
  options: VoiceOptions;
}

/** Without `CalledShowNumber`, so that a number of the shared pool calls. */
const requestOf = ({ notice, target, options }: Errand, national: string): OpenApiRequest => ({
  ...CALL,
  params: {
    CalledNumber: national,
    TtsCode: options.ttsCode,
    TtsParam: JSON.stringify(ttsParamOf(notice, target)),
    PlayTimes: PLAY_TIMES,
    OutId: outIdOf(notice.id),
  },
  timeoutMs: TIMEOUT_MS,
});

/**
 * Voice calls to mobile phones of the mainland: a template is read aloud twice. The service knows no idempotency, so an attempt
 * without an answer is never repeated.
 */
export const voice: Channel = {
  name: 'voice',
  quotaOf: () => QUOTA,
  repeatsUnanswered: false,
  timeoutMs: TIMEOUT_MS,
  claims: () => false,
  send: async (notice, target, ports) => {
    const number = phoneNumberOf(target.address);
    if (number?.kind !== 'mainland') return BAD_NUMBER;
    if (target.voice === undefined) return NO_SETTINGS;
    const request = requestOf({ notice, target, options: target.voice }, number.national);
    return openApiAttempt({ request, reading: READING }, spellingsOf(target.address, number), ports);
  },
};
