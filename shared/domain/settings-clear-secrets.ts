import { redactWords } from './redact.ts';
import { finding, type SettingsFinding } from './settings-finding.ts';
import { pathText } from './settings-path.ts';
import { hostChannel } from './settings-robot-places.ts';
import { SECRET_PLACES, type SecretAt, walkSecrets } from './settings-secret-places.ts';

const REFERENCE = `$\{env:`;
const VARIABLE = `${REFERENCE}NAME}`;
const MASKED = /^(?:\*\*\*|[a-z]+:\/\/[^/]+\/…)/i;
/** Names of headers and query parameters whose value opens something. */
const OPENS = /auth|key|token|secret|cookie|passw|credential|sign/i;
/** A part of a path that nobody would write by hand. */
const RANDOM = /^(?=[^\d]*\d)(?=.*[A-Za-z])[\w-]{20,}$/;

const holdsSecret = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (hostChannel(text) !== undefined || url.password !== '') return true;
  return (
    [...url.searchParams.keys()].some((name) => OPENS.test(name)) ||
    url.pathname.split('/').some((part) => RANDOM.test(part))
  );
};

const isSecret = ({ value, path }: SecretAt): boolean => {
  const last = String(path.at(-1) ?? '');
  if (last === 'url') return holdsSecret(value);
  return path.at(-2) !== 'headers' || OPENS.test(last);
};

const clear = (path: string): SettingsFinding =>
  finding(
    { code: 'secret-in-the-clear', severity: 'warn', path },
    [
      'the secret itself stands in the file',
      'who can read the file or its history can send in your name',
      `write ${VARIABLE} there and put the secret into the environment; then replace it at its provider, because it was readable`,
    ],
    [
      '密钥以明文写在文件中',
      '能读到该文件或其历史的人都可以冒用它发送',
      `改为 ${VARIABLE} 并把密钥放到环境变量；它已经暴露过，请到服务商处更换`,
    ],
  );

/** Secrets that a parsed file shows as they are, before its variables are filled in; masked ones are none. Their values are in no finding. */
export const clearSecretFindings = (raw: unknown): SettingsFinding[] => {
  const findings: SettingsFinding[] = [];
  const visit = (at: SecretAt): string => {
    const isHidden = at.value === '' || at.value.includes(REFERENCE) || MASKED.test(at.value);
    if (!isHidden && isSecret(at)) findings.push(clear(redactWords(pathText(at.path))));
    return at.value;
  };
  const root = { value: raw, other: undefined, path: [], place: [] };
  walkSecrets(SECRET_PLACES, root, { visit, pair: () => [] });
  return findings;
};
