import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mentionLine } from '../../shared/channels/slack/mentions.ts';
import { mrkdwnText, plainText } from '../../shared/channels/slack/mrkdwn.ts';
import { renderSlackBody } from '../../shared/channels/slack/render.ts';
import { digestOfEvent } from '../../shared/domain/digest.ts';
import { readSlackMessage } from '../../shared/local/sandbox/slack-message.ts';
import { textsOf } from '../contract/http-rig.ts';
import { aMergedNotice, aNotice, anEvent, aTarget } from '../fixtures/providers/notice.ts';

const NO_MENTIONS = { phones: [], userIds: [], all: false };
const target = aTarget({ channel: 'slack', address: 'https://hooks.slack.com/services/T0/B0/x' });

const noticeSaying = (text: string) =>
  aNotice({
    digest: digestOfEvent(
      anEvent({
        name: text,
        title: { zh: text, en: text },
        status: text,
        resource: { id: text, type: text, name: text, arn: text },
        region: text,
        content: { [text]: text },
      }),
    ),
  });

describe('Slack message', () => {
  it('tells one event in a header, facts, what it means, details and a button', () => {
    const body = renderSlackBody(aNotice({ link: 'https://fenghuo.example.com/events/evt_1?a=b&c=d' }), target);
    expect(body.blocks.map(({ type }) => type)).toEqual(['header', 'section', 'section', 'context', 'actions']);
    expect(body.blocks[0]).toEqual({
      type: 'header',
      text: {
        type: 'plain_text',
        text: '[Critical] ECS · Instance will be restarted for system maintenance · i-bp1fenghuo00000001',
        emoji: false,
      },
    });
    const facts = textsOf(body.blocks[1]);
    for (const words of ['*Level*\nCritical', '*Region*\ncn-hangzhou', '*Time*\n2026-11-20 17:07:10']) {
      expect(facts).toContain(words);
    }
    expect(textsOf(body.blocks[3])).toContain('2026-11-22');
    expect(body.blocks.at(-1)).toMatchObject({
      elements: [{ text: { text: 'Open the event' }, url: 'https://fenghuo.example.com/events/evt_1?a=b&c=d' }],
    });
  });

  it('tells the main facts in the text beside the blocks, in the language of the reader', () => {
    const { text } = renderSlackBody(aNotice({ language: 'zh' }), target);
    expect(text.split('\n')[0]).toMatch(/^\[紧急\] /);
    expect(text).toContain('地域：cn-hangzhou');
    expect(text).not.toContain('*');
  });

  it('counts what a merged message does not show', () => {
    const shown = textsOf(renderSlackBody(aMergedNotice(44), target).blocks);
    expect(shown).toContain('44 events');
    expect(shown).toContain('10 shown, 34 more');
  });

  it('has no button for an address that is none of the web or too long', () => {
    for (const link of ['ftp://x.example.com', 'nonsense', `https://x.example.com/${'a'.repeat(3_000)}`]) {
      const { blocks } = renderSlackBody(aNotice({ link }), target);
      expect(blocks.map(({ type }) => type)).not.toContain('actions');
    }
  });

  it('lets no text of an event page a channel, mention anybody or become a link', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('<', '>', '!', '@', '&', 'channel', 'here', '<!channel>', '<@U012AB3CD>', '|', '&lt;', 'x'),
      maxLength: 60,
    });
    fc.assert(
      fc.property(hostile, (text) => {
        const { text: fallback, blocks } = renderSlackBody(noticeSaying(text), target);
        const marked = textsOf(blocks.slice(1));
        for (const shown of [fallback, marked]) {
          expect(shown).not.toMatch(/[<>]/);
          expect(shown).not.toMatch(/&(?!amp;|lt;|gt;)/);
        }
        const header = textsOf(blocks[0]);
        for (const shown of [fallback, marked, header]) expect(shown).not.toMatch(/<[!@#]|@(channel|here|everyone)\b/i);
      }),
    );
  });

  it('is taken by a strict webhook whatever an event says', () => {
    const unit = fc.constantFrom('汉', '🚨', '"', '\\', '&', '<', 'a', '\ud800', '\n', '`', '👨‍👩‍👧');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 5_000 }), fc.boolean(), (text, all) => {
        const userIds = Array.from({ length: 80 }, (_, index) => `U0${String(index).padStart(28, 'A')}`);
        const notice = { ...noticeSaying(text), link: `https://x.example.com/${'a'.repeat(2_900)}` };
        const body = renderSlackBody(notice, { ...target, mentions: { phones: [], userIds, all } });
        expect(readSlackMessage(body).kind).toBe('message');
        expect(JSON.stringify(body.blocks).length).toBeLessThanOrEqual(13_000);
      }),
      { numRuns: 60 },
    );
  });

  it('takes a merged message of the worst kind', () => {
    const notice = aMergedNotice(900);
    const text = '&<">\\'.repeat(2_000);
    const top = notice.digest.top.map((brief) => ({ ...brief, name: text, title: { zh: text, en: text } }));
    const byName = Array.from({ length: 50 }, (_, index) => ({
      ...notice.digest.byName[0]!,
      name: `${index}${text}`,
      count: 18,
    }));
    const body = renderSlackBody({ ...notice, digest: { ...notice.digest, top, byName } }, target);
    expect(readSlackMessage(body).kind).toBe('message');
    expect(textsOf(body.blocks)).toContain('900 events');
  });
});

