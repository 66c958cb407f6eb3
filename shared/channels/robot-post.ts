import type { Outcome } from '../domain/outcome.ts';
import type { HttpClient, HttpResponse } from '../ports/http-client.ts';
import { networkFailure, type Repetition } from './network-failure.ts';

/** One POST of JSON to a robot interface. The URL is a secret. */
interface RobotPost {
  url: string;
  body: unknown;
  timeoutMs: number;
}

/** One call of a robot interface. */
interface RobotCall extends RobotPost {
  /** What must not stand in an explanation. */
  secrets: readonly string[];
  repetition: Repetition;
}

/** Posts JSON. Throws HttpError for what a network can do. */
export const postJson = (http: HttpClient, { url, body, timeoutMs }: RobotPost): Promise<HttpResponse> =>
  http.send({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
    timeoutMs,
  });

/** Posts JSON and reads the answer; never throws for what a network can do. */
export const postToRobot = async (
  http: HttpClient,
  call: RobotCall,
  read: (response: HttpResponse) => Outcome,
): Promise<Outcome> => {
  try {
    return read(await postJson(http, call));
  } catch (error) {
    return networkFailure(error, call.secrets, call.repetition);
  }
};

/** The refusal of an address that no message can be sent to. */
export const badAddress = (fix: { en: string; zh: string }, code = 'bad-address'): Outcome => ({
  kind: 'refused',
  endpointDead: true,
  code,
  cause: 'url',
  text: 'the address is not the webhook address of a robot',
  fix,
});
