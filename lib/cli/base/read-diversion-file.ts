import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { diversionFileVersion } from '@/lib/contract/diversion-file';
import { listUnknownFaults } from '@/lib/input/unknown-fields';
import { CliError, exitCodes } from './exit-codes';

/** The frame of a diversion file; the server checks the diversion. */
const Frame = z.strictObject({
  apiVersion: z.literal(diversionFileVersion),
  connection: z.string().min(1),
  id: z.string().optional(),
  diversion: z.record(z.string(), z.unknown()),
});

/** A diversion file as it was read. */
export type ReadFile = z.infer<typeof Frame> & {
  /** Relative to the working directory. */
  readonly file: string;
  /** Returns the line of a field of the diversion, such as `routes.0.domain`; null = it has none. */
  findLine(field: string): number | null;
};

const fileMax = 1_000_000;

/** Lists the files that are named: a folder stands for the YAML and JSON files in it. */
function listFiles(cwd: string, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const path = resolve(cwd, name);
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path)
      .filter((each) => /\.(ya?ml|json)$/.test(each))
      .toSorted()
      .map((each) => join(path, each));
  });
}

function readOne(cwd: string, path: string): ReadFile {
  const file = relative(cwd, path) || path;
  const text = readFileSync(path, 'utf8');
  if (text.length > fileMax) throw new CliError(exitCodes.invalid, `${file} is too large for a diversion.`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  const [first] = document.errors;
  if (first !== undefined) throw new CliError(exitCodes.invalid, `${file}: ${first.message}`);
  const findLine = (keys: readonly string[]): number | null => {
    for (let length = keys.length; length > 0; length -= 1) {
      const node: unknown = document.getIn(keys.slice(0, length), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return null;
  };
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  const parsed = Frame.safeParse(value);
  if (!parsed.success) {
    const faults = [
      ...listUnknownFaults(Frame, value),
      ...parsed.error.issues.filter(({ code }) => code !== 'unrecognized_keys'),
    ];
    const problems = faults.map(({ path: keys, message }) => {
      const line = findLine(keys.map(String));
      return `${file}${line === null ? '' : `:${line}`}: ${keys.join('.') || 'file'}: ${message}`;
    });
    throw new CliError(exitCodes.invalid, problems.join('\n'), 'See docs/cli.md for the format.');
  }
  return { ...parsed.data, file, findLine: (field) => findLine(['diversion', ...field.split('.')]) };
}

/** Reads diversion files; `names` are files and folders. */
export function readDiversionFiles(cwd: string, names: readonly string[]): readonly ReadFile[] {
  try {
    return listFiles(cwd, names).map((path) => readOne(cwd, path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new CliError(exitCodes.invalid, error.message.replace(/, \w+ '/, ": '"), 'Check the file name.');
    throw error;
  }
}
