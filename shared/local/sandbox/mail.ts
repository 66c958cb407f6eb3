import * as z from 'zod/mini';
import type { FaultCode, Faults } from './faults.ts';
import type { Letter } from './mail-letter.ts';
import {
  judgeLogin,
  judgeRecipient,
  judgeSender,
  type MailboxSettings,
  mailboxSettingsSchema,
  type Refusal,
  type Turn,
  turnOf,
} from './mail-rules.ts';
import type { SandboxMessage } from './message-log.ts';
import type { FakeProvider, SandboxParts, Served } from './provider.ts';
import { SeenKeys } from './seen-keys.ts';

const PROVIDER = 'email';

/** Who logged in, whom from, and to whom; what is not known yet is empty. */
export interface Exchange {
  user: string;
  sender: string;
  recipients: readonly string[];
}

const NO_LETTER: Letter = {
  from: '',
  to: [],
  messageId: '',
  subject: '',
  text: '',
  html: '',
  headers: {},
  sizeBytes: 0,
};

const TAKEN: Refusal = { code: 250, words: 'Mail OK queued' };

const refusalOf = ({ code, message }: FaultCode): Refusal => {
  const number = Number(code);
  const sound = Number.isInteger(number) && number >= 400 && number <= 599;
  return { code: sound ? number : 451, words: message ?? 'fault made by the sandbox' };
};

/** What a refusal adds to the record: who was to get what is known by then. */
interface MailRecord {
  exchange: Exchange;
  answer: Refusal;
  letter?: Letter;
}

/** A fake mail provider: mailboxes of any domain, with the rules and the words of the real ones. */
export class FakeMail implements FakeProvider {
  readonly name = PROVIDER;
  readonly #parts: SandboxParts;
  readonly #mailboxes = new Map<string, MailboxSettings>();
  readonly #seen = new SeenKeys();

  constructor(parts: SandboxParts) {
    this.#parts = parts;
  }

  /** Mails come over SMTP, never over HTTP. */
  targetOf(): undefined {
    return undefined;
  }

  serve(): Served {
    throw new Error('mails come over SMTP');
  }

  /** Replaces the settings of the mailbox of a sender. */
  configure(address: string, settings: unknown): string | undefined {
    const parsed = mailboxSettingsSchema.safeParse(settings);
    if (!parsed.success) return z.prettifyError(parsed.error);
    this.#mailboxes.set(address.toLowerCase(), parsed.data);
    return undefined;
  }

  /** A frame around the mail, which is served by itself and can neither run nor load anything. */
  html({ id }: SandboxMessage): string {
    return `<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" src="/sandbox/mail/${id}" title="mail ${id}"></iframe>`;
  }

  /** Fault knobs that are in force for a mailbox. */
  faultsFor(target: string): Faults | undefined {
    return this.#parts.faults.for({ provider: PROVIDER, target });
  }

  /** Whether the connection is cut this time instead of answering. */
  cuts(target: string): boolean {
    return this.#parts.faults.happens(this.faultsFor(target)?.reset ?? 0);
  }

  login(user: string, password: string): Refusal | undefined {
    const exchange = { user, sender: '', recipients: [] };
    const judged = judgeLogin(user, password, this.#mailboxes.get(user.toLowerCase()) ?? {});
    return this.#refuse(exchange, this.#strike('login', user) ?? judged);
  }

  sender(exchange: Exchange): Refusal | undefined {
    const { user, sender } = exchange;
    return this.#refuse(exchange, this.#strike('sender', user) ?? judgeSender(user, sender));
  }

  recipient(exchange: Exchange): Refusal | undefined {
    const recipient = exchange.recipients.at(-1) ?? '';
    return this.#refuse(exchange, this.#strike('recipient', recipient) ?? judgeRecipient(recipient));
  }

  /** Takes or refuses the content; gives the record, whose `answer` tells what to say. */
  content(exchange: Exchange, letter: Letter): SandboxMessage {
    const target = exchange.recipients[0] ?? '';
    return this.#record({ exchange, letter, answer: this.#strike('content', target) ?? TAKEN });
  }

  #strike(turn: Turn, target: string): Refusal | undefined {
    const faults = this.faultsFor(target);
    const codes = faults?.codes?.filter(({ code }) => turnOf(code) === turn) ?? [];
    const fault = this.#parts.faults.strike({ codes });
    return fault === undefined ? undefined : refusalOf(fault);
  }

  #refuse(exchange: Exchange, refusal: Refusal | undefined): Refusal | undefined {
    if (refusal !== undefined) this.#record({ exchange, answer: refusal });
    return refusal;
  }

  #record({ exchange, answer, letter = NO_LETTER }: MailRecord): SandboxMessage {
    const target = exchange.recipients[0] ?? '';
    const accepted = answer.code < 400;
    const repeated = accepted && this.#seen.repeats(letter.messageId === '' ? '' : `${target} ${letter.messageId}`);
    const place = target === '' ? exchange.user : target;
    const struck = this.#parts.faults.takeStruck();
    return this.#parts.log.add(place, {
      provider: PROVIDER,
      target: place,
      name: place,
      receivedAtMs: this.#parts.clock.nowMs(),
      request: { ...letter, from: exchange.sender || exchange.user, to: exchange.recipients },
      title: letter.subject,
      text: letter.text,
      answer: { status: answer.code, body: answer.words, reset: false },
      shown: accepted && !repeated,
      idempotencyKey: letter.messageId,
      repeated,
      ...(struck === undefined ? {} : { fault: { code: String(struck.code) } }),
    });
  }
}
