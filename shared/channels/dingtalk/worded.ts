import { isRecord } from '../../domain/is-record.ts';
import type { RobotMessage } from '../../domain/notify-message.ts';
import type { Target } from '../../domain/target.ts';
import type { Notice } from '../channel.ts';
import { firstFitting, paragraphs } from '../document-text.ts';
import { missingKeyword } from '../keyword.ts';
import { shorten } from '../plain-text.ts';
import { type AtObject, mentionsOf } from './mentions.ts';
import { MAX_BODY_BYTES } from './render.ts';

/** The body of a message whose sender wrote it for a robot. */
export interface WordedBody {
  msgtype: RobotMessage['msgtype'];
  msgUuid: string;
  at?: object;
  [payload: string]: unknown;
}

/** Characters of the text, from all of it to little: the first body that fits is sent. */
const TEXT_CHARS: readonly number[] = [20_000, 12_000, 6_000, 4_000, 2_000, 500];

const fits = (body: WordedBody): boolean => Buffer.byteLength(JSON.stringify(body)) <= MAX_BODY_BYTES;

const listIn = (at: Readonly<Record<string, unknown>> | undefined, name: string): unknown[] => {
  const list = isRecord(at) ? at[name] : undefined;
  return Array.isArray(list) ? list : [];
};

/** Whom the sender calls, and whom the settings of the robot call. */
const atOf = ({ at: own }: RobotMessage, at: AtObject): object | undefined => {
  const atMobiles = [...new Set([...listIn(own, 'atMobiles'), ...at.atMobiles])];
  const atUserIds = [...new Set([...listIn(own, 'atUserIds'), ...at.atUserIds])];
  const isAtAll = at.isAtAll || own?.isAtAll === true;
  if (atMobiles.length + atUserIds.length === 0 && !isAtAll) return undefined;
  return { atMobiles, atUserIds, isAtAll };
};

const textOf = ({ msgtype, payload }: RobotMessage): string => {
  const text = msgtype === 'text' ? payload.content : payload.text;
  return typeof text === 'string' ? text : '';
};

const bodyOf = (robot: RobotMessage, notice: Notice, target: Target) => {
  const { at, line } = mentionsOf(target.mentions, notice.language);
  const key = robot.msgtype === 'text' ? 'content' : 'text';
  const called = atOf(robot, at);
  return (maxChars: number): WordedBody => {
    const text = paragraphs(shorten(textOf(robot), maxChars), line);
    const read = JSON.stringify({ ...robot.payload, [key]: text });
    const keyword = missingKeyword(target.keywords, read, notice.language);
    const payload = { ...robot.payload, [key]: paragraphs(text, keyword ?? '') };
    return {
      msgtype: robot.msgtype,
      [robot.msgtype]: payload,
      ...(called === undefined ? {} : { at: called }),
      msgUuid: notice.id,
    };
  };
};

/**
 * The message as its sender wrote it, with a keyword and the mentions of the robot where they are missing, its text cut to what the
 * robot takes; undefined when the message was not written for a robot.
 */
export const renderWorded = (notice: Notice, target: Target): WordedBody | undefined => {
  const robot = notice.worded?.robot;
  if (robot === undefined) return undefined;
  const write = bodyOf(robot, notice, target);
  return firstFitting(
    TEXT_CHARS.map((valueChars) => ({ valueChars, items: 0, details: false })),
    ({ valueChars }) => write(valueChars),
    fits,
  );
};
