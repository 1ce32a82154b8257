import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Neither time nor network nor files: data in, data out. */
const pure = [
  'lib/estate',
  'lib/diversion',
  'lib/capacity',
  'lib/plan',
  'lib/preflight',
  'lib/policy',
  'lib/run/model',
  'lib/run/failover',
  'lib/run/run-effects',
];
/** What an executor needs of a cloud: types, and the one error class to know a failure by. Pure, too. */
const port = ['lib/cloud/port', 'lib/cloud/errors'];
/** Which failures pass by themselves, and the pauses between attempts: the adapter and the executor retry alike. */
const failures = ['lib/cloud/transient', 'lib/cloud/backoff'];

type FolderRule = {
  readonly folder: string;
  /** Folders and files (without ending) that it may import besides its own. */
  readonly may: readonly string[];
  /** And those of which it may import types only. */
  readonly types?: readonly string[];
};

/** Which folder may import which; the first line that fits a file counts. What is not said here is not allowed. */
const folders: readonly FolderRule[] = [
  { folder: 'components/ui', may: [] },
  { folder: 'components/charts', may: ['components/ui'] },
  { folder: 'components', may: [...pure, 'lib/client'], types: port },
  { folder: 'app', may: ['components', 'lib/server', 'lib/client'], types: [...pure, ...port] },
  { folder: 'lib/estate', may: [] },
  { folder: 'lib/diversion', may: ['lib/estate'] },
  { folder: 'lib/capacity', may: ['lib/estate'] },
  { folder: 'lib/plan', may: ['lib/estate', 'lib/diversion', 'lib/capacity'] },
  { folder: 'lib/preflight', may: ['lib/estate', 'lib/diversion', 'lib/capacity', 'lib/plan'] },
  { folder: 'lib/policy', may: ['lib/estate', 'lib/diversion'] },
  {
    folder: 'lib/run',
    may: ['lib/estate', 'lib/diversion', 'lib/plan', 'lib/preflight', ...port, ...failures],
  },
  { folder: 'lib/cloud', may: ['lib/estate'] },
  { folder: 'lib/sandbox', may: [] },
  // A client of any account, the sandbox's included, that knows what the sandbox assumes.
  { folder: 'lib/certify', may: ['lib/estate', 'lib/cloud/dial', 'lib/sandbox/assumptions'] },
  { folder: 'lib/launch', may: ['lib/server', 'lib/sandbox', 'lib/db'] },
  { folder: 'lib/rehearsal', may: [...pure, 'lib/run', 'lib/cloud', 'lib/sandbox'] },
  { folder: 'lib/simulation', may: [...pure, 'lib/run', 'lib/cloud', 'lib/rehearsal'] },
  { folder: 'lib/db', may: [], types: [...pure, ...port] },
  {
    folder: 'lib/server',
    may: [...pure, 'lib/run', 'lib/cloud', 'lib/rehearsal', 'lib/db'],
    // What its answers look like to the browser.
    types: ['lib/client'],
  },
  { folder: 'lib/client', may: [], types: [...pure, ...port] },
  // They put the parts together in their own way: they stand where the launcher and a dashboard would.
  {
    folder: 'e2e/bench',
    may: [
      ...['lib/launch', 'lib/server', 'lib/db', 'lib/run', 'lib/cloud'],
      ...['lib/estate', 'lib/diversion', 'lib/plan', 'lib/preflight'],
    ],
    types: ['lib/sandbox'],
  },
  { folder: 'e2e', may: [], types: ['lib/sandbox'] },
  // Files right in lib: open to all, so they lean on nothing.
  { folder: 'lib', may: [] },
  // Configuration files.
  { folder: '', may: [] },
];

