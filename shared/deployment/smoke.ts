import { randomUUID } from 'node:crypto';
import { smokeTest } from './smoke-test.ts';

const SECONDS = 1_000;
const DEFAULT_TIMEOUT_SECONDS = '180';

/** What the command reads: the two addresses, which are one on one machine, and the token. */
const { FENGHUO_INGEST_URL, FENGHUO_CONSOLE_URL, FENGHUO_TOKEN, FENGHUO_SMOKE_SECONDS } = process.env;

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

if (!(FENGHUO_INGEST_URL && FENGHUO_CONSOLE_URL && FENGHUO_TOKEN)) {
  process.stderr.write('Set FENGHUO_INGEST_URL, FENGHUO_CONSOLE_URL and FENGHUO_TOKEN.\n');
  process.exitCode = 2;
} else {
  const { ok, words } = await smokeTest({
    ingestUrl: withoutSlash(FENGHUO_INGEST_URL),
    consoleUrl: withoutSlash(FENGHUO_CONSOLE_URL),
    token: FENGHUO_TOKEN,
    id: randomUUID(),
    timeoutMs: Number(FENGHUO_SMOKE_SECONDS ?? DEFAULT_TIMEOUT_SECONDS) * SECONDS,
    pollMs: SECONDS,
  });
  process.stdout.write(`Smoke test ${ok ? 'passed' : 'failed'}: ${words}\n`);
  process.exitCode = ok ? 0 : 1;
}
