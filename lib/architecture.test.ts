import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';
import { type Import, listImports, listSources, resolveImport, withoutEnding } from '@/testing/source-graph';
import { queryNames, verbNames } from './policy/verbs';

/** Neither time nor network nor files: data in, data out. */
const pure = [
  'lib/estate',
  'lib/diversion',
  'lib/capacity',
  'lib/statistics',
  'lib/plan',
  'lib/safety',
  'lib/preflight',
  'lib/draft',
  'lib/policy',
  'lib/audit',
  'lib/alerts',
  'lib/run/model',
  // What a rehearsal takes and reports: plain data.
  'lib/rehearsal/input',
  'lib/rehearsal/report/report',
  'lib/rehearsal/report/drill-report',
  'lib/rehearsal/report/compare-events',
  'lib/rehearsal/traffic/list-hosts',
  'lib/rehearsal/traffic/outcomes',
];
/** The cloud's types and error class, for an executor. Pure, too. */
const port = ['lib/cloud/port', 'lib/cloud/errors'];
/** Which failures are transient: the adapter and the executor retry alike. */
const failures = ['lib/cloud/transient'];

type FolderRule = {
  readonly folder: string;
  /** Folders and files (without ending) that it may import besides its own. */
  readonly may: readonly string[];
  /** And those of which it may import types only. */
  readonly types?: readonly string[];
};

