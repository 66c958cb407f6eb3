import { voice } from '../../../shared/channels/voice/index.ts';
import { VOICE_REPLIES } from '../../fixtures/providers/openapi-replies.ts';
import type { ChannelUnderTest } from '../channel.suite.ts';
import { openOpenApiRig, parameterOf, variablesIn } from '../openapi-rig.ts';
import { SMS } from './sms.ts';

/** Calls to mobile phones of the mainland, over SingleCallByTts. */
export const VOICE: ChannelUnderTest = {
  ...SMS,
  channel: voice,
  open: () => openOpenApiRig({ channel: 'voice', number: '+8613800000000' }),
  success: { body: JSON.stringify({ Code: 'OK', Message: 'OK', CallId: '1^0', RequestId: 'A' }) },
  replies: VOICE_REPLIES,
  textOf: (seen) => variablesIn(seen, 'TtsParam').join('\n'),
  size: { max: 249, measure: (seen) => parameterOf(seen, 'TtsParam').length },
  badAddresses: [...SMS.badAddresses, '+85291234567', '+14155550100'],
};
