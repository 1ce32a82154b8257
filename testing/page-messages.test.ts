import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { messages } from '@/lib/messages/messages';
import { readUses } from './message-keys';
import { listImports, listSources, resolveImport, withoutEnding } from './source-graph';

/*
 * Pages ship only the text that they need: the root layout provides what is everywhere, the layout of each segment adds
 * its own, and a part that is loaded later brings what only it shows. A text that a page's components name, but nothing
 * around them provides, would show as a key.
 */

const sources = new Map(listSources().map((source) => [withoutEnding(source.file), source]));

type Imported = { readonly path: string; readonly isDynamic: boolean };

const importsOf = new Map<string, readonly Imported[]>();

/** Returns the modules that a file imports values from. */
function listModules(path: string): readonly Imported[] {
  const source = sources.get(path);
  if (source === undefined) return [];
  const known = importsOf.get(path);
  if (known !== undefined) return known;
  const found = listImports(source.file, source.code).flatMap((each) => {
    const goal = resolveImport(each);
    return each.typesOnly || !('path' in goal)
      ? []
      : [{ path: withoutEnding(goal.path), isDynamic: each.isDynamic === true }];
  });
  importsOf.set(path, found);
  return found;
}

/** The modules that a file loads: with it, and later. */
type Reach = { readonly modules: ReadonlySet<string>; readonly later: ReadonlySet<string> };

/** Returns what a file loads; the server's own code needs no text in the browser. */
function reach(start: string): Reach {
  const modules = new Set<string>();
  const later = new Set<string>();
  const open = [start];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (modules.has(path) || path.startsWith('lib/server')) continue;
    modules.add(path);
    for (const { path: next, isDynamic } of listModules(path)) {
      if (isDynamic) later.add(next);
      else open.push(next);
    }
  }
  return { modules, later };
}

const usesOf = new Map<string, readonly string[]>();

/** Returns the parts of namespaces whose text a component shows: `plan.phase`, or `plan` if only the data says more. */
function listNamed(path: string): readonly string[] {
  if (!path.startsWith('components/')) return [];
  const known = usesOf.get(path);
  if (known !== undefined) return known;
  const source = sources.get(path);
  const named =
    source === undefined
      ? []
      : readUses(source.file, source.code).uses.flatMap(([first = '', ...open]) => {
          const segments = first.split('.');
          // The last one may go on in what is not known.
          const whole = open.length === 0 ? segments : segments.slice(0, -1);
          const [name = '', part] = whole;
          if (!(name in messages)) return [];
          return [part === undefined ? name : `${name}.${part}`];
        });
  const unique = [...new Set(named)];
  usesOf.set(path, unique);
  return unique;
}

const files = import.meta.glob<{ readonly default: Readonly<Record<string, unknown>> }>(
  '/lib/messages/en/*.json',
  {
    eager: true,
  },
);

/** Returns where all messages have those of a file: `plan.phase`. */
function listParts(file: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(messages).flatMap(([name, texts]: [string, Readonly<Record<string, unknown>>]) => {
    const keys = Object.keys(file);
    if (keys.every((key) => texts[key] === file[key])) return keys.map((key) => `${name}.${key}`);
    return Object.entries(texts).flatMap(([key, text]) => (text === file ? [`${name}.${key}`] : []));
  });
}

const partsOf = new Map(
  Object.entries(files).map(([path, file]) => [withoutEnding(path.slice(1)), listParts(file.default)]),
);

/** Returns what the modules of a file provide. */
const listProvided = (modules: Iterable<string>) => [...modules].flatMap((path) => partsOf.get(path) ?? []);

/** Returns the layouts around a page, its own folder's first. */
function listLayouts(page: string): readonly string[] {
  const folders = [dirname(page)];
  for (let at = dirname(page); at !== 'app'; at = dirname(at)) folders.push(dirname(at));
  return folders.map((folder) => `${folder}/layout`).filter((path) => sources.has(path));
}

/** Only `useMessage` shows these, which waits for them. */
const late = listProvided(reach('lib/messages/late').modules);
const everywhere = new Set([...listProvided(reach('components/shell/intl-provider').modules), ...late]);
const pages = [...sources.keys()].filter((path) => /^app\/(.*\/)?page$/.test(path));

/** Returns the texts that are missing in a module and in all that it loads later, each with what names it. */
function findMissing(
  start: string,
  around: ReadonlySet<string>,
  seen = new Set<string>(),
): readonly string[] {
  if (seen.has(start)) return [];
  seen.add(start);
  const { modules, later } = reach(start);
  const provided = new Set([...around, ...listProvided(modules)]);
  const has = (name: string) =>
    name.includes('.') ? provided.has(name) : [...provided].some((each) => each.startsWith(`${name}.`));
  return [
    ...[...modules].flatMap((path) =>
      listNamed(path).flatMap((name) => (has(name) ? [] : [`${path} names ${name}`])),
    ),
    ...[...later].flatMap((path) => findMissing(path, provided, seen)),
  ];
}

test.each(pages)('%s has the text of all its components', (page) => {
  const layouts = listLayouts(page).flatMap((layout) => listProvided(reach(layout).modules));
  expect(findMissing(page, new Set([...everywhere, ...layouts]))).toEqual([]);
});

test.each(['app/layout', 'app/error', 'app/not-found'])('%s needs no other text', (path) => {
  expect(findMissing(path, everywhere)).toEqual([]);
});

test('a missing text is found', () => {
  expect(listNamed('components/estate/estate-figures')).toContain('estate.figure');
  expect(everywhere.has('estate.figure')).toBe(false);
  expect(everywhere.has('run.measure')).toBe(true);
  expect(findMissing('app/schedule/page', everywhere)).toContain(
    'components/steps/phase-head names plan.phase',
  );
  expect(listLayouts('app/switches/new/page')).toEqual([
    'app/switches/new/layout',
    'app/switches/layout',
    'app/layout',
  ]);
});
