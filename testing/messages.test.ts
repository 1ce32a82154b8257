import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { messages } from '@/lib/messages/messages';
import { type Pattern, readMessageKeys } from './message-keys';

const root = fileURLToPath(new URL('..', import.meta.url));

const sources = ['app', 'components', 'lib'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
    .map((name) => readMessageKeys(name, readFileSync(join(root, folder, name), 'utf8'))),
);
const words = new Set(sources.flatMap((source) => [...source.words]));

/**
 * Returns whether a text can be a dynamic part of a key: the code contains it, or each of its segments, as a string.
 */
const isWritten = (text: string) => words.has(text) || text.split('.').every((part) => words.has(part));

/** Returns whether a text has the parts of a pattern, in order, with strings of the code between them. */
function matches([first = '', ...others]: Pattern, text: string): boolean {
  if (others.length === 0) return text === first;
  if (!text.startsWith(first)) return false;
  const rest = text.slice(first.length);
  const [next = ''] = others;
  const isLast = others.length === 1;
  for (let end = isLast ? rest.length - next.length : 1; end <= rest.length - next.length; end += 1) {
    if (end < 1 || rest.slice(end, end + next.length) !== next) continue;
    if (isWritten(rest.slice(0, end)) && matches([next, ...others.slice(1)], rest.slice(end))) return true;
  }
  return false;
}

const uses = [
  ...new Map(sources.flatMap((source) => source.uses).map((use) => [use.join('*'), use])).values(),
];

/** Lists all keys, with those of nested objects joined by dots. */
function listKeys(below: object, prefix = ''): readonly (readonly [key: string, text: string])[] {
  return Object.entries(below).flatMap(([name, value]) =>
    typeof value === 'string' ? [[`${prefix}${name}`, value] as const] : listKeys(value, `${prefix}${name}.`),
  );
}

/** Returns the keys that no use can refer to. */
function findUnused(keys: readonly string[]): readonly string[] {
  const exact = new Set(uses.filter((use) => use.length === 1).map(([key]) => key));
  const open = uses.filter((use) => use.length > 1);
  return keys.filter((key) => !exact.has(key) && !open.some((use) => matches(use, key)));
}

/** Returns the literal keys without a text. For translators with a namespace, the types check this. */
function findMissing(used: readonly Pattern[]): readonly string[] {
  const known = new Set<string>();
  for (const [key] of listKeys(messages))
    for (const [n] of key.split('.').entries())
      known.add(
        key
          .split('.')
          .slice(0, n + 1)
          .join('.'),
      );
  return used.flatMap(([key = '', ...open]) => (open.length === 0 && !known.has(key) ? [key] : []));
}

test('every literal key has a text', () => {
  expect(findMissing([['run.chart.kind.ready'], ['run.chart.kind.noSuchKind']])).toEqual([
    'run.chart.kind.noSuchKind',
  ]);
  expect(findMissing(uses)).toEqual([]);
});

// Keys with parts from data are checked by the types: see `lib/messages/messages.ts`.
test('every text is used', () => {
  expect(findUnused(['estate.title', 'estate.noSuchKey', 'run.state.noSuchState'])).toEqual([
    'estate.noSuchKey',
    'run.state.noSuchState',
  ]);
  expect(findUnused(listKeys(messages).map(([key]) => key))).toEqual([]);
});

test('every text has the same kind of apostrophe', () => {
  expect(listKeys(messages).filter(([, text]) => text.includes('’'))).toEqual([]);
});
