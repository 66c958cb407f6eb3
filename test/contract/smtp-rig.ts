import PostalMime from 'postal-mime';
import { createMailTransport } from '../../shared/adapters/net/mail-transport.ts';
import type { ChannelPorts } from '../../shared/channels/channel.ts';
import type { Target } from '../../shared/domain/target.ts';
import { MailError, type MailTransport } from '../../shared/ports/mail-transport.ts';
import { aTarget, NOW_MS } from '../fixtures/providers/notice.ts';
import { channelPorts } from '../support/channel-ports.ts';
import type { Planted, Rig, RigAnswer, Seen } from './channel-rig.ts';
import { type RawMail, type Script, type ScriptedSmtp, startScriptedSmtp, type Turn } from './scripted-smtp.ts';

/** Enough for a login and a mail on a busy machine; a server that hangs is given up after it. */
const MOMENT_MS = 1_500;
const clock = { nowMs: () => NOW_MS };
const PASSWORD = 'code-0123456789abcdef';

const scriptOf = (answer: RigAnswer): Script | undefined => {
  if (answer === 'reset' || answer === 'hang') return { at: 'data', act: answer };
  if (answer === 'refuse-connection' || answer.fails) return undefined;
  return { at: (answer.at ?? 'data') as Turn, act: { say: answer.body } };
};

const seenOf = async ({ from, to, user, raw }: RawMail): Promise<Seen> => {
  const { subject = '', text = '', html = '', messageId = '', headers } = await PostalMime.parse(raw);
  return {
    method: 'DATA',
    path: to.join(','),
    query: new URLSearchParams(),
    headers: Object.fromEntries(headers.map(({ key, value }) => [key, value])),
    body: raw,
    form: { from, user, subject, text, html, messageId },
  };
};

class SmtpRig implements Rig {
  readonly ports: ChannelPorts;
  readonly strictPorts: ChannelPorts;
  #answer: RigAnswer = { body: '250 OK' };
  #askedMs: number[] = [];
  #received: Seen[] = [];
  readonly #server: ScriptedSmtp;
  readonly #closedPort: number;
  readonly #mail;
  readonly #strict = createMailTransport({ allow: [] });

  private constructor(server: ScriptedSmtp, closedPort: number) {
    this.#server = server;
    this.#closedPort = closedPort;
    const { port, certificate } = server;
    const trusted = [{ host: '127.0.0.1', port, certificate }];
    this.#mail = createMailTransport({ allow: ['127.0.0.1/32'], trusted });
    this.ports = channelPorts({ mail: this.#asked(this.#mail), clock });
    this.strictPorts = channelPorts({ mail: this.#asked(this.#strict), clock });
    server.onMail = async (mail) => {
      this.#received.push(await seenOf(mail));
    };
  }

  static async open(): Promise<SmtpRig> {
    const closed = await startScriptedSmtp();
    await closed.close();
    return new SmtpRig(await startScriptedSmtp(), closed.port);
  }

  target(changes: Partial<Target> = {}): Target {
    const port = this.#answer === 'refuse-connection' ? this.#closedPort : this.#server.port;
    return aTarget({
      key: 'email:abc',
      channel: 'email',
      name: 'contact reader',
      address: 'reader@example.com',
      smtp: { name: 'mail-out', server: `127.0.0.1:${port}`, user: 'alert@example.com', password: PASSWORD },
      ...changes,
    });
  }

  planted({ token, secret }: Planted): { target: Target; hidden: readonly string[] } {
    const address = `${token}@reader.example.com`;
    const target = this.target({ address });
    const user = `${token}@sender.example.com`;
    const smtp = { name: 'mail-out', ...target.smtp, user, password: secret };
    return { target: { ...target, smtp }, hidden: [secret, user, address] };
  }

  answerWith(answer: RigAnswer): void {
    this.#answer = answer;
    this.#server.script = scriptOf(answer);
    // A greeting is said to new connections only.
    if (this.#server.script?.at === 'connect' || this.#server.script?.at === 'auth') this.#server.hangUp();
    this.#askedMs = [];
    this.#received = [];
  }

  received(): readonly Seen[] {
    return this.#received;
  }

  askedMs(): readonly number[] {
    return this.#askedMs;
  }

  async close(): Promise<void> {
    this.#mail.close();
    this.#strict.close();
    await this.#server.close();
  }

  #asked(mail: MailTransport): MailTransport {
    return {
      send: (request) => {
        this.#askedMs.push(request.timeoutMs);
        const { fails } = typeof this.#answer === 'object' ? this.#answer : {};
        if (fails) return Promise.reject(new MailError({ ...fails, message: 'planned' }));
        return mail.send(this.#answer === 'hang' ? { ...request, timeoutMs: MOMENT_MS } : request);
      },
    };
  }
}

/** A mail provider of one server, over TLS with a login; every mail is read as its recipient would. */
export const openSmtpRig = (): Promise<Rig> => SmtpRig.open();
