import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

type SourceFile = { readonly name: string } & Pick<
  ReturnType<typeof parseSync>,
  'program' | 'module' | 'comments'
>;

function parseSource(name: string, text: string): SourceFile {
  const { program, module, comments } = parseSync(name, text);
  return { name, program, module, comments };
}

const files: readonly SourceFile[] = ['app', 'components', 'e2e', 'lib', 'testing'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|tsx|mjs)$/.test(name))
    .map((name) => join(folder, name))
    .map((name) => parseSource(name, readFileSync(join(root, name), 'utf8'))),
);

type SyntaxNode = { readonly type: string; readonly [key: string]: unknown };

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

/** Calls `visit` with each node of a syntax tree and its parent. */
function walkSyntax(
  node: SyntaxNode,
  visit: (node: SyntaxNode, parent: SyntaxNode | null) => void,
  parent: SyntaxNode | null = null,
): void {
  visit(node, parent);
  for (const value of Object.values(node)) {
    for (const child of [value].flat()) if (isNode(child)) walkSyntax(child, visit, node);
  }
}

/** Counts the spreads of an object literal in an object literal: `{ ...{ a, b } }`. */
function countPackedSpreads({ program }: SourceFile): number {
  let count = 0;
  walkSyntax(program as unknown as SyntaxNode, (node, parent) => {
    const spread = node.argument;
    if (node.type !== 'SpreadElement' || parent?.type !== 'ObjectExpression' || !isNode(spread)) return;
    if (spread.type === 'ObjectExpression') count += 1;
  });
  return count;
}

/** Lists the functions that a file declares under a name such as `ownerOf`. */
function listOfHelpers({ name, program }: SourceFile): readonly string[] {
  const found: string[] = [];
  walkSyntax(program as unknown as SyntaxNode, (node) => {
    const isFunction =
      node.type === 'FunctionDeclaration' ||
      (node.type === 'VariableDeclarator' && isNode(node.init) && /Function/.test(node.init.type));
    if (!isFunction || !isNode(node.id)) return;
    if (/^[a-z]\w*Of$/.test(String(node.id.name))) found.push(`${name}: ${node.id.name}`);
  });
  return found;
}

/** Framework names that every route file exports. */
const framework = new Set(['GET', 'POST', 'default', 'generateMetadata', 'metadata', 'dynamic', 'runtime']);

/** Lists the names that more than one file exports, with those files. */
function listSharedExports(sources: readonly SourceFile[]): readonly string[] {
  const owners = new Map<string, Set<string>>();
  for (const { name, module } of sources) {
    for (const { entries } of module.staticExports) {
      for (const { exportName, moduleRequest } of entries) {
        const exported = exportName.name ?? 'default';
        if (moduleRequest || framework.has(exported)) continue;
        owners.set(exported, (owners.get(exported) ?? new Set()).add(name));
      }
    }
  }
  return [...owners]
    .filter(([, names]) => names.size > 1)
    .map(([exported, names]) => `${exported}: ${[...names].join(', ')}`);
}

/** Lists the docstrings that open with a clause instead of a verb or a noun. */
function listClauseDocs({ name, comments }: SourceFile): readonly string[] {
  return comments
    .filter(({ type, value }) => type === 'Block' && value.startsWith('*'))
    .map(({ value }) => value.replace(/^\*\s*\*?\s*/, ''))
    .filter((doc) => /^(What|How|Whether|Who|Whom|Whose|Where|Why)\b/.test(doc))
    .map((doc) => `${name}: ${doc.slice(0, 60)}`);
}

const isTest = ({ name }: SourceFile) => /\.(test|e2e)\.tsx?$/.test(name);

test('no spread packs a literal into one line', () => {
  expect(files.filter((file) => countPackedSpreads(file) > 0).map(({ name }) => name)).toEqual([]);
});

test('functions are named by a verb: fewer than 100 are called xOf', () => {
  const helpers = files.flatMap(listOfHelpers);
  console.log(`${helpers.length} functions called xOf`);
  expect(helpers.length).toBeLessThan(100);
});

test('an exported name has one owner: fewer than 40 have more', () => {
  const shared = listSharedExports(files.filter((file) => !isTest(file)));
  console.log(`${shared.length} names exported by more than one file`);
  expect(shared.length < 40 ? [] : shared).toEqual([]);
});

test('docstrings open with a verb or a noun', () => {
  const clauses = files.flatMap(listClauseDocs);
  console.log(`${clauses.length} docstrings that open with a clause`);
  expect(clauses).toEqual([]);
});

test.each([
  ['a packed spread', `const x = { ...{ a, b }, c };`, (file: SourceFile) => countPackedSpreads(file) === 1],
  [
    'a helper',
    `export const ownerOf = (x: X) => x.owner;`,
    (file: SourceFile) => listOfHelpers(file).length === 1,
  ],
  [
    'a clause',
    `/** Whether it is. */\nexport const a = 1;`,
    (file: SourceFile) => listClauseDocs(file).length === 1,
  ],
  [
    'a shared name',
    `export const a = 1;`,
    (file: SourceFile) => listSharedExports([file, { ...file, name: 'lib/y.ts' }]).length === 1,
  ],
])('%s is found', (_, text, isFound) => {
  expect(isFound(parseSource('lib/x.ts', text))).toBe(true);
});
