/** Deeper than anything that a caller means. */
const MAX_DEPTH = 64;

/** Length of the JSON text that begins with a quote at `at`, its quotes included. */
const textEnd = (json: string, at: number): number => {
  let end = at + 1;
  while (end < json.length && json[end] !== '"') end += json[end] === '\\' ? 2 : 1;
  return end;
};

const STEPS: Readonly<Record<string, number>> = { '[': 1, '{': 1, ']': -1, '}': -1 };

/** Whether JSON text is nested so deeply that walking through its value could exhaust the stack; brackets inside of texts do not count. */
export const isTooDeep = (json: string): boolean => {
  let depth = 0;
  for (let at = 0; at < json.length && depth <= MAX_DEPTH; at += 1) {
    const char = json[at] ?? '';
    if (char === '"') at = textEnd(json, at);
    else depth += STEPS[char] ?? 0;
  }
  return depth > MAX_DEPTH;
};
