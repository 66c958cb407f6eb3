// Runs in a process of its own, as the runtime of Function Compute does: loads the bundle and calls its handler, one call at a time.
import { createRequire } from 'node:module';

type Handler = (event: Buffer, context: object) => Promise<unknown>;

interface Call {
  event: Uint8Array;
  context: object;
  offsetMs: number;
}

let offsetMs = 0;
const RealDate = Date;
const nowMs = (): number => RealDate.now() + offsetMs;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [nowMs()] : args, newTarget),
  apply: () => new RealDate(nowMs()).toString(),
  get: (target, key) => (key === 'now' ? nowMs : Reflect.get(target, key)),
});

const file = process.argv[2]!;
const beganMs = performance.now();
const { handler } = createRequire(file)(file) as { handler: Handler };
process.send!({ kind: 'loaded', loadMs: performance.now() - beganMs });

const answerTo = async ({ event, context }: Call): Promise<object> => {
  try {
    const payload: unknown = await handler(Buffer.from(event), context);
    return { kind: 'done', ok: true, payload: payload === undefined ? 'null' : JSON.stringify(payload) };
  } catch (error) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { kind: 'done', ok: false, message };
  }
};

process.on('message', (call: Call) => {
  offsetMs = call.offsetMs;
  void answerTo(call).then((answer) => process.send!(answer));
});
