import 'server-only';
import { operations } from './operations';
import type { Operation } from './operations/operation';

/** Returns the path parameters of a path; null = the template is that of another one. */
function matchPath(
  template: readonly string[],
  path: readonly string[],
): Readonly<Record<string, string>> | null {
  if (template.length !== path.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const value = path[index] ?? '';
    if (!part.startsWith('{')) {
      if (part !== value) return null;
    } else if (value === '') return null;
    else params[part.slice(1, -1)] = value;
  }
  return params;
}

/** Decodes the segments of a path; null = one is not valid. */
function decodePath(path: string): readonly string[] | null {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    return null;
  }
}

/** Templates without parameters first: `/plans/schema` is no plan. */
const ordered = operations
  .map((operation) => ({ operation, template: operation.path.split('/') }))
  .sort((a, b) => countParams(a.operation) - countParams(b.operation));

function countParams({ path }: Operation): number {
  return path.split('{').length - 1;
}

type FoundOperation = {
  readonly operation: Operation;
  readonly path: Readonly<Record<string, string>>;
};

/**
 * Finds the operation of a request.
 * @param path below `/api/v1`
 * @returns the operation, or the methods that the path accepts; empty = there is no such path
 */
export function findOperation(method: string, path: string): FoundOperation | readonly string[] {
  const segments = decodePath(path);
  if (segments === null) return [];
  const found = ordered.flatMap(({ operation, template }) => {
    const params = matchPath(template, segments);
    return params === null ? [] : [{ operation, path: params }];
  });
  const match = found.find(({ operation }) => operation.method === method);
  return match ?? found.map(({ operation }) => operation.method);
}
