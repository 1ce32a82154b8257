import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { beforeAll, expect, test } from 'vitest';
import { countFolders, findCycles, mapFileImports, mapFolderImports } from './source-graph';

const root = fileURLToPath(new URL('..', import.meta.url));

type SourceFile = { readonly name: string; readonly code: string } & Pick<
  ReturnType<typeof parseSync>,
  'program' | 'module' | 'comments'
>;

function parseSource(name: string, code: string): SourceFile {
  const { program, module, comments } = parseSync(name, code);
  return { name, code, program, module, comments };
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
const framework = new Set([
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'default',
  'generateMetadata',
  'metadata',
  'dynamic',
  'runtime',
]);

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

/** Lists the docstrings that begin with a clause instead of a verb or a noun. */
function listClauseDocs({ name, comments }: SourceFile): readonly string[] {
  return comments
    .filter(({ type, value }) => type === 'Block' && value.startsWith('*'))
    .map(({ value }) => value.replace(/^\*\s*\*?\s*/, ''))
    .filter((doc) => /^(What|How|Whether|Who|Whom|Whose|Where|Why)\b/.test(doc))
    .map((doc) => `${name}: ${doc.slice(0, 60)}`);
}

/** Words that the glossary replaces; a name or a sentence that has one fails. */
const replacedWords =
  /\b(anew|way back|levers?|mend(s|ed)?|surroundings|spanning|deeds?|lapse[sd]?|sow|control door)\b|wayBack|[lL]ookedAt|tryFunction|armSwitch|[aA]dopt|[hH]andOver/;

/** Lists the lines of a file that contain a replaced word. */
function listReplacedWords({ name, code }: Pick<SourceFile, 'name' | 'code'>): readonly string[] {
  return code
    .split('\n')
    .flatMap((line, index) => (replacedWords.test(line) ? [`${name}:${index + 1}: ${line.trim()}`] : []));
}

/**
 * Lists the casts of a file except `as const` and `as unknown`, which hide nothing. A blind cast accepts any type: it
 * goes through `unknown`, or to `never`.
 */
function listCasts({ name, program }: SourceFile, kind: 'blind' | 'other'): readonly string[] {
  const found: string[] = [];
  const castType = (node: unknown) =>
    isNode(node) && node.type === 'TSAsExpression' && isNode(node.typeAnnotation)
      ? node.typeAnnotation
      : null;
  walkSyntax(program as unknown as SyntaxNode, (node) => {
    const type = castType(node);
    if (type === null || type.type === 'TSUnknownKeyword') return;
    if (isNode(type.typeName) && type.typeName.name === 'const') return;
    const isBlind = type.type === 'TSNeverKeyword' || castType(node.expression)?.type === 'TSUnknownKeyword';
    if (isBlind === (kind === 'blind')) found.push(name);
  });
  return found;
}

/** Returns whether a React directive is not the first statement: it then has no effect, which no other tool reports. */
function hasLateDirective({ program }: SourceFile): boolean {
  return program.body.some((statement) => {
    if (statement.type !== 'ExpressionStatement' || ('directive' in statement && statement.directive))
      return false;
    const { expression } = statement;
    const inner = expression.type === 'ParenthesizedExpression' ? expression.expression : expression;
    return inner.type === 'Literal' && /^use (client|server)$/.test(String(inner.value));
  });
}

/** Returns the number of lines with code. */
function countLines({ code, comments }: Pick<SourceFile, 'code' | 'comments'>): number {
  let rest = code;
  for (const { start, end } of comments.toReversed())
    rest = rest.slice(0, start) + code.slice(start, end).replace(/[^\n]/g, '') + rest.slice(end);
  return rest.split('\n').filter((line) => line.trim() !== '').length;
}

/** The code, the messages and the pages, without this file, which lists the words. */
const written = execFileSync(
  'git',
  ['ls-files', '*.ts', '*.tsx', '*.mjs', 'lib/messages/*.json', 'docs/*.md', '*.md'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter((name) => name !== '' && name !== 'CHANGELOG.md' && name !== 'testing/house-style.test.ts')
  .map((name) => ({ name, code: readFileSync(join(root, name), 'utf8') }));

const isTest = ({ name }: SourceFile) => /\.(test|e2e)\.tsx?$/.test(name);
const product = execFileSync('git', ['ls-files', '*.ts', '*.tsx', '*.mjs', '*.js'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((name) => name !== '' && !/^(e2e|testing)\/|\.test\./.test(name))
  .map((name) => parseSource(name, readFileSync(join(root, name), 'utf8')));
const shared = listSharedExports(files.filter((file) => !isTest(file)));
const folders = [...countFolders()].sort(([, a], [, b]) => b - a);
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

type Measure = {
  readonly name: string;
  readonly count: number;
  readonly most: number;
  readonly found?: readonly string[];
};
const list = (name: string, most: number, found: readonly string[]): Measure => ({
  name,
  count: found.length,
  most,
  found,
});

const measures: readonly Measure[] = [
  {
    name: 'product lines, without comments and blank lines',
    count: sum(product.map(countLines)),
    most: 147_650,
  },
  {
    name: 'product lines, all',
    count: sum(product.map(({ code }) => code.split('\n').length - 1)),
    most: 180_870,
  },
  { name: 'product files', count: product.length, most: 1917 },
  list('functions called xOf', 99, files.flatMap(listOfHelpers)),
  list(
    'files with spreads that only pack a line',
    0,
    files.filter((file) => countPackedSpreads(file) > 0).map(({ name }) => name),
  ),
  list('names exported by more than one file', 39, shared),
  list('docstrings that open with a clause', 0, files.flatMap(listClauseDocs)),
  list('lines with words that the glossary replaces', 0, written.flatMap(listReplacedWords)),
  { name: `files in the largest folder, ${folders[0]?.[0]}`, count: folders[0]?.[1] ?? 0, most: 40 },
  list(
    'cycles of folders',
    0,
    findCycles(mapFolderImports()).map((cycle) => cycle.join(', ')),
  ),
  // That of the simulated run and the parts that drive it.
  list(
    'cycles of files, types included',
    1,
    findCycles(mapFileImports()).map((cycle) => cycle.join(', ')),
  ),
  list(
    'files with a directive that is not their first statement',
    0,
    files.filter(hasLateDirective).map(({ name }) => name),
  ),
  // Each has its reason beside it.
  list(
    'blind casts in the product',
    4,
    product.flatMap((file) => listCasts(file, 'blind')),
  ),
  list(
    'other casts in the product',
    106,
    product.flatMap((file) => listCasts(file, 'other')),
  ),
];

beforeAll(() => {
  const lines = measures.map(
    ({ name, count, most }) => `${name.padEnd(64)}${String(count).padStart(8)}${String(most).padStart(9)}`,
  );
  console.log(
    [`${'house style'.padEnd(64)}${'count'.padStart(8)}${'at most'.padStart(9)}`, ...lines].join('\n'),
  );
});

test.each(measures.map((measure) => [`${measure.name}: at most ${measure.most}`, measure] as const))(
  '%s',
  (_, { count, most, found = [] }) => {
    expect(count > most ? (found.length > 0 ? found : count) : 'within the limit').toBe('within the limit');
  },
);

test('classes name breakpoints of the theme, because others have no effect', () => {
  const theme = readFileSync(join(root, 'app/globals.css'), 'utf8');
  const declared = [...theme.matchAll(/--breakpoint-(\w+):/g)].map(([, name]) => name);
  expect(declared).toEqual(['md', 'lg', 'xl']);
  const others = files
    .filter(({ name }) => name.endsWith('.tsx'))
    .flatMap(({ name, code }) =>
      [...code.matchAll(/[\s'"`:](?:max-)?(?:xs|sm|2xl|3xl):[a-z[-]\S*/g)].map(
        ([found]) => `${name} ${found}`,
      ),
    );
  expect(others).toEqual([]);
});

test('finds a cycle of folders, and accepts a chain', () => {
  const chain = new Map([
    ['a', new Set(['b'])],
    ['b', new Set(['c'])],
  ]);
  expect(findCycles(chain)).toEqual([]);
  expect(findCycles(new Map([...chain, ['c', new Set(['a'])]]))).toEqual([['a', 'b', 'c']]);
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
  [
    'a replaced word',
    `// The way back\nconst elapsed = 1;\nconst tryFunction = 2;`,
    (file: SourceFile) => listReplacedWords(file).length === 2,
  ],
  [
    'a blind cast',
    `const x = [a as unknown as B, c as never, d as const, e as F, g as unknown];`,
    (file: SourceFile) => listCasts(file, 'blind').length === 2 && listCasts(file, 'other').length === 1,
  ],
  [
    'a late directive',
    `import { a } from './a';\n('use server');\nexport const b = a;`,
    (file: SourceFile) =>
      hasLateDirective(file) && !hasLateDirective(parseSource('lib/y.ts', `'use client';`)),
  ],
  [
    'a line of code among others',
    `/* a\n * b\n */\n\n// c\nconst d = 1; // e\n`,
    (file: SourceFile) => countLines(file) === 1,
  ],
])('finds %s', (_, text, isFound) => {
  expect(isFound(parseSource('lib/x.ts', text))).toBe(true);
});
