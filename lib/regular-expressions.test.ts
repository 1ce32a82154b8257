import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'oxc-parser';
import { check } from 'recheck';
import { describe, expect, it } from 'vitest';

/*
 * A regular expression that backtracks can take seconds for one long text, and the whole process waits for it
 * (https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS). So each of ours must take a time
 * that grows with the text's length alone, whatever the text.
 */

const root = fileURLToPath(new URL('..', import.meta.url));

/** Expressions that are no constants, by file, and why they may be. */
const made: Readonly<Record<string, string>> = {
  'lib/sandbox/data-plane/match.ts':
    'The rules of the sandbox are its operator’s own, have the syntax of nginx, and run in the sandbox’s process alone.',
};

type Expression = { readonly file: string; readonly source: string; readonly flags: string };

/** The regular expressions of a file, and whether it makes any that is no constant. */
function expressionsOf(file: string, code: string): { constants: readonly Expression[]; makes: boolean } {
  const constants: Expression[] = [];
  let makes = false;
  const made = ({ start, end }: { start: number; end: number }) => {
    if (code.slice(start, end) === 'RegExp') makes = true;
  };
  new Visitor({
    Literal(node) {
      if ('regex' in node) constants.push({ file, source: node.regex.pattern, flags: node.regex.flags });
    },
    NewExpression(node) {
      made(node.callee);
    },
    CallExpression(node) {
      made(node.callee);
    },
  }).visit(parseSync(file, code).program);
  return { constants, makes };
}

/** What the app runs: tests may be slow. */
const files = ['app', 'components', 'e2e', 'lib'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => /\.(tsx?|mjs)$/.test(name) && !/\.(test|e2e)\.tsx?$|(^|\/)test-[^/]+$/.test(name)),
);

/** How long it takes in the length of the text; null where that is linear or less. */
async function slownessOf({ source, flags }: Pick<Expression, 'source' | 'flags'>): Promise<string | null> {
  const found = await check(source, flags, { timeout: null, randomSeed: 1 });
  if (found.status === 'safe') return null;
  return found.status === 'vulnerable' ? found.complexity.summary : 'unknown';
}

describe('the regular expressions of the project', () => {
  const found = files.map((file) => ({
    file,
    ...expressionsOf(file, readFileSync(join(root, file), 'utf8')),
  }));

  it('take linear time', { timeout: 120_000 }, async () => {
    const unique = new Map(
      found.flatMap(({ constants }) => constants).map((each) => [`/${each.source}/${each.flags}`, each]),
    );
    expect(unique.size).toBeGreaterThan(150);
    const slow: string[] = [];
    for (const [written, expression] of unique) {
      const slowness = await slownessOf(expression);
      if (slowness !== null) slow.push(`${expression.file}: ${written} takes ${slowness} time`);
    }
    expect(slow).toEqual([]);
  });

  it('are constants, where no reason is given', () => {
    expect(found.filter(({ makes }) => makes).map(({ file }) => file)).toEqual(Object.keys(made));
  });
});

it.each([
  ['/^(a+)+$/', 'exponential'],
  ['/^[0-9a-f:]*:[0-9a-f:]+$/', '2nd degree polynomial'],
])('finds a slow one: %s', async (written, slowness) => {
  const { constants } = expressionsOf('x.ts', `export const x = ${written};`);
  expect(await Promise.all(constants.map(slownessOf))).toEqual([slowness]);
});

it.each(['new RegExp(text)', 'RegExp(text, "i")'])('finds one that is made: %s', (written) => {
  expect(expressionsOf('x.ts', `export const x = (text: string) => ${written};`).makes).toBe(true);
});
