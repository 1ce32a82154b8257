import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { messages } from '@/lib/messages/messages';
import { readMessageKeys } from './message-keys';
import { listDynamicImports, listImports, listSources, resolveImport, withoutEnding } from './source-graph';

/*
 * Pages ship only the text that they need: the root layout provides the text of all pages, the layout of each segment
 * adds its own, and a lazily loaded part has its own. A component that renders only on the server needs no text in the
 * browser. A text that a client component uses without a provider above it would show as its key.
 *
 * A part of text is a namespace with its next segment: `plan.step`.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = new Map(listSources().map((source) => [withoutEnding(source.file), source]));

/** Caches the result of a function by path. */
function once<T>(read: (path: string) => T): (path: string) => T {
  const known = new Map<string, T>();
  return (path) => {
    const found = known.get(path) ?? read(path);
    known.set(path, found);
    return found;
  };
}

type Modules = { readonly now: readonly string[]; readonly later: readonly string[] };

/** Returns the modules that a file imports values from, and those that it loads lazily. */
const listModules = once((path): Modules => {
  const source = sources.get(path);
  if (source === undefined) return { now: [], later: [] };
  const later = new Set(listDynamicImports(source.file, source.code));
  const modules = listImports(source.file, source.code).flatMap((each) => {
    const goal = resolveImport(each);
    return each.typesOnly || !('path' in goal) ? [] : [{ from: each.from, path: withoutEnding(goal.path) }];
  });
  const pick = (isLater: boolean) =>
    modules.filter(({ from }) => later.has(from) === isLater).map(({ path }) => path);
  return { now: pick(false), later: pick(true) };
});

type Reached = {
  /** The modules that run in the browser. */
  readonly client: ReadonlySet<string>;
  /** The modules that those load lazily. */
  readonly later: ReadonlySet<string>;
};

/**
 * Returns the static imports of a file, transitively: everything below a module with 'use client' runs in the browser.
 * @param isClient true if the file itself runs in the browser
 */
function reach(start: string, isClient: boolean): Reached {
  const [client, server, later] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const open = [{ path: start, isClient }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path } = next;
    const code = sources.get(path)?.code ?? '';
    const inBrowser = next.isClient || code.startsWith("'use client'");
    const seen = inBrowser ? client : server;
    if (seen.has(path) || path.startsWith('lib/server')) continue;
    seen.add(path);
    const modules = listModules(path);
    for (const each of modules.now) open.push({ path: each, isClient: inBrowser });
    for (const each of modules.later) later.add(each);
  }
  return { client, later };
}

/** Returns the text parts that a component uses; a whole namespace if the part depends on data. */
const listUsed = once((path): readonly string[] => {
  const source = path.startsWith('components/') ? sources.get(path) : undefined;
  if (source === undefined) return [];
  const parts = readMessageKeys(source.file, source.code).uses.map(([first = '', ...others]) => {
    const [name = '', part = '', ...more] = first.split('.');
    const isWhole = more.length > 0 || others.length === 0;
    return part !== '' && isWhole ? `${name}.${part}` : name;
  });
  return [...new Set(parts)].filter((part) => (part.split('.')[0] ?? '') in messages);
});

const messageFile = /^lib\/messages\/en\/(?:\w+\/)?([\w-]+)$/;

/** Returns the text parts that the modules of a file provide. */
function listProvided(modules: Iterable<string>): readonly string[] {
  return [...modules].flatMap((path) => {
    const name = messageFile.exec(path)?.[1];
    if (name === undefined) return [];
    // This namespace is a part itself.
    if (name === 'run-measure') return ['run.measure'];
    const [namespace = ''] = name.split('-');
    const parts: object = JSON.parse(readFileSync(join(root, `${path}.json`), 'utf8'));
    return [namespace, ...Object.keys(parts).map((part) => `${namespace}.${part}`)];
  });
}

/** Returns the layouts around a page, innermost first. */
function listLayouts(page: string): readonly string[] {
  const folders = [dirname(page)];
  for (let at = dirname(page); at !== 'app'; at = dirname(at)) folders.push(dirname(at));
  return folders.map((folder) => `${folder}/layout`).filter((path) => sources.has(path));
}

/** Returns the uses of texts without a provider, in the imports of a file and in everything that they load lazily. */
function findMissing(start: string, isClient: boolean, above: ReadonlySet<string>): readonly string[] {
  const done = new Set<string>();
  const check = (path: string, inBrowser: boolean, provided: ReadonlySet<string>): readonly string[] => {
    const { client, later } = reach(path, inBrowser);
    const known = new Set([...provided, ...listProvided(client)]);
    const missing = [...client].flatMap((each) =>
      listUsed(each)
        .filter((part) => !known.has(part))
        .map((part) => `${each} uses ${part}`),
    );
    const open = [...later].filter((each) => !done.has(each));
    for (const each of open) done.add(each);
    return [...missing, ...open.flatMap((each) => check(each, true, known))];
  };
  return [...new Set(check(start, isClient, above))];
}

/** `useMessage` loads the text of refusals. */
const late = listProvided(listModules('lib/messages/late').now);
const everywhere = new Set([...listProvided(listModules('components/shell/intl-provider').now), ...late]);
const pages = [...sources.keys()].filter((path) => /^app\/(.*\/)?page$/.test(path));

test.each(pages)('%s has the text of all its components', (page) => {
  const layouts = listLayouts(page).flatMap((layout) => listProvided(listModules(layout).now));
  expect(findMissing(page, false, new Set([...everywhere, ...layouts]))).toEqual([]);
});

test.each(['app/layout', 'app/error', 'app/not-found'])('%s needs only the text of all pages', (file) => {
  expect(findMissing(file, false, everywhere)).toEqual([]);
});

test('finds missing text', () => {
  expect(listUsed('components/estate/estate-body')).toContain('estate.mapFailed');
  expect(findMissing('components/plan/review/plan-steps', true, everywhere)).toContain(
    'components/steps/step-title uses plan.step',
  );
  expect(listLayouts('app/failover/new/page')).toEqual(['app/failover/new/layout', 'app/layout']);
});
