import { redactWords } from './redact.ts';
import type { Settings, SettingsIssue } from './settings.ts';
import { canonicalJson } from './settings-json.ts';
import { fileOfPart, isListKind, partOfFile } from './settings-parts.ts';
import { pathText } from './settings-path.ts';
import {
  SECRET_PLACES,
  type SecretAt,
  type SecretNode,
  type SecretShape,
  type SecretWalk,
  walkSecrets,
} from './settings-secret-places.ts';

const MASKED_URL = /^[a-z]+:\/\/[^/]+\/…/i;

const isMask = (text: string): boolean => text.startsWith('***') || MASKED_URL.test(text);

const nodeOf = (value: unknown, other?: unknown): SecretNode => ({ value, other, path: [], place: [] });

const alone = (visit: SecretWalk['visit']): SecretWalk => ({ visit, pair: () => [] });

const masked = (shape: SecretShape, value: unknown): unknown =>
  walkSecrets(
    shape,
    nodeOf(value),
    alone((at) => at.mask(at.value)),
  );

/** The settings with every secret replaced; `place` names the secret and stays the same while its object keeps its name. */
export const mapSecrets = (settings: unknown, by: (secret: string, place: string) => string): unknown =>
  walkSecrets(
    SECRET_PLACES,
    nodeOf(settings),
    alone(({ value, place }) => by(value, JSON.stringify(place))),
  );

/**
 * Settings as they may be shown: URLs of robots, secrets, passwords and header values masked. Of the same form as settings, to be
 * edited and sent back.
 */
export const maskSettings = (settings: Settings): unknown => masked(SECRET_PLACES, settings);

/** A part of the settings, one object of a list or a whole section, as it may be shown. */
export const maskPart = (key: string, part: unknown): unknown =>
  partOfFile(key, masked(SECRET_PLACES, fileOfPart(key, part)));

/** Paths of secrets that a part has and another one has not, or has otherwise. */
const otherSecrets = (key: string, part: unknown, other: unknown): string[] => {
  const paths: string[] = [];
  const visit = ({ value, stored, path }: SecretAt): string => {
    if (value !== stored) paths.push(pathText(path.slice(isListKind(key) ? 2 : 1)));
    return value;
  };
  walkSecrets(SECRET_PLACES, nodeOf(fileOfPart(key, part), fileOfPart(key, other)), {
    visit,
    pair: (_shape, items, others) => items.map((_, at) => others[at]),
  });
  return paths;
};

/** Paths within a part of the settings of secrets that differ between two states of it. */
export const changedSecrets = (key: string, before: unknown, after: unknown): string[] => [
  ...new Set([...otherSecrets(key, after, before), ...otherSecrets(key, before, after)]),
];

const isShownAs = ({ value, stored, mask }: SecretAt): boolean => stored !== undefined && mask(stored) === value;

/** Whether every mask in an item of a pool is that of this stored one. */
const fits = (shape: SecretShape, item: unknown, stored: unknown): boolean => {
  let fitting = true;
  const look = alone((at) => {
    if (isMask(at.value) && !isShownAs(at)) fitting = false;
    return at.value;
  });
  walkSecrets(shape, nodeOf(item, stored), look);
  return fitting;
};

/** Items that look alike keep their order; when their number has changed, nobody can say which is which. */
const sameTurn = (sent: readonly string[], at: number, same: readonly unknown[]): unknown => {
  const alike = sent.flatMap((text, index) => (text === sent[at] ? [index] : []));
  return alike.length === same.length ? same[alike.indexOf(at)] : undefined;
};

/**
 * Items of a pool have no name. One that came back as it was shown is the stored one that is shown so; of a changed one the masks
 * must fit exactly one. Anything else is nobody's.
 */
const pair: SecretWalk['pair'] = (shape, items, others) => {
  const shown = others.map((other) => canonicalJson(masked(shape, other)));
  const sent = items.map((item) => canonicalJson(item));
  return items.map((item, at) => {
    const same = others.filter((_, index) => shown[index] === sent[at]);
    if (same.length > 0) return same.length === 1 ? same[0] : sameTurn(sent, at, same);
    const fitting = others.filter((other) => fits(shape, item, other));
    return fitting.length === 1 ? fitting[0] : undefined;
  });
};

/**
 * A parsed file in which every masked value that was sent back unchanged is the stored one again, found by the name of its object.
 * A mask that belongs to nothing stored is an issue: it must never be stored as if it were real.
 */
export const restoreSecrets = (raw: unknown, stored: Settings): { value: unknown; issues: SettingsIssue[] } => {
  const issues: SettingsIssue[] = [];
  const visit = (at: SecretAt): string => {
    if (!isMask(at.value)) return at.value;
    if (at.stored !== undefined && isShownAs(at)) return at.stored;
    issues.push({
      path: redactWords(pathText(at.path)),
      message: 'is a masked value that belongs to no stored object of this name; send the real one',
    });
    return at.value;
  };
  return { value: walkSecrets(SECRET_PLACES, nodeOf(raw, stored), { visit, pair }), issues };
};
