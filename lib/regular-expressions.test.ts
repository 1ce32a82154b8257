import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'oxc-parser';
import { check } from 'recheck';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

/*
 * A regular expression that backtracks can take seconds for one long text, and blocks the whole process
 * (https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS). Each of ours must therefore
 * run in time linear in the text's length, for any text.
 */

const root = fileURLToPath(new URL('..', import.meta.url));

/** Expressions that are not constants, by file, and why they are allowed. */
const made: Readonly<Record<string, string>> = {
  'lib/sandbox/data-plane/http/match.ts':
    'The rules of the sandbox and of the account are their operator’s own, have the syntax of nginx, and run in processes of the sandbox and of rehearsals alone.',
};

type Expression = { readonly file: string; readonly source: string; readonly flags: string };

/** Returns the regular expressions of a file, and whether it builds any that is not a constant. */
function listExpressions(file: string, code: string): { constants: readonly Expression[]; makes: boolean } {
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

/** The code that the app runs: tests may be slow. */
const files = [
  ...readdirSync(root),
  ...['app', 'components', 'e2e', 'lib'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ),
].filter((name) => /\.(tsx?|[cm]?js)$/.test(name) && !/\.(test|e2e)\.tsx?$|(^|\/)test-[^/]+$/.test(name));

/** The formats of Zod with an expression that this code uses, such as `z.email()`, and those that depend on options. */
function listFormats(): readonly (readonly [name: string, pattern: RegExp])[] {
  const used = new Set(
    files.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/\bz\.((?:iso\.)?[a-z]\w*)\(/g)].map(
        ([, name]) => name ?? '',
      ),
    ),
  );
  const makers: Readonly<Record<string, unknown>> = {
    ...z,
    ...Object.fromEntries(Object.entries(z.iso).map(([name, make]) => [`iso.${name}`, make])),
    'iso.datetime of any offset': () => z.iso.datetime({ offset: true }),
  };
  return [...used, 'iso.datetime of any offset'].flatMap((name) => {
    const make = makers[name];
    if (typeof make !== 'function' || !/^[a-z]/.test(name)) return [];
    let schema: unknown;
    try {
      schema = make();
    } catch {
      // It needs parameters, so it is no format.
      return [];
    }
    return schema instanceof z.ZodType && 'pattern' in schema.def && schema.def.pattern instanceof RegExp
      ? [[name, schema.def.pattern] as const]
      : [];
  });
}

/** Returns how the run time grows with the length of the text; null if it is linear or less. */
async function findSlowness({ source, flags }: Pick<Expression, 'source' | 'flags'>): Promise<string | null> {
  const found = await check(source, flags, {
    timeout: null,
    randomSeed: 1,
    // By steps alone: on a busy machine a linear expression takes longer than these, too, and would count as slow.
    incubationTimeout: null,
    attackTimeout: null,
  });
  if (found.status === 'safe') return null;
  return found.status === 'vulnerable' ? found.complexity.summary : 'unknown';
}

describe('the regular expressions of the project', () => {
  const found = files.map((file) => ({
    file,
    ...listExpressions(file, readFileSync(join(root, file), 'utf8')),
  }));

  const unique = new Map(
    found.flatMap(({ constants }) => constants).map((each) => [`/${each.source}/${each.flags}`, each]),
  );

  it('are found', () => {
    expect(unique.size).toBeGreaterThan(150);
  });

  // One test each: all of them together may take minutes on a busy machine.
  it.each([...unique])('take linear time: %s', async (_written, expression) => {
    const slowness = await findSlowness(expression);
    expect(slowness, expression.file).toBeNull();
  });

  it.each(listFormats())('take linear time: the format %s of Zod', async (_name, { source, flags }) => {
    expect(await findSlowness({ source, flags })).toBeNull();
  });

  it('are constants, unless a reason is given', () => {
    expect(found.filter(({ makes }) => makes).map(({ file }) => file)).toEqual(Object.keys(made));
  });
});

it.each([
  ['/^(a+)+$/', 'exponential'],
  ['/^[0-9a-f:]*:[0-9a-f:]+$/', '2nd degree polynomial'],
])('detects a slow one: %s', async (written, slowness) => {
  const { constants } = listExpressions('x.ts', `export const x = ${written};`);
  expect(await Promise.all(constants.map(findSlowness))).toEqual([slowness]);
});

it.each(['new RegExp(text)', 'RegExp(text, "i")'])('detects one that is built at run time: %s', (written) => {
  expect(listExpressions('x.ts', `export const x = (text: string) => ${written};`).makes).toBe(true);
});