/** The allowed imports between folders. The first line that fits a file counts. All other imports are rejected. */
const folders: readonly FolderRule[] = [
  // Components by area, from the design system up. Each area may use those named, and the pure core.
  { folder: 'components/ui', may: [] },
  { folder: 'components/charts', may: ['components/ui'] },
  ...areas({
    shell: [],
    session: ['shell'],
    steps: [],
    confirm: [],
    'cloud-error': [],
    topology: [],
    findings: ['steps'],
    lists: ['shell'],
    bindings: ['shell', 'lists'],
    functions: ['shell', 'lists', 'cloud-error', 'charts', 'diversion'],
    history: ['shell'],
    sandbox: ['shell'],
    drift: ['shell', 'steps', 'history'],
    estate: ['shell', 'steps', 'cloud-error', 'topology', 'history', 'drift'],
    plan: ['shell', 'steps', 'findings', 'confirm', 'cloud-error'],
    run: ['shell', 'steps', 'confirm', 'cloud-error', 'charts', 'plan'],
    diversions: ['shell', 'steps', 'confirm', 'plan'],
    schedule: ['shell', 'steps', 'plan', 'run'],
    overview: ['shell', 'steps', 'cloud-error', 'plan', 'run', 'charts'],
    rehearsal: ['shell', 'charts', 'capacity'],
    capacity: ['shell', 'charts', 'cloud-error'],
    runbook: [],
    'alert-link': ['shell'],
    audit: ['shell', 'diversions'],
    settings: ['shell', 'session', 'cloud-error', 'plan', 'schedule'],
    diversion: ['shell', 'steps', 'findings', 'cloud-error'],
    switches: ['shell', 'steps', 'findings', 'confirm', 'run', 'diversion'],
  }),
  {
    folder: 'app',
    may: ['components', 'lib/server', 'lib/client', 'lib/contract'],
    types: [...pure, ...port],
  },
  { folder: 'lib/estate', may: [] },
  { folder: 'lib/alerts', may: ['lib/diversion'] },
  { folder: 'lib/statistics', may: [] },
  { folder: 'lib/diversion', may: ['lib/estate'] },
  { folder: 'lib/capacity', may: ['lib/estate'] },
  { folder: 'lib/plan', may: ['lib/estate', 'lib/diversion', 'lib/capacity'] },
  { folder: 'lib/safety', may: ['lib/estate', 'lib/diversion', 'lib/plan'] },
  {
    folder: 'lib/preflight',
    may: ['lib/estate', 'lib/diversion', 'lib/capacity', 'lib/plan', 'lib/safety'],
  },
  { folder: 'lib/draft', may: ['lib/estate', 'lib/diversion', 'lib/plan', 'lib/preflight'] },
  { folder: 'lib/policy', may: ['lib/estate', 'lib/diversion', 'lib/plan', 'lib/safety'] },
  // It records the names of verbs.
  { folder: 'lib/audit', may: ['lib/policy'] },
  {
    folder: 'lib/run',
    may: [
      ...['lib/estate', 'lib/diversion', 'lib/plan', 'lib/safety', 'lib/preflight', 'lib/policy'],
      ...['lib/statistics', 'lib/capacity'],
      ...port,
      ...failures,
    ],
  },
  { folder: 'lib/cloud', may: ['lib/estate'] },
  // The sandbox in layers, from the data up: a lower layer never imports a higher one.
  ...layers('lib/sandbox', [
    ['world', 'telemetry', 'generated'],
    ['model'],
    ['seeds', 'state', 'data-plane', 'dns', 'functions', 'tasks'],
    ['services'],
    ['api'],
    ['control'],
  ]),
  { folder: 'lib/sandbox', may: [] },
  // A client of any account, including the sandbox's, that imports the sandbox's assumptions.
  {
    folder: 'lib/certify',
    may: [
      ...['lib/estate', 'lib/sandbox/world/assumptions'],
      ...['lib/cloud/probe/dial', 'lib/cloud/tencent/call/endpoint-host'],
    ],
  },
  // What crosses an edge, by entity. Its types are those of the core.
  { folder: 'lib/contract', may: ['lib/estate', 'lib/diversion'], types: [...pure, ...port] },
  // A client of the API, over HTTP. Its agent asks resolvers as the worker does, and it computes advice as the browser
  // does: with the model itself, which is pure.
  {
    folder: 'lib/cli',
    may: ['lib/contract', 'lib/capacity', 'lib/cloud/probe/resolver', 'lib/diversion/cutover'],
  },
  {
    folder: 'lib/launch',
    may: ['lib/contract', 'lib/store', 'lib/server', 'lib/worker', 'lib/sandbox', 'lib/db', 'lib/audit'],
  },
  { folder: 'lib/rehearsal', may: [...pure, 'lib/run', 'lib/cloud', 'lib/sandbox'] },
  { folder: 'lib/db', may: [], types: [...pure, ...port] },
  {
    folder: 'lib/worker',
    may: [...pure, 'lib/run', 'lib/cloud', 'lib/rehearsal', 'lib/db', 'lib/store'],
    types: ['lib/contract'],
  },
  // Database reads and writes that dashboard and worker share.
  { folder: 'lib/store', may: [...pure, 'lib/run', 'lib/db'], types: ['lib/contract', ...port] },
  {
    folder: 'lib/server',
    may: [...pure, 'lib/run', 'lib/db', 'lib/store', 'lib/contract'],
    types: port,
  },
  // It decides what to offer by the same function as the server decides what to permit.
  { folder: 'lib/client', may: ['lib/policy/covers', 'lib/contract'], types: [...pure, ...port] },
  // Test support and the simulation put parts together in their own way.
  { folder: 'testing', may: ['app', 'components', 'lib'] },
  {
    folder: 'e2e/bench',
    may: [
      ...[
        'testing',
        'lib/contract',
        'lib/launch',
        'lib/server',
        'lib/store',
        'lib/db',
        'lib/run',
        'lib/cloud',
        'lib/rehearsal',
      ],
      ...[
        'lib/estate',
        'lib/capacity',
        'lib/diversion',
        'lib/plan',
        'lib/preflight',
        'lib/worker/rehearsals',
      ],
    ],
    types: ['lib/sandbox'],
  },
  {
    folder: 'e2e',
    // A journey records a separate build: that of a later release.
    may: [
      'testing/launch/administrator',
      'testing/launch/find-free-ports',
      'testing/server/test-provider',
      'testing/worker/alert-receiver',
      'lib/launch/build-record',
      'lib/launch/sources-hash',
    ],
    types: ['lib/sandbox'],
  },
  // Open to all, so they import nothing of ours but each other.
  { folder: 'lib', may: [] },
  // Configuration files.
  { folder: '', may: [] },
];

