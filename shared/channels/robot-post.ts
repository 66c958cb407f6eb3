import type { Outcome } from '../domain/outcome.ts';
import type { HttpClient, HttpResponse } from '../ports/http-client.ts';
import { networkFailure } from './network-failure.ts';

/** One call of a robot interface. The URL is a secret. */
export interface RobotCall {
  url: string;
  body: unknown;
  timeoutMs: number;
  /** What must not stand in an explanation. */
  secrets: readonly string[];
}

/** Posts JSON and reads the answer; never throws for what a network can do. */
export const postToRobot = async (
  http: HttpClient,
  { url, body, timeoutMs, secrets }: RobotCall,
  read: (response: HttpResponse) => Outcome,
): Promise<Outcome> => {
  try {
    const response = await http.send({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      timeoutMs,
    });
    return read(response);
  } catch (error) {
    return networkFailure(error, secrets);
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