describe('Slack mentions', () => {
  it('calls members, groups and everybody, in the blocks and in the text', () => {
    const mentions = { phones: ['+8613800000000'], userIds: ['U012AB3CD', 'W0XYZ', 'S0TEAM'], all: true };
    const { text, blocks } = renderSlackBody(aNotice(), { ...target, mentions });
    const line = '<!channel> <@U012AB3CD> <@W0XYZ> <!subteam^S0TEAM>';
    expect(blocks[1]).toEqual({ type: 'section', text: { type: 'mrkdwn', text: line, verbatim: true } });
    expect(text.split('\n')[1]).toBe(line);
    expect(JSON.stringify({ text, blocks })).not.toContain('13800000000');
  });

  it.each(['u012ab', 'ou_123', 'U1|x> <!channel', '@all', ''])('leaves out %j, which is no id of Slack', (userId) => {
    expect(mentionLine({ ...NO_MENTIONS, userIds: [userId] })).toBe('');
  });

  it('calls at most fifty', () => {
    const userIds = Array.from({ length: 80 }, (_, index) => `U${100 + index}`);
    expect(mentionLine({ ...NO_MENTIONS, userIds }).split(' ')).toHaveLength(50);
  });
});

describe('Slack text', () => {
  it.each([
    ['a < b & c > d', 'a &lt; b &amp; c &gt; d'],
    ['&amp;', '&amp;amp;'],
    ['ping @channel, @Here', 'ping @\u200bchannel, @\u200bHere'],
    ['mail a@example.com', 'mail a@example.com'],
    ['```code```', "'''code'''"],
  ])('writes %j as %j', (text, expected) => {
    expect(mrkdwnText(text, 200)).toBe(expected);
  });

  it('is never longer than asked for, ends with an ellipsis when cut, and cuts no entity and no character', () => {
    const unit = fc.constantFrom('&', '<', '🚨', '汉', 'a');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), fc.integer({ min: 1, max: 80 }), (text, maxChars) => {
        for (const written of [mrkdwnText(text, maxChars), plainText(text, maxChars)]) {
          expect(written.length).toBeLessThanOrEqual(maxChars);
          expect(written).not.toMatch(/\p{Surrogate}/u);
        }
        const marked = mrkdwnText(text, maxChars);
        const whole = mrkdwnText(text, 1_000);
        if (whole.length <= maxChars) expect(marked).toBe(whole);
        else expect(marked).toMatch(/…$/);
        expect(whole.startsWith(marked.replace(/…$/, ''))).toBe(true);
        expect(marked).not.toMatch(/&(?!amp;|lt;|gt;)/);
      }),
    );
  });
});