/** Rules of component areas: each may import the areas named, the design system, the pure core and the live reads. */
function areas(table: Readonly<Record<string, readonly string[]>>): readonly FolderRule[] {
  return Object.entries(table).map(([area, may]) => ({
    folder: `components/${area}`,
    may: ['components/ui', ...may.map((name) => `components/${name}`), ...pure, 'lib/client', 'lib/contract'],
    types: port,
  }));
}

/** Rules of folders in layers: each may import the layers below its own and its neighbours in the same layer. */
function layers(root: string, table: readonly (readonly string[])[]): readonly FolderRule[] {
  return table.flatMap((layer, index) =>
    layer.map((name) => ({
      folder: `${root}/${name}`,
      may: table
        .slice(0, index + 1)
        .flat()
        .map((below) => `${root}/${below}`),
    })),
  );
}

/** The parts of the planner: all others use `planDiversion`, `planRestore` and `replan`. */
const planner = { parts: ['lib/plan/diff', 'lib/plan/restore'], openTo: ['lib/plan', 'testing', 'e2e'] };

/** Plain data and small words that every folder may use: the files right in lib, the messages, and the version. */
const openToAll = /^(package\.json|lib\/([^/]+|(messages|log|input|timing|function-contract)\/.*))$/;

type PackageRule = {
  readonly packages: RegExp;
  readonly typesToo: boolean;
  readonly why: string;
} & ({ readonly onlyIn: readonly string[] } | { readonly neverIn: readonly string[] });

const packages: readonly PackageRule[] = [
  {
    packages: /^(next|react|react-dom|next-intl|pg|drizzle-orm|server-only)(\/|$)|^node:|^@dbos-inc\//,
    typesToo: true,
    neverIn: [...pure, ...port],
    why: 'the pure folders run anywhere: hand in what comes from outside',
  },
  {
    packages: /^tencentcloud-sdk-nodejs(\/|$)/,
    typesToo: false,
    // The journeys compare the cloud before and after with a client of the SDK that Spillway's code doesn't wrap.
    onlyIn: ['lib/cloud', 'lib/certify', 'e2e'],
    why: 'the SDK is loaded by the cloud adapter alone: use the port',
  },
  {
    packages: /^tencentcloud-sdk-nodejs(\/|$)/,
    typesToo: true,
    onlyIn: ['lib/cloud', 'lib/certify', 'lib/sandbox', 'testing', 'e2e'],
    why: 'the nouns of the rest are ours: use lib/estate',
  },
  {
    packages: /^@dbos-inc\//,
    typesToo: true,
    onlyIn: ['lib/run/durable'],
    why: 'the durable engine is behind the ports of lib/run: use those',
  },
  {
    packages: /^(pg|drizzle-orm)(\/|$)/,
    typesToo: false,
    onlyIn: ['lib/db', 'lib/store', 'lib/server', 'lib/worker', 'lib/run/durable'],
    why: 'lib/db opens the database: use what it gives',
  },
  {
    packages: /^node:/,
    typesToo: false,
    neverIn: ['components', 'lib/client'],
    why: 'this code goes to the browser',
  },
  {
    packages: /^(next|react|react-dom)(\/|$)/,
    typesToo: false,
    onlyIn: ['app', 'components', 'lib/client', 'lib/launch/web'],
    why: 'the rest knows nothing of its user interface',
  },
];

const within = (path: string, places: readonly string[]) =>
  places.some((place) => place === '' || path === place || path.startsWith(`${place}/`));

function problemOf(found: Import): string | null {
  const goal = resolveImport(found);
  if ('package' in goal) {
    const place = withoutEnding(found.file);
    const broken = packages.find(
      (rule) =>
        rule.packages.test(goal.package) &&
        (rule.typesToo || !found.typesOnly) &&
        ('onlyIn' in rule ? !within(place, rule.onlyIn) : within(place, rule.neverIn)),
    );
    return broken ? `${found.file} imports "${goal.package}": ${broken.why}.` : null;
  }
  const rule = folders.find(({ folder }) => within(found.file, [folder]));
  if (!rule || openToAll.test(goal.path)) return null;
  const path = withoutEnding(goal.path);
  if (within(path, planner.parts) && !within(found.file, planner.openTo))
    return `${found.file} imports "${found.from}": a part of the planner. Use planDiversion, planRestore or replan, or move what is shared to lib/plan/model.`;
  if (rule.folder !== 'lib' && rule.folder !== '' && within(path, [rule.folder])) return null;
  if (within(path, rule.may) || (found.typesOnly && within(path, rule.types ?? []))) return null;
  const may = [...rule.may, ...(rule.types ?? []).map((place) => `${place} (types only)`)].join(', ');
  return `${found.file} imports "${found.from}": ${rule.folder || 'this'} may import ${may || 'nothing of ours'}. Move what is shared down, or hand it in.`;
}

