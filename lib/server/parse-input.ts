import { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import { findUnstorable } from '@/lib/input/outside-text';
import { findUnknownFields } from '@/lib/input/unknown-fields';
import { ok, type Result } from '@/lib/result';
import { refuse, refuseFields, refuseInput } from '@/lib/store/refusal';

/**
 * The limits of an action's input. The largest inputs of the pages are a diversion of 40 routes with 20 targets each,
 * and some thousand drifted objects accepted at once.
 */
const limits = { depth: 16, values: 50_000, members: 5000 };
/** The maximum number of reported texts that the database can't store. */
const namedMax = 20;

/** Returns whether a value exceeds the limits, without recursion and without visiting more than they allow. */
function isTooLarge(input: unknown): boolean {
  const open = [{ value: input, depth: 0 }];
  let seen = 1;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    const members = Object.values(value);
    seen += members.length;
    if (members.length > limits.members || seen > limits.values || depth >= limits.depth) return true;
    for (const member of members) open.push({ value: member, depth: depth + 1 });
  }
  return false;
}

/**
 * Parses the input of an action. Its size, depth and texts are checked before anything else: text that the database
 * can't store is refused at its field. A field that the schema doesn't have is refused with the nearest known one.
 * @param dropsUnknown drops such a field instead
 * @returns the parsed input, or every invalid field at once
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  dropsUnknown = false,
): Result<z.output<Schema>, ActionError> {
  if (isTooLarge(input)) return refuse('input.tooLarge');
  const unstorable = findUnstorable(input, namedMax);
  if (unstorable.length > 0)
    return refuseFields(
      Object.fromEntries(unstorable.map((path) => [path.join('.') || 'input', ['text.unstorable']])),
    );
  const [unknown] = dropsUnknown ? [] : findUnknownFields(schema, input);
  if (unknown !== undefined)
    return refuse('input.unknownField', {
      field: unknown.path.join('.'),
      nearest: unknown.nearest ?? 'none',
    });
  const parsed = schema.safeParse(input);
  return parsed.success ? ok(parsed.data) : refuseInput(parsed.error);
}

const FileText = z.string();

/**
 * Parses the input of an action that takes a file, whose content has limits of its own: it is a text, or missing.
 */
export function parseFileText(input: unknown): Result<string, ActionError> {
  const text = FileText.safeParse(input);
  return text.success ? ok(text.data) : refuse('input.noFile');
}
