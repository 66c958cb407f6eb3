import { headerOf, json, type SandboxRequest, type SandboxResponse } from './answer.ts';
import type { FaultCode } from './faults.ts';
import type { SandboxMessage } from './message-log.ts';
import type { Refusal } from './openapi-check.ts';
import { FakePhone } from './openapi-phone.ts';
import { checkSignature, type OpenApiAnswer } from './openapi-signature.ts';
import type { FakeProvider, SandboxParts, Served } from './provider.ts';
import { SeenKeys } from './seen-keys.ts';

/** Base path of the fake OpenAPI of every product, as FENGHUO_OPENAPI_ENDPOINT would name it. */
export const OPENAPI_PATH = '/sandbox/openapi';

/** Parameters of one call. */
export type Form = Readonly<Record<string, string>>;

/** One call with a sound signature, as a product sees it. */
export interface ProductCall {
  form: Form;
  phone: FakePhone;
  nowMs: number;
}

/** What the owner of the phone gets; empty when nothing. */
export interface PhoneSight {
  title: string;
  text: string;
}

/** One action of a product: what it has against a call, how it answers, and what the phone shows. */
export interface ProductAction {
  version: string;
  /** Parameter with the number. */
  numberIn: string;
  /** Parameter that is only echoed in reports. */
  idIn: string;
  codeIn: 'Code' | 'ResponseCode';
  wordsIn: 'Message' | 'ResponseDescription';
  /** Field with the number of the receipt. */
  receiptIn: string;
  /** The first objection, with the codes of the service; counts the call against the limits of the phone. */
  check(call: ProductCall): Refusal | undefined;
  sight(form: Form): PhoneSight;
}

const formOf = (request: SandboxRequest): Form =>
  Object.fromEntries(new URLSearchParams(request.body.toString('utf8')));

const belongs = ({ path }: SandboxRequest): boolean => path === OPENAPI_PATH || path.startsWith(`${OPENAPI_PATH}/`);

/** First and last digits of a number, as it is usually masked. */
const maskNumber = (number: string): string => `${number.slice(0, 3)}****${number.slice(-4)}`;

/** The number of a phone as people may have written it in a setting. */
const nationalOf = (number: string): string => number.replaceAll(/\D/g, '').replace(/^(?:00)?86(?=1\d{10}$)/, '');

const NOTHING_SEEN: PhoneSight = { title: '', text: '' };

const TAKEN: OpenApiAnswer = { status: 200, code: 'OK', words: 'OK' };

interface Handled {
  verdict: OpenApiAnswer;
  action: ProductAction | undefined;
  form: Form;
  number: string;
}

/** A fake product behind the gateway of the OpenAPI: signature, time, nonce, version and action first, then its own rules. */
export abstract class FakeOpenApiProduct implements FakeProvider {
  abstract readonly name: string;
  /** By the name of the action. */
  protected abstract readonly actions: Readonly<Record<string, ProductAction>>;
  readonly #parts: SandboxParts;
  readonly #phones = new Map<string, FakePhone>();
  readonly #nonces = new SeenKeys();
  #answered = 0;

  constructor(parts: SandboxParts) {
    this.#parts = parts;
  }

  /** Whether calls of an action that nobody has are answered by this product. */
  protected abstract takesOthers(action: string): boolean;

  abstract html(message: SandboxMessage): string;

  targetOf(request: SandboxRequest): string | undefined {
    if (!belongs(request)) return undefined;
    const action = headerOf(request, 'x-acs-action');
    const known = this.#actionOf(request);
    if (known === undefined) return this.takesOthers(action) ? '' : undefined;
    return formOf(request)[known.numberIn] ?? '';
  }

  /** Replaces what the service knows about a number. */
  configure(number: string, settings: unknown): string | undefined {
    return this.#phone(nationalOf(number)).configure(settings);
  }

  serve(request: SandboxRequest, number: string): Served {
    const knobs = this.#parts.faults;
    const fault = knobs.strike(knobs.for({ provider: this.name, target: number }));
    const action = this.#actionOf(request);
    const form = formOf(request);
    const verdict = fault === undefined ? this.#judge(request, action, form) : this.#faultOf(fault);
    return this.#record(request, { verdict, action, form, number });
  }

  #actionOf(request: SandboxRequest): ProductAction | undefined {
    const name = headerOf(request, 'x-acs-action');
    return Object.hasOwn(this.actions, name) ? this.actions[name] : undefined;
  }

  #faultOf({ code, message, status = 200 }: FaultCode): OpenApiAnswer {
    return { status, code: String(code), words: message ?? 'fault made by the sandbox' };
  }

  #judge(request: SandboxRequest, action: ProductAction | undefined, form: Form): OpenApiAnswer {
    const nowMs = this.#parts.clock.nowMs();
    const objection =
      checkSignature(request, nowMs, { nonces: this.#nonces, secretOf: this.#parts.secretOf }) ??
      this.#checkAction(request, action);
    if (objection !== undefined || action === undefined) return objection ?? TAKEN;
    const refusal = action.check({ form, phone: this.#phone(form[action.numberIn] ?? ''), nowMs });
    return refusal === undefined ? TAKEN : { status: 200, ...refusal };
  }

  #checkAction(request: SandboxRequest, action: ProductAction | undefined): OpenApiAnswer | undefined {
    if (request.method !== 'POST' || !headerOf(request, 'content-type').startsWith('application/x-www-form-urlencoded'))
      return { status: 400, code: 'UnsupportedHTTPMethod', words: 'The parameters belong into the form of a POST.' };
    if (action === undefined)
      return { status: 404, code: 'InvalidAction.NotFound', words: 'Specified api is not found.' };
    if (headerOf(request, 'x-acs-version') !== action.version)
      return { status: 400, code: 'InvalidVersion', words: 'Specified parameter Version is not valid.' };
    return undefined;
  }

  #phone(number: string): FakePhone {
    const known = this.#phones.get(number);
    if (known !== undefined) return known;
    const phone = new FakePhone();
    this.#phones.set(number, phone);
    return phone;
  }

  /** The gateway's answers have their code in `Code` whatever the product does. */
  #answer(verdict: OpenApiAnswer, action: ProductAction | undefined): SandboxResponse {
    this.#answered += 1;
    const RequestId = `SANDBOX-${String(this.#answered).padStart(8, '0')}`;
    const { status, code, words } = verdict;
    if (action === undefined || status !== 200) return json(status, { RequestId, Code: code, Message: words });
    const receipt = code === 'OK' ? { [action.receiptIn]: `${this.#answered}^0` } : {};
    return json(200, { RequestId, [action.codeIn]: code, [action.wordsIn]: words, ...receipt });
  }

  #record(request: SandboxRequest, { verdict, action, form, number }: Handled): Served {
    const response = this.#answer(verdict, action);
    const shown = verdict.code === 'OK' && verdict.status === 200;
    const message = this.#parts.log.add(number, {
      provider: this.name,
      target: maskNumber(number),
      name: this.#phones.get(number)?.settings.name ?? '',
      receivedAtMs: this.#parts.clock.nowMs(),
      request: { Action: headerOf(request, 'x-acs-action'), ...form },
      ...(shown && action !== undefined ? action.sight(form) : NOTHING_SEEN),
      answer: { status: response.status, body: JSON.parse(response.body), reset: false },
      shown,
      idempotencyKey: action === undefined ? '' : (form[action.idIn] ?? ''),
      repeated: false,
    });
    return { response, message };
  }
}