/** Returns the folder of a file, down to the second level. */
const getFolder = (file: string) => file.split('/').slice(0, -1).slice(0, 2).join('/');

const layered = listSources();

// One test for each folder: all of them together may take minutes on a busy machine.
test.each([...new Set(layered.map(({ file }) => getFolder(file)))])(
  'every import of %s is allowed by the table',
  (folder) => {
    const problems = layered
      .filter(({ file }) => getFolder(file) === folder)
      .flatMap(({ file, code }) => listImports(file, code))
      .map(problemOf)
      .filter((problem) => problem !== null);
    expect(problems).toEqual([]);
  },
);

test.each([
  ['lib/sandbox/api/x.ts', `import { y } from '@/lib/cloud/rates';`],
  ['lib/sandbox/api/x.ts', `import type { Cloud } from '@/lib/cloud/port';`],
  ['lib/run/executor.ts', `import { tencentCloud } from '@/lib/cloud/tencent';`],
  ['lib/cloud/errors.ts', `import { Agent } from 'node:https';`],
  ['lib/plan/order.ts', `import { randomUUID } from 'node:crypto';`],
  ['lib/plan/order.ts', `import type { ReactNode } from 'react';`],
  ['lib/run/model.ts', `import pg from 'pg';`],
  [
    'lib/server/apply.ts',
    `const sdk = await import('tencentcloud-sdk-nodejs/tencentcloud/services/clb/index.js');`,
  ],
  ['lib/server/apply.ts', `import type { Instance } from 'tencentcloud-sdk-nodejs';`],
  ['lib/run/executor.ts', `import { DBOS } from '@dbos-inc/dbos-sdk';`],
  [
    'components/run/step.tsx',
    `import { verb } from '@/lib/server/apply'; export const S = () => <p>{verb}</p>;`,
  ],
  ['components/ui/button.tsx', `import type { Plan } from '@/lib/plan/model/model';`],
  ['components/run/step.tsx', `import '../../app/actions';`],
  ['lib/estate/model.ts', `export { plan } from '../plan/plan-split';`],
  ['lib/result.ts', `import { limits } from './estate/limits';`],
  ['lib/sandbox/world/x.ts', `import type { Action } from '../services/action';`],
  ['lib/sandbox/services/x.ts', `import { perform } from '../api/perform';`],
  ['lib/preflight/dns/x.ts', `import { diffDns } from '@/lib/plan/diff/diff-dns';`],
  ['lib/server/plans/x.ts', `import { startWorker } from '@/lib/worker/start-worker';`],
  ['components/shell/x.tsx', `import { PlanReview } from '@/components/plan/review/plan-review';`],
  ['lib/client/queries.ts', `import { hash, type Plan } from '@/lib/plan/model/hash';`],
  ['lib/server/plans/x.ts', `import type { Answer } from '@/lib/client/send-verb';`],
  ['lib/worker/runs/x.ts', `import { verb } from '@/lib/server/verb';`],
  ['lib/store/plans/x.ts', `import { verb } from '@/lib/server/verb';`],
])('rejects a forbidden import: %s with %s', (file, code) => {
  expect(listImports(file, code).map(problemOf)).toEqual([expect.stringContaining(file)]);
});

