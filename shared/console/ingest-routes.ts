import { type IngestInput, type IngestResult, ingest } from '../stages/ingest.ts';
import type { IntakePorts } from '../stages/intake.ts';
import { ApiError, type ApiReply, json } from './api.ts';
import type { ApiCall, Route } from './router.ts';

/** Told for every call, so that the host can count. */
export type IngestObserver = (result: IngestResult) => void;

const FORM = 'application/x-www-form-urlencoded';

const refuseCompressed = (call: ApiCall): void => {
  const encoding = call.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity')
    throw new ApiError({
      status: 415,
      code: 'content-encoding-not-supported',
      message: 'Send the body without content encoding.',
    });
};

const answer = (result: IngestResult): ApiReply => {
  if (result.accepted.length > 0) return json(202, result);
  throw new ApiError({
    status: 400,
    code: 'not-understood',
    message: 'Nothing in this call can be understood as an event; nothing was stored.',
    details: result.rejected.map(({ index, code, message }) => ({
      path: `[${index}]`,
      message: `${code}: ${message}`,
    })),
  });
};

const bodyInput = (call: ApiCall): IngestInput => {
  refuseCompressed(call);
  return { text: call.body, contentType: call.headers['content-type'] ?? '' };
};

const queryInput = (call: ApiCall): IngestInput =>
  call.query.data === undefined
    ? { text: new URLSearchParams(call.query).toString(), contentType: FORM }
    : { text: call.query.data, contentType: '' };

/** The routes that take events. */
export const ingestRoutes = (ports: IntakePorts, observe: IngestObserver): readonly Route[] => {
  const take = ingest(ports);
  const handle =
    (inputOf: (call: ApiCall) => IngestInput) =>
    async (call: ApiCall): Promise<ApiReply> => {
      const result = await take(inputOf(call));
      observe(result);
      return answer(result);
    };
  const access = 'guarded';
  return [
    {
      method: 'POST',
      path: '/ingest',
      access,
      summary: 'Takes events in any supported envelope.',
      handle: handle(bodyInput),
    },
    {
      method: 'POST',
      path: '/ingest/:key',
      access,
      summary: 'The same with the key in the path.',
      handle: handle(bodyInput),
    },
    {
      method: 'GET',
      path: '/ingest/:key',
      access,
      summary: 'One event in ?data=, or as query fields.',
      handle: handle(queryInput),
    },
  ];
};
