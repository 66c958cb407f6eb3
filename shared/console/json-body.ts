import type * as z from 'zod/mini';
import { pathText } from '../domain/settings-path.ts';
import { type ApiDetail, ApiError } from './api.ts';
import { badField } from './query.ts';
import type { ApiCall } from './router.ts';

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    throw badField('body', 'is not JSON');
  }
};

/** What is wrong at one place; an unknown field is named by its own path. */
const detailsOf = (issue: z.core.$ZodIssue): ApiDetail[] => {
  const path = pathText(issue.path);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: pathText([...issue.path, key]), message: 'is not a known field' }));
  const message = issue.code === 'invalid_type' ? `must be of the type ${issue.expected}` : issue.message;
  return [{ path: path === '' ? 'body' : path, message }];
};

/** The body of a call by its schema. Throws ApiError that names every field that is wrong. */
export const jsonBody = <T>(call: ApiCall, schema: z.ZodMiniType<T>): T => {
  const read = schema.safeParse(parsed(call.body));
  if (read.success) return read.data;
  const details = read.error.issues.flatMap(detailsOf);
  const [first] = details;
  const message = first === undefined ? 'The body cannot be understood.' : `${first.path}: ${first.message}`;
  throw new ApiError({ status: 400, code: 'bad-request', message, details }, { cause: read.error });
};
