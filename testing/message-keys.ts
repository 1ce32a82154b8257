import { parseSync } from 'oxc-parser';

type SyntaxNode = { readonly type: string; readonly [key: string]: unknown };

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

/** The literal parts of a key: `a.${b}.c` is ['a.', '.c']; a literal key has one. */
export type Pattern = readonly string[];

/** A key that comes from data. */
const anyKey: Pattern = ['', ''];

/** Joins a namespace and a key; null = both are unknown. */
function joinKey(namespace: Pattern, key: Pattern): Pattern | null {
  if (namespace.length === 1 && namespace[0] === '') return key.join('') === '' ? null : key;
  const both = [...namespace.slice(0, -1), `${namespace.at(-1)}.${key[0]}`, ...key.slice(1)];
  return both.join('') === '.' ? null : both;
}

/** Returns the possible keys of an expression. */
function readKeys(node: SyntaxNode): readonly Pattern[] {
  if (node.type === 'Literal') return [[String(node.value)]];
  if (node.type === 'TemplateLiteral') {
    const quasis = node.quasis as readonly { value: { cooked: string } }[];
    return [quasis.map(({ value }) => value.cooked)];
  }
  if (node.type === 'ConditionalExpression' || node.type === 'LogicalExpression')
    return [node.consequent, node.alternate, node.left, node.right].filter(isNode).flatMap(readKeys);
  return [anyKey];
}

const translators = /^(useTranslations|getTranslations|useAnyKey|useMessage|createTranslator)$/;
const functions = /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;

/** Returns the namespaces of a call that creates a translator; undefined = it creates none. */
function readNamespaces(node: unknown): readonly Pattern[] | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === 'AwaitExpression') return readNamespaces(node.argument);
  if (node.type !== 'CallExpression' || !isNode(node.callee)) return undefined;
  if (!translators.test(String(node.callee.name))) return undefined;
  const [first, ...others] = node.arguments as readonly SyntaxNode[];
  if (first === undefined) return [['']];
  if (first.type === 'SpreadElement') return [];
  if (first.type !== 'ObjectExpression') return [first, ...others].flatMap(readKeys);
  const options = first.properties as readonly SyntaxNode[];
  const of = options.find(({ key }) => isNode(key) && key.name === 'namespace')?.value;
  return isNode(of) ? readKeys(of) : [['']];
}

/**
 * Returns the translators that a declaration creates: `t = useTranslations(…)`, `[plans, t] = await Promise.all([…])`.
 */
function readDeclarations({ id, init }: SyntaxNode): readonly (readonly [string, readonly Pattern[]])[] {
  if (!isNode(id) || !isNode(init)) return [];
  if (id.type === 'Identifier') {
    const made = readNamespaces(init);
    return made ? [[String(id.name), made]] : [];
  }
  const [all] = isNode(init.argument) ? ((init.argument.arguments ?? []) as readonly SyntaxNode[]) : [];
  if (id.type !== 'ArrayPattern' || all?.type !== 'ArrayExpression') return [];
  const made = all.elements as readonly SyntaxNode[];
  return (id.elements as readonly SyntaxNode[]).flatMap((element, nth) =>
    readDeclarations({ type: 'VariableDeclarator', id: element, init: made[nth] }),
  );
}

/** Returns the uses of message keys in a file, and every string that may be part of a key. */
export function readMessageKeys(name: string, text: string) {
  const uses: Pattern[] = [];
  const words = new Set<string>();
  const visit = (node: SyntaxNode, scope: Map<string, readonly Pattern[]>): void => {
    const inner = functions.test(node.type) ? new Map(scope) : scope;
    if (node.type === 'Literal' && typeof node.value === 'string') words.add(node.value);
    if (node.type === 'Identifier') words.add(String(node.name));
    if (node.type === 'TemplateElement') {
      for (const part of String((node.value as { cooked: string | null }).cooked).split('.')) words.add(part);
    }
    if (node.type === 'VariableDeclarator') {
      for (const [id, made] of readDeclarations(node)) inner.set(id, made);
    }
    // A translator parameter: its type names its namespace.
    const ofType = /useTranslations<'([\w.]+)'>/.exec(
      node.type === 'Identifier' && isNode(node.typeAnnotation)
        ? text.slice(Number(node.typeAnnotation.start), Number(node.typeAnnotation.end))
        : '',
    )?.[1];
    if (ofType !== undefined) inner.set(String(node.name), [[ofType]]);
    if (node.type === 'CallExpression' && isNode(node.callee)) {
      const { callee } = node;
      const owner = callee.type === 'MemberExpression' && isNode(callee.object) ? callee.object : callee;
      const namespaces = inner.get(String(owner.name)) ?? readNamespaces(owner) ?? [];
      const [key] = (node.arguments as readonly unknown[]).filter(isNode);
      for (const used of key === undefined ? [] : readKeys(key))
        for (const namespace of namespaces)
          uses.push(...[joinKey(namespace, used)].filter((each) => each !== null));
    }
    for (const value of Object.values(node)) {
      for (const child of [value].flat()) if (isNode(child)) visit(child, inner);
    }
  };
  visit(parseSync(name, text).program as unknown as SyntaxNode, new Map());
  return { uses, words };
}
