import { type ArrowFunctionExpression, type Node, parse } from 'acorn';
import { base, full, type RecursiveVisitors, recursive } from 'acorn-walk';

/** What a shorter function costs V8 is less than what the longer spelling costs in bytes. */
const MIN_CHARS = 60;

/** A piece of the text, and what stands there instead. */
interface Edit {
  from: number;
  to: number;
  text: string;
}

const OWN_WORDS: ReadonlySet<string> = new Set(['ThisExpression', 'Super', 'MetaProperty']);

/** Whether it may mean something else in a function that has its own `this` and `arguments`. */
const takesFromOutside = (arrow: Node): boolean => {
  let found = false;
  full(arrow, (node) => {
    found ||= OWN_WORDS.has(node.type) || ('name' in node && node.name === 'arguments');
  });
  return found;
};

const bodyOf = (source: string, { body, expression, end }: ArrowFunctionExpression, from: number): string => {
  if (!expression) return source.slice(body.start, body.end);
  const result = source.slice(from, end).trim();
  return `{return ${result}}`;
};

const functionOf = (source: string, arrow: ArrowFunctionExpression): string => {
  const arrowAt = source.lastIndexOf('=>', arrow.body.start);
  const head = source.slice(arrow.start, arrowAt).trim();
  const parameters = arrow.async ? head.slice('async'.length).trim() : head;
  const listed = parameters.startsWith('(') ? parameters : `(${parameters})`;
  const before = /[\w$]/.test(source[arrow.start - 1] ?? '') ? ' ' : '';
  return `${before}${arrow.async ? 'async ' : ''}function${listed}${bodyOf(source, arrow, arrowAt + 2)}`;
};

const isArrow = (node: Node): node is ArrowFunctionExpression => node.type === 'ArrowFunctionExpression';

const editsOf = (source: string): Edit[] => {
  const edits: Edit[] = [];
  const visitors: RecursiveVisitors<undefined> = {
    // Not called for what stands inside of a function: that is looked over together with it.
    Function: (node) => {
      if (!isArrow(node) || node.end - node.start < MIN_CHARS || takesFromOutside(node)) return;
      edits.push({ from: node.start, to: node.end, text: functionOf(source, node) });
    },
  };
  recursive(parse(source, { ecmaVersion: 2023, allowHashBang: true }), undefined, visitors, base);
  return edits.toSorted((one, other) => one.from - other.from);
};

/**
 * The same CommonJS text with `function` in place of the longer arrow functions at its top level. Node runs such a file inside of a
 * function, where V8 builds the whole syntax tree of every arrow function while the file loads, and throws it away; it only looks over
 * other functions until they are called (`can_preparse` in ParseArrowFunctionLiteral of v8/src/parsing/parser-base.h). Those that use
 * `this` or `arguments` stay as they are. Throws SyntaxError when the text is not JavaScript.
 */
export const withLazyFunctions = (source: string): string => {
  const edits = editsOf(source);
  let [text, at] = ['', 0];
  for (const edit of edits) {
    text += source.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return text + source.slice(at);
};
