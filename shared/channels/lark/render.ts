import { firstFitting, ROOMS, type Room } from '../document-text.ts';
import { cardOfSchema1, cardOfSchema2 } from './card.ts';
import { cardContentOf } from './card-content.ts';
import type { Letter, Look } from './letter.ts';
import { postContent, textContent } from './lines.ts';
import type { Signature } from './sign.ts';

/**
 * Size of the serialised body that is certainly taken. The vendor says 20 KB and not what a KB is. Source: open.feishu.cn,
 * add-custom-bot.
 */
const MAX_BODY_BYTES = 20_000;

/** What a bot is posted. */
export interface HookBody extends Signature {
  msg_type: 'interactive' | 'post' | 'text';
  card?: object;
  content?: object;
}

const fits = (body: HookBody): boolean => Buffer.byteLength(JSON.stringify(body)) <= MAX_BODY_BYTES;

type Writer = (letter: Letter, room: Room) => HookBody;

const WRITERS: Readonly<Record<Look, Writer>> = {
  'card-2': (letter, room) => ({
    ...letter.signature,
    msg_type: 'interactive',
    card: cardOfSchema2(cardContentOf(letter, room)),
  }),
  'card-1': (letter, room) => ({
    ...letter.signature,
    msg_type: 'interactive',
    card: cardOfSchema1(cardContentOf(letter, room)),
  }),
  post: (letter, room) => ({ ...letter.signature, msg_type: 'post', content: postContent(letter, room) }),
  text: (letter, room) => ({ ...letter.signature, msg_type: 'text', content: textContent(letter, room) }),
};

/** From the richest to the barest. */
const LOOKS: readonly Look[] = ['card-2', 'card-1', 'post', 'text'];

/** Text is what is left when the provider finds everything else too large, so it starts small. */
const roomsFor = (look: Look): readonly Room[] => (look === 'text' ? ROOMS.slice(2) : ROOMS);

const leastBody = (letter: Letter): HookBody => ({
  ...letter.signature,
  msg_type: 'text',
  content: textContent({ ...letter, ids: [] }, undefined),
});

/** The body of one message in the wanted look, or in the next simpler one that fits into {@link MAX_BODY_BYTES}; at the least the title as text. */
export const renderHookBody = (letter: Letter, look: Look): HookBody => {
  for (const simpler of LOOKS.slice(LOOKS.indexOf(look))) {
    const body = firstFitting(roomsFor(simpler), (room) => WRITERS[simpler](letter, room), fits);
    if (body !== undefined) return body;
  }
  return leastBody(letter);
};
