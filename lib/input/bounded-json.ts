import { err, ok, type Result } from '@/lib/result';

/** The limits of a JSON text. */
export type JsonLimits = {
  /** Length of the text, in UTF-16 code units. */
  readonly length: number;
  /** Nesting depth of arrays and objects. */
  readonly depth: number;
  /** Number of values in total: members of objects, elements of arrays, and the outermost value. */
  readonly values: number;
  /** Members of one object, or elements of one array. */
  readonly members: number;
};

/** A limit that a text exceeds. */
export type JsonExcess = {
  readonly kind: 'tooLong' | 'tooDeep' | 'tooMany' | 'tooWide';
  readonly max: number;
};
export type JsonProblem = JsonExcess | { readonly kind: 'notJson'; readonly reason: string };

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openList = 0x5b;
const openObject = 0x7b;
const closeList = 0x5d;
const closeObject = 0x7d;

/**
 * Finds the limit that a text exceeds, in one pass that builds nothing. For a text that is not JSON the result is
 * unreliable.
 */
export function findJsonExcess(text: string, limits: JsonLimits): JsonExcess | null {
  if (text.length > limits.length) return { kind: 'tooLong', max: limits.length };
  /** The number of members so far of each open array and object. An empty one counts as one with one member. */
  const open: number[] = [];
  let values = 1;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isInString) {
      if (code === backslash) at += 1;
      else if (code === quote) isInString = false;
    } else if (code === quote) isInString = true;
    else if (code === openList || code === openObject) {
      if (open.push(1) > limits.depth) return { kind: 'tooDeep', max: limits.depth };
      values += 1;
    } else if (code === closeList || code === closeObject) open.pop();
    else if (code === comma) {
      const members = (open.pop() ?? 0) + 1;
      if (members > limits.members) return { kind: 'tooWide', max: limits.members };
      open.push(members);
      values += 1;
    }
    if (values > limits.values) return { kind: 'tooMany', max: limits.values };
  }
  return null;
}

/**
 * Parses untrusted JSON. Checks its size, depth and number of values before building anything from it, in time
 * proportional to its length.
 */
export function parseBoundedJson(text: string, limits: JsonLimits): Result<unknown, JsonProblem> {
  const excess = findJsonExcess(text, limits);
  return excess === null ? parseJson(text) : err(excess);
}

/** Parses JSON that `findJsonExcess` has checked. */
export function parseJson(text: string): Result<unknown, JsonProblem> {
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    return err({ kind: 'notJson', reason: error instanceof Error ? error.message : String(error) });
  }
}
