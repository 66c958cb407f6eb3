import { readEnvelope } from '../sources/index.ts';
import { type Incoming, incomingOf } from './ingest-batch.ts';
import { type AcceptedEvent, Intake, type IntakePorts } from './intake.ts';

/** The body of one call as it came, and its content type (empty when the caller named none). */
export interface IngestInput {
  text: string;
  contentType: string;
}

/** One item that could not be understood, by its position in the call. */
interface RejectedItem {
  index: number;
  code: string;
  message: string;
}

/** What became of one call; `accepted` events are durable and on their way. */
export interface IngestResult {
  accepted: AcceptedEvent[];
  rejected: RejectedItem[];
}

/** What a call brings, as far as it must be kept until it is stored. */
interface Call {
  incoming: Incoming[];
  rejected: RejectedItem[];
}

const readCall = (input: IngestInput): Call => {
  const call: Call = { incoming: [], rejected: [] };
  for (const item of readEnvelope(input)) {
    if (item.kind === 'event')
      call.incoming.push(incomingOf(item.draft, { text: item.raw, ours: item.rawIsOurs === true }));
    else call.rejected.push({ index: item.index, code: item.code, message: item.message });
  }
  return call;
};

/**
 * Takes any supported envelope; resolves when every accepted event is in the store and on the queue. Events of calls that come together
 * are stored together: one batch, one message, however many callers send their events one by one.
 */
export const ingest = (ports: IntakePorts): ((input: IngestInput) => Promise<IngestResult>) => {
  const intake = new Intake(ports);
  return (input) => {
    const { incoming, rejected } = readCall(input);
    if (incoming.length === 0) return Promise.resolve({ accepted: [], rejected });
    return intake.add(incoming, () => readCall(input).incoming).then((accepted) => ({ accepted, rejected }));
  };
};
