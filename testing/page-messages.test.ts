import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { messages } from '@/lib/messages/messages';
import { readMessageKeys } from './message-keys';
import { listImports, listSources, resolveImport, withoutEnding } from './source-graph';

/*
 * Pages ship only the areas of text that they need: the root layout provides those of all pages, the layout of a segment
 * adds its own. A component that renders only on the server needs no text in the browser. A text that a client component
 * uses without a provider above it would show as its key.
 */

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

/** Returns the modules that a file imports values from, at once or later. */
const listModules = once((path): readonly string[] => {
  const source = sources.get(path);
  if (source === undefined) return [];
  return listImports(source.file, source.code).flatMap((each) => {
    const goal = resolveImport(each);
    return each.typesOnly || !('path' in goal) ? [] : [withoutEnding(goal.path)];
  });
});

/** Returns what a file imports, transitively, that runs in the browser: everything below a module with 'use client'. */
function listClientModules(start: string): readonly string[] {
  const [client, server] = [new Set<string>(), new Set<string>()];
  const open = [{ path: start, isClient: false }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path } = next;
    const isClient = next.isClient || (sources.get(path)?.code ?? '').startsWith("'use client'");
    const seen = isClient ? client : server;
    if (seen.has(path) || path.startsWith('lib/server')) continue;
    seen.add(path);
    for (const each of listModules(path)) open.push({ path: each, isClient });
  }
  return [...client];
}

/** Returns the areas of text that a component uses. */
const listUsed = once((path): readonly string[] => {
  const source = path.startsWith('components/') ? sources.get(path) : undefined;
  if (source === undefined) return [];
  const names = readMessageKeys(source.file, source.code).uses.map(
    ([first = '']) => first.split('.')[0] ?? '',
  );
  return [...new Set(names)].filter((name) => name in messages);
});

const messageFile = /^lib\/messages\/en\/(\w+)$/;

/** Returns the areas of text that a file provides. */
const listProvided = (path: string): readonly string[] =>
  listModules(path).flatMap((each) => messageFile.exec(each)?.[1] ?? []);

/** Returns the layouts around a page, innermost first. */
function listLayouts(page: string): readonly string[] {
  const folders = [dirname(page)];
  for (let at = dirname(page); at !== 'app'; at = dirname(at)) folders.push(dirname(at));
  return folders.map((folder) => `${folder}/layout`).filter((path) => sources.has(path));
}

/** Returns the uses of texts without a provider, in everything that a file imports. */
function findMissing(start: string, provided: readonly string[]): readonly string[] {
  return listClientModules(start).flatMap((path) =>
    listUsed(path).flatMap((name) => (provided.includes(name) ? [] : [`${path} uses ${name}`])),
  );
}

const everywhere = listProvided('components/shell/intl-provider');
const pages = [...sources.keys()].filter((path) => /^app\/(.*\/)?page$/.test(path));

test.each(pages)('%s has the text of all its components', (page) => {
  const nearby = listModules(page).filter((path) => path.startsWith('app/'));
  const provided = [...listLayouts(page), ...nearby].flatMap(listProvided);
  expect(findMissing(page, [...everywhere, ...provided])).toEqual([]);
});

test.each(['app/layout', 'app/error', 'app/not-found'])('%s needs only the text of all pages', (file) => {
  expect(findMissing(file, everywhere)).toEqual([]);
});

test('finds missing text', () => {
  expect(listUsed('components/estate/estate-body')).toContain('estate');
  expect(findMissing('app/drift/page', everywhere)).toContainEqual(expect.stringMatching(/uses drift$/));
  expect(listLayouts('app/failover/new/page')).toEqual(['app/failover/layout', 'app/layout']);
});
