const MAX_COMPARED_CHARS = 64;

const nextRow = (row: readonly number[], char: string, other: string): number[] => {
  const next = [(row[0] ?? 0) + 1];
  for (let column = 1; column <= other.length; column += 1) {
    const replaced = (row[column - 1] ?? 0) + (other[column - 1] === char ? 0 : 1);
    next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
  }
  return next;
};

/** How many letters must be put in, taken out or replaced to make one word of the other. */
export const editDistance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const char of one) row = nextRow(row, char, other);
  return row.at(-1) ?? 0;
};

/** The known word with the fewest edits to what was written (letter case aside), the first of equals; undefined when none is near. */
export const nearestOf = (written: string, known: readonly string[]): string | undefined => {
  const wanted = written.slice(0, MAX_COMPARED_CHARS).toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.ceil(wanted.length / 2)) + 1;
  for (const word of known) {
    if (Math.abs(word.length - wanted.length) >= bestDistance) continue;
    const distance = editDistance(wanted, word.slice(0, MAX_COMPARED_CHARS).toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [word, distance];
  }
  return best;
};

/** A hint that ends an error text: the nearest known word, or all of them when they are few, or nothing. */
export const hintOf = (written: string, known: readonly string[]): string => {
  const nearest = nearestOf(written, known);
  if (nearest !== undefined) return `; did you mean "${nearest}"?`;
  return known.length > 0 && known.length <= 20 ? `; known are ${known.join(', ')}` : '';
};
