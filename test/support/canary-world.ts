import type { Notice } from '../../shared/channels/channel.ts';
import { messageSchema } from '../../shared/domain/messages.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import type { Target } from '../../shared/domain/target.ts';
import type { QueueName } from '../../shared/ports/queue.ts';
import { type CanaryReport, watchCanary } from '../../shared/stages/canary.ts';
import { readCanary, sendCanaryNow } from '../../shared/stages/canary-now.ts';
import { deliver } from '../../shared/stages/deliver.ts';
import { fanout } from '../../shared/stages/fanout.ts';
import type { Handled } from '../../shared/stages/handled.ts';
import { match } from '../../shared/stages/match.ts';
import { CrashError, guarded, type StepOptions } from './guarded-platform.ts';
import { settingsOf, WholeWorld } from './whole-world.ts';

const MINUTE = 60_000;
const QUEUES: readonly QueueName[] = [
  'events',
  'notifications',
  'deliver-inbox',
  'deliver-webhook',
  'deliver-email',
  'deliver-voice',
];

export interface CanaryMessage {
  minute: number;
  channel: string;
  to: string;
  what: string;
  level: string;
}

const people = {
  contacts: [
    { name: 'ops', language: 'en', email: 'ops@example.com', phone: '+8613800000000' },
    { name: 'group', language: 'zh', webhook: { type: 'webhook', url: 'https://robots.example/group' } },
  ],
  resourceInstances: [{ assetname: 'out', emailUsername: 'a@example.com', emailPassword: 'code' }],
  voice: { ttsCode: 'TTS_1' },
};

/** Settings whose canary goes to an inbox, and whose alarm goes out by mail. */
export const canarySettings = (canary: object = {}, more: object = {}): Settings =>
  settingsOf({
    ...people,
    account: '1234',
    canary: { every: '15m', deadline: '5m', alarm: { contacts: ['ops'], by: ['email'] }, ...canary },
    ...more,
  });

/** The whole chain with the watch over its canary, minute by minute; queues can be left unread, and providers refuse. */
export class CanaryWorld extends WholeWorld {
  /** Queues that nobody reads. */
  readonly unread = new Set<QueueName>();
  readonly messages: CanaryMessage[] = [];
  /** What a provider says; delivered when it says nothing. */
  reply: (message: CanaryMessage) => Outcome | undefined = () => undefined;
  settings: Settings;
  readonly startMs = this.clock.nowMs();

  constructor(settings: Settings = canarySettings()) {
    super(settings);
    this.settings = settings;
    this.channel.send = (notice, target) => Promise.resolve(this.#said(notice, target));
  }

  override apply(settings: Settings): void {
    super.apply(settings);
    this.settings = settings;
  }

  canaryPorts(options: StepOptions = {}) {
    return {
      ...guarded(this.platform, options),
      clock: this.clock,
      settings: { current: () => Promise.resolve(this.settings) },
      directory: { current: () => Promise.resolve(this.roster) },
    };
  }

  /** `aheadMs`: how far the clock of that instance goes ahead. */
  watch({ aheadMs = 0, ...options }: StepOptions & { aheadMs?: number } = {}): Promise<CanaryReport> {
    const clock = { nowMs: () => this.clock.nowMs() + aheadMs };
    return watchCanary({ ...this.canaryPorts(options), clock })();
  }

  /** A watch that dies after so many calls, or ends before. */
  async dyingWatch(crashAfter: number, isShifted: boolean): Promise<void> {
    const ports = this.canaryPorts({ crashAfter, split: true });
    try {
      // Odd counts die after a call and even ones before it: one call more makes each call die in both ways.
      if (isShifted) await ports.store.get({ table: 'ledger', pk: 'nothing', sk: '' });
      await watchCanary(ports)();
    } catch (error) {
      if (!(error instanceof CrashError)) throw error;
    }
  }

  now() {
    return sendCanaryNow(this.canaryPorts());
  }

  standing() {
    return readCanary(this.ports);
  }

  /** So many minutes: in each, the watch and then everything that is due. */
  async minutes(count: number): Promise<void> {
    for (let minute = 0; minute < count; minute += 1) {
      await this.watch();
      await this.work();
      this.clock.advance(MINUTE);
    }
  }

  /** Does what is due now on the queues that somebody reads. */
  async work(): Promise<void> {
    let done = 0;
    for (const queue of QUEUES) if (!this.unread.has(queue)) done += await this.#drain(queue);
    if (done > 0) await this.work();
  }

  /** What people got, without the canaries themselves. */
  get alarms(): CanaryMessage[] {
    return this.messages.filter(({ what }) => what !== 'Canary');
  }

  get canaries(): CanaryMessage[] {
    return this.messages.filter(({ what }) => what === 'Canary');
  }

  #said(notice: Notice, target: Target): Outcome {
    const [first] = notice.digest.top;
    const message: CanaryMessage = {
      minute: Math.floor((this.clock.nowMs() - this.startMs) / MINUTE),
      channel: target.channel,
      to: target.name,
      what: first?.name ?? '',
      level: first?.level ?? '',
    };
    this.messages.push(message);
    return this.reply(message) ?? { kind: 'delivered', code: '0' };
  }

  #handle(queue: QueueName): (messages: readonly never[]) => Promise<Handled[]> {
    if (queue === 'events') return match(this.ports);
    return queue === 'notifications' ? fanout(this.ports) : deliver(this.channel)(this.ports);
  }

  async #drain(queue: QueueName): Promise<number> {
    const messages = await this.platform.queue.receive({ queue, max: 16, visibilityMs: MINUTE });
    const bodies = messages.map(({ body }) => messageSchema.parse(JSON.parse(body)));
    const handled = await this.#handle(queue)(bodies as never[]);
    const again = messages.flatMap(({ body }, at) => {
      const one = handled[at];
      return one?.kind === 'again' ? [{ queue, body, delayMs: Math.max(1, one.delayMs) }] : [];
    });
    if (again.length > 0) await this.platform.queue.send(again);
    await this.platform.queue.acknowledge(
      queue,
      messages.map(({ receipt }) => receipt),
    );
    return messages.length;
  }
}
