import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

const root = fileURLToPath(new URL('..', import.meta.url));
const sourceFolders = ['app', 'components', 'e2e', 'lib', 'testing'];

export type Import = { readonly file: string; readonly from: string; readonly typesOnly: boolean };

export const withoutEnding = (path: string) => path.replace(/\.(tsx?|m?js|json)$/, '');

/** Returns the path in the project that an import names, or the name of its package. */
export function resolveImport({
  file,
  from,
}: Import): { readonly path: string } | { readonly package: string } {
  if (from.startsWith('@/')) return { path: from.slice(2) };
  if (from.startsWith('.')) return { path: join(dirname(file), from) };
  return { package: from };
}

/** Lists the imports of a file, static, dynamic and by re-export. */
export function listImports(file: string, code: string): readonly Import[] {
  const { module, errors } = parseSync(file, code);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  return [
    ...module.staticImports.map(({ moduleRequest, entries }) => ({
      file,
      from: moduleRequest.value,
      typesOnly: entries.length > 0 && entries.every((entry) => entry.isType),
    })),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, isType }) =>
        moduleRequest ? [{ file, from: moduleRequest.value, typesOnly: isType }] : [],
      ),
    ),
    ...listDynamicImports(file, code).map((from) => ({ file, from, typesOnly: false })),
  ];
}

/** Lists the dynamic imports of a file. */
function listDynamicImports(file: string, code: string): readonly string[] {
  return parseSync(file, code).module.dynamicImports.map(({ moduleRequest }) =>
    code.slice(moduleRequest.start + 1, moduleRequest.end - 1),
  );
}

/**
 * Lists the source files that must respect the layers. Tests may cross them, because they combine real parts of several
 * folders.
 */
export function listSources(): readonly { readonly file: string; readonly code: string }[] {
  return listFiles()
    .filter((name) => /\.tsx?$/.test(name) && !/\.(test|e2e)\.tsx?$|(^|\/)test-[^/]+$/.test(name))
    .map((file) => ({ file, code: readFileSync(join(root, file), 'utf8') }));
}

function listFiles(): readonly string[] {
  return sourceFolders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(relative(root, entry.parentPath), entry.name)),
  );
}

/** Returns the number of files directly in each folder, including tests. */
export function countFolders(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  // Drizzle generates one file per migration.
  for (const folder of listFiles().map((file) => dirname(file)))
    if (!folder.startsWith('lib/db/migrations')) counts.set(folder, (counts.get(folder) ?? 0) + 1);
  return counts;
}

/** Returns the folders that each folder imports from. */
export const mapFolderImports = () => mapImports(dirname);

/** Returns the files that each file imports from, types included. */
export const mapFileImports = () => mapImports(withoutEnding);

function mapImports(toNode: (file: string) => string): ReadonlyMap<string, ReadonlySet<string>> {
  const sources = listSources();
  const known = new Set(sources.map(({ file }) => withoutEnding(file)));
  const imports = new Map<string, Set<string>>();
  for (const { file, code } of sources) {
    for (const found of listImports(file, code)) {
      const goal = resolveImport(found);
      if (!('path' in goal) || !known.has(withoutEnding(goal.path))) continue;
      const [from, to] = [toNode(file), toNode(goal.path)];
      if (from !== to) imports.set(from, (imports.get(from) ?? new Set()).add(to));
    }
  }
  return imports;
}

/** Returns the cycles of folders or files, each sorted by name (Tarjan). */
export function findCycles(
  imports: ReadonlyMap<string, ReadonlySet<string>>,
): readonly (readonly string[])[] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const cycles: string[][] = [];
  const visit = (node: string) => {
    order.set(node, order.size);
    lowest.set(node, order.size - 1);
    stack.push(node);
    for (const next of imports.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) {
        lowest.set(node, Math.min(lowest.get(node) ?? 0, lowest.get(next) ?? 0));
      }
    }
    if (lowest.get(node) !== order.get(node)) return;
    const cycle = stack.splice(stack.indexOf(node));
    if (cycle.length > 1) cycles.push(cycle.sort());
  };
  for (const node of imports.keys()) if (!order.has(node)) visit(node);
  return cycles;
}