test.each([
  ['lib/run/executor.ts', `import type { Cloud } from '@/lib/cloud/port';`],
  ['lib/run/executor.ts', `import { canCommand, type Run } from './model';`],
  ['components/run/step.tsx', `import { canCommand } from '@/lib/run/model/model';`],
  ['lib/sandbox/services/clb.ts', `import type { Listener } from 'tencentcloud-sdk-nodejs/x';`],
  ['lib/i18n.ts', `import shell from './messages/en/shell.json';`],
  ['lib/run/durable/lease.ts', `import pg from 'pg'; import { DBOS } from '@dbos-inc/dbos-sdk';`],
  ['app/plans/page.tsx', `import { routes } from '@/lib/routes';`],
])('accepts an allowed import: %s with %s', (file, code) => {
  expect(
    listImports(file, code)
      .map(problemOf)
      .filter((problem) => problem !== null),
  ).toEqual([]);
});

/* Verbs and queries: the only ways from a page, a server action or a route handler into lib/server. */

const sources = new Map(listSources().map(({ file, code }) => [file, code]));

type Wrapped = { readonly name: string; readonly by: 'verb' | 'query'; readonly operation: string };

/** Returns what a file exports by name, each with its wrapper; null = it is anything else than a verb or a query. */
function wrappedExports(file: string, code: string): ReadonlyMap<string, Wrapped | null> {
  const { program } = parseSync(file, code);
  const found = new Map<string, Wrapped | null>();
  for (const node of program.body) {
    if (node.type !== 'ExportNamedDeclaration' || node.exportKind === 'type') continue;
    for (const { exported } of node.specifiers)
      if (exported.type === 'Identifier') found.set(exported.name, null);
    const made = node.declaration;
    if (made?.type === 'FunctionDeclaration' && made.id) found.set(made.id.name, null);
    if (made?.type === 'ClassDeclaration' && made.id) found.set(made.id.name, null);
    if (made?.type !== 'VariableDeclaration') continue;
    for (const { id, init } of made.declarations) {
      if (id.type !== 'Identifier') continue;
      const call = init?.type === 'CallExpression' ? init : null;
      const by = call?.callee.type === 'Identifier' ? call.callee.name : '';
      const first = call?.arguments[0];
      const operation = first?.type === 'Literal' && typeof first.value === 'string' ? first.value : null;
      const isWrapped = (by === 'verb' || by === 'query') && operation !== null;
      found.set(id.name, isWrapped ? { name: id.name, by, operation } : null);
    }
  }
  return found;
}

const isServerAction = (code: string) => /^\s*['"]use server['"]/m.test(code);

/** Lists the exports of a file of server actions that are not verbs: each of them is a public endpoint. */
function bareActions(file: string, code: string): readonly string[] {
  if (!isServerAction(code)) return [];
  if (!/^\s*['"]use server['"]/.test(code))
    return [`${file} has a server action inside: write a verb in lib/server.`];
  return [...wrappedExports(file, code)].flatMap(([name, wrapped]) =>
    wrapped?.by === 'verb' ? [] : [`${file} exports ${name} to browsers: only verbs may be server actions.`],
  );
}

/** They make handlers out of verbs and queries; the API serves those of its table. */
const routeHelpers = [
  'lib/server/route',
  'lib/server/connections/of-connection',
  'lib/server/auth/redirect-route',
  'lib/server/api/serve-api',
];

/** Lists the values that a file of the app takes from lib/server around verbs and queries. */
function aroundWrapper(
  file: string,
  code: string,
  read = (path: string) => sources.get(`${path}.ts`) ?? '',
): readonly string[] {
  const { module } = parseSync(file, code);
  const isInside = (from: string) => {
    const goal = resolveImport({ file, from, typesOnly: false });
    return 'path' in goal && within(goal.path, ['lib/server']) ? withoutEnding(goal.path) : null;
  };
  const why = 'export it as a verb or a query (lib/server/verb.ts)';
  const dynamic = module.dynamicImports
    .map(({ moduleRequest }) => code.slice(moduleRequest.start + 1, moduleRequest.end - 1))
    .filter((from) => isInside(from) !== null);
  const again = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, isType }) => (moduleRequest && !isType ? [moduleRequest.value] : [])),
  );
  return [
    ...[...dynamic, ...again.filter((from) => isInside(from) !== null)].map(
      (from) => `${file} loads "${from}" as a whole: ${why}.`,
    ),
    ...module.staticImports.flatMap(({ moduleRequest, entries }) => {
      const path = isInside(moduleRequest.value);
      if (path === null || routeHelpers.includes(path)) return [];
      const taken = entries.filter((entry) => !entry.isType).map(({ importName }) => importName.name ?? '*');
      const exported = taken.length === 0 ? new Map() : wrappedExports(`${path}.ts`, read(path));
      return taken
        .filter((name) => !exported.get(name))
        .map((name) => `${file} calls ${name} of ${path}: ${why}.`);
    }),
  ];
}

