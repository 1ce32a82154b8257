import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runbookSections } from '@/components/run/screen/stopped-reason';
import { invariant } from '@/lib/invariant';
import { findNeed, isInstallationWide, listPermissions, tokenRoles } from '@/lib/policy/roles';
import { queryNames, verbNames } from '@/lib/policy/verbs';
import { parseRunbook } from '@/lib/server/runbook/get-runbook';
import { parseSettings } from '@/lib/settings';

const root = fileURLToPath(new URL('..', import.meta.url));

const pages: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

const readPage = (page: string) => readFileSync(join(root, page), 'utf8');

/** Removes code blocks, fenced or indented by four spaces after an empty line. */
const withoutBlocks = (text: string) =>
  text.replace(/^( *)```[\s\S]*?^\1```$/gm, '').replace(/(?<=\n\n)(?: {4}.*\n)+/g, '');

/** Lists the anchors that GitHub gives to the headings of a page. */
function listAnchors(text: string): readonly string[] {
  const seen = new Map<string, number>();
  return [...withoutBlocks(text).matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading = '']) => {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = plain.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}

/** Lists the broken links of a page: to a missing file or heading of the project. */
function listBrokenLinks(page: string, text: string): readonly string[] {
  const plain = withoutBlocks(text).replace(/`[^`\n]*`/g, '');
  const links = [...plain.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)/gm)].map(
    ([, inline, named]) => inline ?? named ?? '',
  );
  return links
    .filter((link) => !/^https?:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      if (target.startsWith('..') || !existsSync(join(root, target))) return true;
      if (anchor === undefined) return false;
      return !listAnchors(target === page ? text : readPage(target)).includes(anchor);
    })
    .map((link) => `${page}: ${link}`);
}

/** Lists the files and folders of the project that a page names as code and that don't exist. */
function listMissingFiles(page: string, text: string): readonly string[] {
  const named = [...text.matchAll(/`((?:app|components|docs|e2e|lib|testing)(?:\/[\w.[\]-]+)+)`/g)];
  return named
    .map(([, path = '']) => path)
    .filter((path) => !existsSync(join(root, path)))
    .map((path) => `${page}: ${path}`);
}

test('every link of the documentation resolves to a file and a heading', () => {
  expect(pages.flatMap((page) => listBrokenLinks(page, readPage(page)))).toEqual([]);
});

test('every file named in the documentation exists', () => {
  expect(pages.flatMap((page) => listMissingFiles(page, readPage(page)))).toEqual([]);
});

test('every page can be reached from the README', () => {
  const reached = new Set(['README.md']);
  for (const page of reached) {
    for (const [, link = ''] of readPage(page).matchAll(/\]\(([^)\s#]+)/g)) {
      const target = join(dirname(page), link);
      if (pages.includes(target)) reached.add(target);
    }
  }
  expect(pages.filter((page) => !reached.has(page))).toEqual([]);
});

test('docs/settings.md lists every setting, with its default', () => {
  const source = ['lib/settings.ts', 'lib/oidc-settings.ts']
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
  const names = [...source.matchAll(/^ {2,4}([A-Z][A-Z0-9_]+): /gm)].map(([, name = '']) => name);
  const rows = [...readPage('docs/settings.md').matchAll(/^\| `([A-Z][A-Z0-9_]+)` *\| (.+?) *\|/gm)];
  expect(rows.map(([, name]) => name).toSorted()).toEqual(names.toSorted());
  const parsed = parseSettings({});
  invariant(parsed.ok, 'all settings have defaults or are optional');
  const defaults = new Map<string, unknown>(Object.entries(parsed.value));
  const documented = rows.filter(([, name = '']) => defaults.get(name) !== undefined);
  expect(documented.map(([, name, shown]) => `${name} ${shown}`)).toEqual(
    documented.map(([, name = '']) => `${name} \`${[defaults.get(name)].flat().join(',')}\``),
  );
});

test('the runbook has a section for each reason for which a run is stopped', () => {
  const anchors = listAnchors(readPage('docs/runbook.md'));
  expect(Object.values(runbookSections).filter((section) => !anchors.includes(section))).toEqual([]);
  const ids = parseRunbook(readPage('docs/runbook.md')).flatMap((block) =>
    block.kind === 'heading' ? block.id : [],
  );
  // The app gives each heading the same anchor.
  expect(ids).toEqual(anchors);
});

describe('the table of rights in docs/operations.md', () => {
  const page = readPage('docs/operations.md');

  test('has each right with its roles', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` +\| ([a-z, ]+?) +\|/gm)].map(([, right, names]) => [
      right,
      names,
    ]);
    const rights = [...new Set(tokenRoles.flatMap((role) => listPermissions(role)))];
    const expected = rights.map((right) => [
      right,
      tokenRoles.filter((role) => listPermissions(role).includes(right)).join(', '),
    ]);
    expect(Object.fromEntries(rows)).toMatchObject(Object.fromEntries(expected));
    expect(rows.filter(([right]) => rights.some((each) => each === right))).toHaveLength(rights.length);
  });

  test('names all that needs a role without limits', () => {
    const [, text = ''] = /^Some of these concern everything, ([\s\S]*?)\n\n/m.exec(page) ?? [];
    const named = [...text.matchAll(/`([\w.]+)`/g)].map(([, name]) => name);
    const ofRights = ['audit', 'configure'];
    const others = [...verbNames, ...queryNames].filter(
      (name) => isInstallationWide(name) && !ofRights.includes(findNeed(name)),
    );
    expect(named.toSorted()).toEqual([...ofRights, ...others].toSorted());
  });
});

test('docs/dependencies.md says of each package that Spillway depends on why', () => {
  const { dependencies } = z
    .object({ dependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readPage('package.json')));
  const rows = [...readPage('docs/dependencies.md').matchAll(/^\| (\S+) +\| \S/gm)].map(([, name]) => name);
  const named = rows.filter((name) => name !== 'package' && !name?.startsWith('---'));
  expect(named.toSorted()).toEqual(Object.keys(dependencies).toSorted());
});

test('the README has at most 150 lines', () => {
  expect(readPage('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(150);
});

test('finds broken links, and accepts valid ones', () => {
  const text =
    '# A b: `c`\n[x](SECURITY.md) [x](#a-b-c) [x](https://x.test) `[x](gone.md)`\n```md\n[x](gone.md)\n```\n';
  expect(listBrokenLinks('README.md', text)).toEqual([]);
  const planted = ['gone.md', 'SECURITY.md#gone', '#gone', '../out.md'];
  expect(listBrokenLinks('README.md', planted.map((link) => `[x](${link})`).join('\n'))).toEqual(
    planted.map((link) => `README.md: ${link}`),
  );
});

test('finds files that do not exist', () => {
  expect(listMissingFiles('README.md', '`lib/settings.ts` `lib/gone.ts`')).toEqual([
    'README.md: lib/gone.ts',
  ]);
});
