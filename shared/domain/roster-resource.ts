import type { Event } from './event.ts';

/** Whether a text fits a pattern in which each `*` stands for any run of characters; without backtracking, so linear for one `*`. */
export const globMatches = (pattern: string, text: string): boolean => {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return pattern === text;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let from = first.length;
  const end = text.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, from);
    if (found < 0 || found + part.length > end) return false;
    from = found + part.length;
  }
  return true;
};

/** Patterns of resources, made for many tests: exact ones are looked up, those with `*` are tried one by one. */
export interface ResourcePatterns {
  exact: ReadonlySet<string>;
  globs: readonly string[];
}

/** Patterns made ready for many tests. */
export const resourcePatterns = (patterns: readonly string[]): ResourcePatterns => ({
  exact: new Set(patterns.filter((pattern) => !pattern.includes('*'))),
  globs: patterns.filter((pattern) => pattern.includes('*')),
});

/** Whether the id or the ARN of the resource is one of the patterns or fits one with `*`; letter case counts. */
export const fitsResource = ({ id, arn }: Event['resource'], patterns: readonly string[]): boolean =>
  patterns.some((pattern) => globMatches(pattern, id) || globMatches(pattern, arn));

/** The same for patterns made ready. */
export const fitsPatterns = ({ id, arn }: Event['resource'], { exact, globs }: ResourcePatterns): boolean =>
  exact.has(id) || exact.has(arn) || globs.some((glob) => globMatches(glob, id) || globMatches(glob, arn));