test('pages, server actions and route handlers use only verbs and queries of lib/server', () => {
  const app = [...sources].filter(([file]) => within(file, ['app']));
  expect(app.flatMap(([file, code]) => aroundWrapper(file, code))).toEqual([]);
  expect([...sources].flatMap(([file, code]) => bareActions(file, code))).toEqual([]);
});

test('each name of a verb or a query has one definition', () => {
  const wrapped = [...sources]
    .filter(([file]) => within(file, ['lib/server']))
    .flatMap(([file, code]) => [...wrappedExports(file, code).values()])
    .filter((each) => each !== null);
  const names = (by: Wrapped['by']) =>
    wrapped.flatMap((each) => (each.by === by ? [each.operation] : [])).sort();
  expect(names('verb')).toEqual([...verbNames].sort());
  expect(names('query')).toEqual([...queryNames].sort());
});

const server: Readonly<Record<string, string>> = {
  'lib/server/plans/get-plan': `
    export async function readPlan(db, id) {}
    export const getPlan = query('plan.get', PlanId, ({ id }) => ({ plan: id }), readPlan);`,
  'lib/server/context': 'export function serverContext() {}',
};
const planted = (file: string, code: string) => aroundWrapper(file, code, (path) => server[path] ?? '');

test.each([
  ['app/plans/page.tsx', `import { getPlan, readPlan } from '@/lib/server/plans/get-plan';`],
  ['app/plans/page.tsx', `import { readPlan as getPlan } from '@/lib/server/plans/get-plan';`],
  ['app/api/plans/route.ts', `import { serverContext } from '@/lib/server/context';`],
  ['app/api/plans/route.ts', `import * as plans from '@/lib/server/plans/get-plan';`],
  ['app/api/plans/route.ts', `export { readPlan as GET } from '@/lib/server/plans/get-plan';`],
  ['app/api/plans/route.ts', `const { readPlan } = await import('../../../lib/server/plans/get-plan');`],
  ['app/plans/actions.ts', `'use server'; import { serverContext } from '../../lib/server/context';`],
])('detects code that bypasses the wrapper: %s with %s', (file, code) => {
  expect(planted(file, code)).toEqual([expect.stringContaining(file)]);
});

test.each([
  ['app/plans/page.tsx', `import { getPlan } from '@/lib/server/plans/get-plan';`],
  ['app/plans/page.tsx', `import type { readPlan } from '@/lib/server/plans/get-plan';`],
  ['app/api/plans/route.ts', `import { route } from '@/lib/server/route';`],
])('accepts a verb, a query, a type and a handler: %s with %s', (file, code) => {
  expect(planted(file, code)).toEqual([]);
});

test.each([
  ['lib/server/x.ts', `'use server';\nexport async function apply(input) {}`],
  ['lib/server/x.ts', `'use server';\nexport const apply = async (input) => {};`],
  ['lib/server/x.ts', `'use server';\nexport const read = query('plan.get', PlanId, 'all', run);`],
  ['lib/server/x.ts', `'use server';\nconst apply = async () => {};\nexport { apply };`],
  ['app/page.tsx', `export default function Page() { async function act() {\n'use server';\n} }`],
])('detects a server action that is not a verb: %s with %s', (file, code) => {
  expect(bareActions(file, code)).toEqual([expect.stringContaining(file)]);
});

test('accepts a server action that is a verb', () => {
  const code = `'use server';\nexport const apply = verb('plan.apply', Input, scope, run);\nexport type A = string;`;
  expect(bareActions('lib/server/x.ts', code)).toEqual([]);
});
