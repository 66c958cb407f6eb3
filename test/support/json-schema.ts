type Node = Record<string, unknown>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
};

const hasType = (type: unknown, value: unknown): boolean =>
  type === 'integer' ? Number.isInteger(value) : type === typeOf(value);

const KNOWN = new Set(
  '$schema title description type properties required additionalProperties propertyNames items pattern enum const anyOf minLength maxLength minItems minimum maximum'.split(
    ' ',
  ),
);

const textFaults = (node: Node, value: string): string[] => [
  ...(typeof node.pattern === 'string' && !new RegExp(node.pattern, 'u').test(value) ? ['pattern'] : []),
  ...(typeof node.minLength === 'number' && [...value].length < node.minLength ? ['minLength'] : []),
  ...(typeof node.maxLength === 'number' && [...value].length > node.maxLength ? ['maxLength'] : []),
];

const objectFaults = (node: Node, value: Node, path: string): string[] => {
  const fields = isNode(node.properties) ? node.properties : {};
  const required = Array.isArray(node.required) ? node.required : [];
  return [
    ...required.filter((key) => !Object.hasOwn(value, key)).map((key) => `${path}.${key}: required`),
    ...Object.entries(value).flatMap(([key, item]) => {
      const names = isNode(node.propertyNames) ? schemaFaults(node.propertyNames, key, `${path}.${key}`) : [];
      const field = Object.hasOwn(fields, key) ? fields[key] : (node.additionalProperties ?? {});
      if (field === false) return [`${path}.${key}: additionalProperties`];
      return [...names, ...schemaFaults(field as Node, item, `${path}.${key}`)];
    }),
  ];
};

const numberFaults = (node: Node, value: number): string[] => [
  ...(typeof node.minimum === 'number' && value < node.minimum ? ['minimum'] : []),
  ...(typeof node.maximum === 'number' && value > node.maximum ? ['maximum'] : []),
];

const sameAs = (value: unknown) => (other: unknown) => JSON.stringify(other) === JSON.stringify(value);

const plainFaults = (node: Node, value: unknown): string[] => [
  ...(node.type !== undefined && !hasType(node.type, value) ? ['type'] : []),
  ...(Array.isArray(node.enum) && !node.enum.some(sameAs(value)) ? ['enum'] : []),
  ...('const' in node && !sameAs(value)(node.const) ? ['const'] : []),
  ...(typeof value === 'string' ? textFaults(node, value) : []),
  ...(typeof value === 'number' ? numberFaults(node, value) : []),
  ...(Array.isArray(value) && typeof node.minItems === 'number' && value.length < node.minItems ? ['minItems'] : []),
];

/**
 * What is wrong with a value by a JSON Schema of draft 2020-12, one line each; written from the specification for the words that our
 * schema uses. Throws for a word that it does not know, so that none is passed over.
 */
export const schemaFaults = (node: Node, value: unknown, path = ''): string[] => {
  for (const key of Object.keys(node)) if (!KNOWN.has(key)) throw new Error(`${path}: ${key} is not a known word`);
  const any = Array.isArray(node.anyOf) ? node.anyOf : undefined;
  return [
    ...plainFaults(node, value).map((word) => `${path}: ${word}`),
    ...(any?.every((one) => schemaFaults(one, value, path).length > 0) ? [`${path}: anyOf`] : []),
    ...(Array.isArray(value) && isNode(node.items)
      ? value.flatMap((item, at) => schemaFaults(node.items as Node, item, `${path}[${at}]`))
      : []),
    ...(isNode(value) ? objectFaults(node, value, path) : []),
  ];
};
