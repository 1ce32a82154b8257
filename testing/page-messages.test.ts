import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { messages } from '@/lib/messages/messages';
import { listImports, listSources, resolveImport, withoutEnding } from './source-graph';

/*
 * Pages ship only the text that they need: the root layout provides what is everywhere, the layout of each segment adds
 * its own. A namespace that a page's components name, but no layout above them provides, would show as a key.
 */

const sources = new Map(listSources().map((source) => [withoutEnding(source.file), source]));

/** Returns the modules that a file imports values from. */
function listModules(path: string): readonly string[] {
  const source = sources.get(path);
  if (source === undefined) return [];
  return listImports(source.file, source.code).flatMap((each) => {
    const goal = resolveImport(each);
    return each.typesOnly || !('path' in goal) ? [] : [withoutEnding(goal.path)];
  });
}

/** Returns a file and all that it reaches; the server's own code needs no text in the browser. */
function reach(start: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [start];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path) || path.startsWith('lib/server')) continue;
    seen.add(path);
    open.push(...listModules(path));
  }
  return seen;
}

/** Returns the namespaces that a component names where it makes a translator, without what is below them. */
function listNamed(path: string): readonly string[] {
  if (!path.startsWith('components/')) return [];
  const code = sources.get(path)?.code ?? '';
  // A translator without a namespace has it in its keys.
  const inKeys = /use(?:Translations|AnyKey)\(\)/.test(code)
    ? [...code.matchAll(/\bt(?:\.rich)?\(['"`](\w+)\./g)].flatMap(([, name = '']) =>
        name in messages ? [name] : [],
      )
    : [];
  const given = [...code.matchAll(/(?:useTranslations|useAnyKey|useMessage)\(([^)]*)\)/g)].flatMap(
    ([, texts = '']) => [...texts.matchAll(/['"`](\w+)/g)].flatMap(([, name]) => name ?? []),
  );
  return [...given, ...inKeys];
}

const messageFile = /^lib\/messages\/en\/([\w-]+)$/;

/** Returns the namespaces that the modules of a file provide. */
const listProvided = (modules: Iterable<string>) =>
  [...modules].flatMap((path) => {
    const name = messageFile.exec(path)?.[1];
    return name === undefined ? [] : [name];
  });

/** Returns the layouts around a page, its own folder's first. */
function listLayouts(page: string): readonly string[] {
  const folders = [dirname(page)];
  for (let at = dirname(page); at !== 'app'; at = dirname(at)) folders.push(dirname(at));
  return folders.map((folder) => `${folder}/layout`).filter((path) => sources.has(path));
}

const root = 'components/shell/intl-provider';
const everywhere = new Set(listProvided(listModules(root)));
const pages = [...sources.keys()].filter((path) => /^app\/(.*\/)?page$/.test(path));

/** The components of all pages name these for a part that is provided everywhere. */
const partly: ReadonlySet<string> = new Set(['components/shell/use-measure']);

test.each(pages)('%s has the text of all its components', (page) => {
  const modules = reach(page);
  const provided = new Set([
    ...everywhere,
    ...listProvided(modules),
    ...listLayouts(page).flatMap((layout) => listProvided(listModules(layout))),
  ]);
  const missing = [...modules]
    .filter((path) => !partly.has(path))
    .flatMap((path) => listNamed(path).map((name) => ({ path, name })))
    .filter(({ name }) => !provided.has(name))
    .map(({ path, name }) => `${path} names ${name}`);
  expect(missing).toEqual([]);
});

test('the frame of all pages needs no other text', () => {
  const named = [...reach('app/layout'), ...reach('app/error'), ...reach('app/not-found')]
    .filter((path) => !partly.has(path))
    .flatMap(listNamed);
  expect(named.filter((name) => !everywhere.has(name))).toEqual([]);
});

test('a missing namespace is found', () => {
  expect(listNamed('components/estate/estate-body')).toEqual(['estate', 'estate']);
  expect(everywhere.has('estate')).toBe(false);
  expect(listLayouts('app/switches/new/page')).toEqual([
    'app/switches/new/layout',
    'app/switches/layout',
    'app/layout',
  ]);
});
