import type { Channel, Notice } from '../channels/channel.ts';
import { titleFor } from '../domain/catalogue.ts';
import { adviceFor } from '../domain/decision-advice.ts';
import { digestOfEvent } from '../domain/digest.ts';
import type { Event } from '../domain/event.ts';
import type { Roster, Want } from '../domain/roster.ts';
import { readEnvelope } from '../sources/index.ts';
import { ApiError, type ApiReply, json } from './api.ts';
import type { ChannelWorkPorts } from './channel-work-ports.ts';
import { wordsFor } from './decision-words.ts';
import { dryPorts } from './dry-ports.ts';
import { definedOf } from './query.ts';
import type { ApiCall } from './router.ts';

const renderFor = async (
  ports: ChannelWorkPorts,
  channel: Channel,
  call: { notice: Notice; roster: Roster; key: string },
) => {
  const target = call.roster.targets.get(call.key);
  if (target === undefined) return [];
  const dry = dryPorts(ports.clock);
  await channel.send(call.notice, target, dry.ports);
  return dry.messages;
};

const describeWant = async (ports: ChannelWorkPorts, dryRun: { roster: Roster; event: Event }, want: Want) => {
  const { roster, event } = dryRun;
  const channel = ports.channels.find(({ name }) => name === want.channel);
  const notice: Notice = {
    id: 'dry-run',
    digest: digestOfEvent(event),
    language: want.language,
    ...(ports.consoleUrl === undefined ? {} : { link: ports.consoleUrl }),
  };
  const messages = channel === undefined ? [] : await renderFor(ports, channel, { notice, roster, key: want.target });
  return { ...want, targetName: roster.targets.get(want.target)?.name, messages };
};

const eventOf = (ports: ChannelWorkPorts, call: ApiCall): Event => {
  const items = readEnvelope({ text: call.body, contentType: call.headers['content-type'] ?? '' });
  const [item] = items;
  if (items.length !== 1 || item === undefined)
    throw new ApiError({ status: 400, code: 'one-event', message: 'Send exactly one event.' });
  if (item.kind === 'rejected') throw new ApiError({ status: 400, code: item.code, message: item.message });
  return { ...item.draft, receivedAtMs: ports.clock.nowMs() };
};

/** The dry run of one event: who would be told, by which rule, in which words, and why the other rules stay silent. */
export const routeDry =
  (ports: ChannelWorkPorts) =>
  async (call: ApiCall): Promise<ApiReply> => {
    const event = eventOf(ports, call);
    const roster = await ports.roster.current();
    const wants = await Promise.all(roster.route(event).map((want) => describeWant(ports, { roster, event }, want)));
    const decisions = roster.explain(event).map((decision) => ({
      ...decision,
      ...definedOf({ targetName: roster.targets.get(decision.target ?? '')?.name }),
      text: wordsFor(decision.name),
      ...definedOf({ advice: adviceFor(decision) }),
    }));
    const named = { ...event, title: titleFor(event) };
    return json(200, { event: named, settingsVersion: roster.version, targets: wants, decisions });
  };