/** Plain data and small words that every folder may use: the files right in lib, the messages, and the version. */
const openToAll = /^(package\.json|lib\/([^/]+|messages\/.*))$/;

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
    // The journeys compare the cloud before and after with a client that is nobody's of ours.
    onlyIn: ['lib/cloud', 'lib/certify', 'e2e'],
    why: 'the SDK is loaded by the cloud adapter alone: use the port',
  },
  {
    packages: /^tencentcloud-sdk-nodejs(\/|$)/,
    typesToo: true,
    onlyIn: ['lib/cloud', 'lib/certify', 'lib/sandbox', 'e2e'],
    why: 'the nouns of the rest are ours: use lib/estate',
  },
  {
    packages: /^@dbos-inc\//,
    typesToo: true,
    onlyIn: ['lib/run/durable'],
    why: 'the durable engine stands behind the ports of lib/run: use those',
  },
  {
    packages: /^(pg|drizzle-orm)(\/|$)/,
    typesToo: false,
    onlyIn: ['lib/db', 'lib/server', 'lib/run/durable'],
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

type Import = { readonly file: string; readonly from: string; readonly typesOnly: boolean };

const within = (path: string, places: readonly string[]) =>
  places.some((place) => place === '' || path === place || path.startsWith(`${place}/`));
const withoutEnding = (path: string) => path.replace(/\.(tsx?|m?js|json)$/, '');

/** A path of the project, or the name of a package. */
function target({ file, from }: Import): { readonly path: string } | { readonly package: string } {
  if (from.startsWith('@/')) return { path: from.slice(2) };
  if (from.startsWith('.')) return { path: join(dirname(file), from) };
  return { package: from };
}

function findProblem(found: Import): string | null {
  const goal = target(found);
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
  if (rule.folder !== 'lib' && rule.folder !== '' && within(path, [rule.folder])) return null;
  if (within(path, rule.may) || (found.typesOnly && within(path, rule.types ?? []))) return null;
  const may = [...rule.may, ...(rule.types ?? []).map((place) => `${place} (types only)`)].join(', ');
  return `${found.file} imports "${found.from}": ${rule.folder || 'this'} may import ${may || 'nothing of ours'}. Move what is shared down, or hand it in.`;
}

function listImports(file: string, code: string): readonly Import[] {
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
    ...module.dynamicImports.map(({ moduleRequest }) => ({
      file,
      from: code.slice(moduleRequest.start + 1, moduleRequest.end - 1),
      typesOnly: false,
    })),
  ];
}

function sourceFiles(): readonly string[] {
  return ['app', 'components', 'e2e', 'lib'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      // Tests may cross: they set real parts of several folders against each other.
      .filter((name) => /\.tsx?$/.test(name) && !/\.(test|e2e)\.tsx?$|(^|\/)test-[^/]+$/.test(name)),
  );
}

test('every import keeps to the table', () => {
  const problems = sourceFiles()
    .flatMap((file) => listImports(file, readFileSync(join(root, file), 'utf8')))
    .map(findProblem)
    .filter((problem) => problem !== null);
  expect(problems).toEqual([]);
});

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
  ['components/ui/button.tsx', `import type { Plan } from '@/lib/plan/model';`],
  ['components/run/step.tsx', `import '../../app/actions';`],
  ['lib/estate/model.ts', `export { plan } from '../plan/plan-split';`],
  ['lib/result.ts', `import { limits } from './estate/limits';`],
  ['lib/client/queries.ts', `import { hash, type Plan } from '@/lib/plan/hash';`],
])('the rule has teeth: %s with %s', (file, code) => {
  expect(listImports(file, code).map(findProblem)).toEqual([expect.stringContaining(file)]);
});

test.each([
  ['lib/run/executor.ts', `import type { Cloud } from '@/lib/cloud/port';`],
  ['lib/run/executor.ts', `import { type Run, runCan } from './model';`],
  ['components/run/step.tsx', `import { runCan } from '@/lib/run/model';`],
  ['lib/sandbox/services/clb.ts', `import type { Listener } from 'tencentcloud-sdk-nodejs/x';`],
  ['lib/i18n.ts', `import shell from './messages/en/shell.json';`],
  ['lib/run/durable/lease.ts', `import pg from 'pg'; import { DBOS } from '@dbos-inc/dbos-sdk';`],
  ['app/plans/page.tsx', `import { routes } from '@/lib/routes';`],
])('and lets pass what is meant: %s with %s', (file, code) => {
  expect(
    listImports(file, code)
      .map(findProblem)
      .filter((problem) => problem !== null),
  ).toEqual([]);
});
