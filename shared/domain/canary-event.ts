import type { CanaryStage } from './canary-state.ts';
import { channelName } from './channel-name.ts';
import type { Bilingual, Event } from './event.ts';
import { idOf } from './ids.ts';
import type { Level } from './level.ts';

/** Type of every event that is about the canary. */
const CANARY = 'Canary';

/** Whether an event was made to test the chain, or tells how such a test ended; it is no news of the cloud. */
export const isCanary = ({ source }: Pick<Event, 'source'>): boolean => source === 'canary';

/** Whether an event is the canary itself. */
export const isCanaryItself = ({ source, name }: Pick<Event, 'source' | 'name'>): boolean =>
  source === 'canary' && name === CANARY;

const TITLE: Bilingual = {
  en: 'Canary: a test of the way that notifications take',
  zh: '自检消息（金丝雀）：测试通知链路，无需处理',
};

/** How an alarm is called by the place in the chain that the canary did not pass. */
const MISSING: Readonly<Record<CanaryStage, { name: string; title: Bilingual }>> = {
  accepting: {
    name: 'CanaryNotAccepted',
    title: { en: 'Canary missing: it could not be put on its way', zh: '自检消息未送达：无法放入处理队列' },
  },
  matching: {
    name: 'CanaryNotMatched',
    title: { en: 'Canary missing: accepted, but never matched', zh: '自检消息未送达：已接收，但一直没有匹配' },
  },
  'no-target': {
    name: 'CanaryWithoutTarget',
    title: { en: 'Canary missing: there is nowhere to send it', zh: '自检消息未送达：没有可以送达的目标' },
  },
  'handing-over': {
    name: 'CanaryNotHandedOver',
    title: {
      en: 'Canary missing: matched, but no channel has tried it',
      zh: '自检消息未送达：已匹配，但渠道没有开始发送',
    },
  },
  delivering: {
    name: 'CanaryNotDelivered',
    title: { en: 'Canary missing: its channel did not deliver it', zh: '自检消息未送达：渠道没有送达' },
  },
  late: {
    name: 'CanaryLate',
    title: { en: 'Canary late: it arrived after its deadline', zh: '自检消息迟到：超过期限才送达' },
  },
};

const RECOVERED: Bilingual = {
  en: 'Canary arrived again: notifications arrive',
  zh: '自检消息已恢复送达：通知链路正常',
};

interface Head {
  id: string;
  name: string;
  level: Level;
  title: Bilingual;
  atMs: number;
  account: string;
  content?: Event['content'];
}

const eventOf = ({ id, name, level, title, atMs, account, content = {} }: Head): Event => ({
  id,
  source: 'canary',
  product: 'fenghuo',
  type: CANARY,
  name,
  status: '',
  level,
  vendorLevel: '',
  resource: { id: '', type: '', name: '', arn: '' },
  region: '',
  account,
  occurredAtMs: atMs,
  receivedAtMs: atMs,
  title,
  content,
});

/** Id of a canary: `key` tells it from every other one of that instant. */
export const canaryIdOf = (atMs: number, key: string): string => idOf('evt', atMs, ['canary', key]);

/** The canary as an event that goes the way of every event. */
export const canaryEvent = (id: string, account: string, atMs: number): Event =>
  eventOf({ id, name: CANARY, level: 'info', title: TITLE, atMs, account });

/** What an alarm tells; times in epoch milliseconds. */
export interface CanaryFacts {
  /** Id of the alarm itself. */
  id: string;
  atMs: number;
  account: string;
  /** The canary that it is about, and when that was sent. */
  canary: string;
  sentAtMs: number;
  /** Places that it did not arrive at: name for people, channel, code of the provider. */
  places: readonly { name: string; channel: string; code?: string | undefined }[];
}

const placeText = ({ name, channel, code }: CanaryFacts['places'][number]): string =>
  [name, channelName(channel).en, code].filter(Boolean).join(' · ');

const placesText = (places: CanaryFacts['places']): Event['content'] =>
  places.length === 0 ? {} : { canaryPlaces: places.map(placeText).join('; ') };

/** The alarm that a canary is missing. */
export const missingEvent = ({ id, atMs, account, canary, sentAtMs, places }: CanaryFacts, stage: CanaryStage): Event =>
  eventOf({
    id,
    ...MISSING[stage],
    level: 'critical',
    atMs,
    account,
    content: { canarySent: new Date(sentAtMs).toISOString(), ...placesText(places), canaryEvent: canary },
  });

/** The word that a canary has arrived after others were missing since `sinceMs`. */
export const recoveredEvent = (facts: Omit<CanaryFacts, 'places'>, sinceMs: number): Event =>
  eventOf({
    ...facts,
    name: 'CanaryRecovered',
    level: 'info',
    title: RECOVERED,
    content: {
      canaryMissingSince: new Date(sinceMs).toISOString(),
      canarySent: new Date(facts.sentAtMs).toISOString(),
      canaryEvent: facts.canary,
    },
  });
