import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The projects of `npx vitest run --project NAME`, in start order: those whose tests wait most first. */
export const projectNames = ['database', 'sandbox', 'dom', 'pure', 'static', 'processes'] as const;
export type ProjectName = (typeof projectNames)[number];

/**
 * The files that take longest on two idle cores, longest first. They start before all others, so that none runs alone
 * at the end. A file missing here only starts later.
 */
export const longestFiles: readonly string[] = [
  'lib/launch/kill-table.test.ts',
  'lib/launch/upgrade.test.ts',
  'lib/launch/workers.test.ts',
  'lib/sandbox/functions/runtime.test.ts',
  'lib/plan/export/tccli/tccli-run.test.ts',
  'lib/server/switches/export-switch-script.test.ts',
  'lib/certify/certify.test.ts',
  'components/diversion/editor/diversion-editor.test.tsx',
  'lib/server/recurrences/recurrences.test.ts',
  'lib/run/executor-made.test.ts',
  'lib/run/executor-weights.test.ts',
  'lib/run/executor-crash.test.ts',
  'lib/worker/recurrences/occurrences-in-a-row.test.ts',
  'lib/worker/runs/run-plan.test.ts',
];

/** Tests that read the code instead of running it. `npm run check` runs them, and `npm test` doesn't. */
const staticFiles: ReadonlySet<string> = new Set([
  'lib/architecture.test.ts',
  'lib/regular-expressions.test.ts',
  'testing/attacks/raw-html.test.ts',
  'testing/dependencies/next-advisories.test.ts',
  'testing/docs.test.ts',
  'testing/house-style.test.ts',
  'testing/messages.test.ts',
  'testing/offered-verbs.test.ts',
  'testing/page-messages.test.ts',
  'testing/projects/assign-test-files.test.ts',
]);

const sourceFolders = ['app', 'components', 'lib', 'testing'];
/** A static import or export with its module, unless it imports types only; or a dynamic import. */
const imports =
  /^\s*(?:import|export)\s+(?!type\s)(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
/** Modules whose import means that a test uses other processes. */
const outside =
  /^(node:(child_process|cluster|dgram|dns|http|http2|https|net|tls|worker_threads)|pg|undici)$/;

/**
 * Assigns each test file to one project by what it imports, directly or not: `dom` renders components (it names its
 * environment), `processes` starts programs, functions in their jail, or its own Postgres,
 * `database` uses a database of the run's shared Postgres, `sandbox` runs the sandbox or other servers and clients in its
 * own process, and `pure` has all others. `static` is a list.
 * @param root the project's folder
 * @returns the files of each project, relative to it
 */
export function assignTestFiles(root: string): Record<ProjectName, readonly string[]> {
  const files = new Set(sourceFolders.flatMap((folder) => listFiles(root, folder)));
  const read = (file: string) => readFileSync(join(root, file), 'utf8');
  const direct = new Map<string, readonly string[]>();
  const listImports = (file: string) => {
    const known = direct.get(file);
    if (known) return known;
    const found = [...read(file).matchAll(imports)].map(([, fixed, dynamic]) =>
      resolveImport(files, file, fixed ?? dynamic ?? ''),
    );
    direct.set(file, found);
    return found;
  };
  const assigned: Record<ProjectName, string[]> = {
    processes: [],
    database: [],
    sandbox: [],
    dom: [],
    pure: [],
    static: [],
  };
  for (const file of [...files].toSorted()) {
    if (!/\.test\.tsx?$/.test(file)) continue;
    const project = staticFiles.has(file)
      ? 'static'
      : chooseProject(file, read(file), listImports, findReached(file, files, listImports));
    assigned[project].push(file);
  }
  return assigned;
}

function chooseProject(
  file: string,
  source: string,
  listImports: (file: string) => readonly string[],
  reached: ReadonlySet<string>,
): ProjectName {
  if (source.includes('@vitest-environment happy-dom')) return 'dom';
  if (reached.has('lib/launch/postgres/embedded-postgres.ts')) return 'processes';
  const imported = listImports(file);
  const helpers = imported.filter((module) => /^testing\/.*\.tsx?$/.test(module));
  if ([file, ...helpers].some((module) => listImports(module).includes('node:child_process')))
    return 'processes';
  if (reached.has('testing/db/test-database.ts')) return 'database';
  if (file.startsWith('lib/sandbox/functions/')) return 'processes';
  if ([...reached].some((module) => module.startsWith('lib/sandbox/functions/'))) return 'sandbox';
  if (reached.has('node:child_process')) return 'processes';
  if ([...reached].some((module) => outside.test(module))) return 'sandbox';
  return 'pure';
}

function findReached(
  start: string,
  files: ReadonlySet<string>,
  listImports: (file: string) => readonly string[],
): ReadonlySet<string> {
  const reached = new Set([start]);
  // Iterating over a set includes elements that are added during the iteration.
  for (const module of reached) {
    if (!files.has(module) || !/\.(tsx?|mjs)$/.test(module)) continue;
    for (const imported of listImports(module)) reached.add(imported);
  }
  return reached;
}

/** Returns a file of the project, or the package's name. */
function resolveImport(files: ReadonlySet<string>, from: string, name: string): string {
  if (!/^(@\/|\.)/.test(name)) return name;
  const base = name.startsWith('@/') ? name.slice(2) : join(dirname(from), name);
  return ['', '.ts', '.tsx', '.mjs'].map((ending) => base + ending).find((path) => files.has(path)) ?? base;
}

function listFiles(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? listFiles(root, path) : [path];
  });
}
