import { z } from 'zod';

/** A field that a schema doesn't have. */
export type UnknownField = {
  readonly path: readonly string[];
  /** The field of the same object with the most similar name; null = none is similar. */
  readonly nearest: string | null;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns the number of letters to insert, remove or replace (Levenshtein distance). */
function countEdits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** Returns the most similar of the known names: a third of its letters may differ; null = none is similar. */
export function findNearestName(name: string, known: readonly string[]): string | null {
  // A longer name is no misspelling, and the comparison takes the product of both lengths.
  if (name.length > 80) return null;
  const [nearest] = known
    .map((each) => ({ each, edits: countEdits(name.toLowerCase(), each.toLowerCase()) }))
    .filter(({ each, edits }) => edits <= each.length / 3)
    .toSorted((a, b) => a.edits - b.edits);
  return nearest?.each ?? null;
}

/** Returns the schema below those that only wrap one, such as optional, default and readonly. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = schema._zod;
  if ('innerType' in def && def.innerType instanceof z.core.$ZodType) return unwrap(def.innerType);
  if (schema instanceof z.core.$ZodLazy) return unwrap(schema._zod.def.getter());
  if (schema instanceof z.core.$ZodPipe) return unwrap(schema._zod.def.in);
  return schema;
}

/** Returns the unknown fields by the option of a union that fits the value best. */
function findInUnion(
  options: readonly z.core.$ZodType[],
  value: unknown,
  path: readonly string[],
): readonly UnknownField[] {
  const shaped = options.filter((option) => {
    const inner = unwrap(option);
    if (Array.isArray(value)) return inner instanceof z.core.$ZodArray;
    return !(inner instanceof z.core.$ZodArray) && !(inner instanceof z.core.$ZodLiteral);
  });
  const fitting = shaped.filter((option) => z.core.safeParse(option, value).success);
  const named = shaped.filter((option) => {
    const inner = unwrap(option);
    if (!(inner instanceof z.core.$ZodObject) || !isObject(value)) return false;
    const literals = Object.entries(inner._zod.def.shape).filter(
      ([, field]) => unwrap(field) instanceof z.core.$ZodLiteral,
    );
    return (
      literals.length > 0 && literals.every(([name, field]) => z.core.safeParse(field, value[name]).success)
    );
  });
  const candidates = [fitting, named, shaped].find((each) => each.length > 0) ?? [];
  const [best = []] = candidates
    .map((option) => findUnknownFields(option, value, path))
    .toSorted((a, b) => a.length - b.length);
  return best;
}

/**
 * Returns the fields of a value that its schema doesn't have, at any depth: parsing drops them, and a misspelled option
 * would be ignored. An object whose schema accepts other fields has no unknown ones.
 */
export function findUnknownFields(
  wrapped: z.core.$ZodType,
  value: unknown,
  path: readonly string[] = [],
): readonly UnknownField[] {
  if (typeof value !== 'object' || value === null) return [];
  const schema = unwrap(wrapped);
  if (schema instanceof z.core.$ZodUnion) return findInUnion(schema._zod.def.options, value, path);
  if (schema instanceof z.core.$ZodArray && Array.isArray(value)) {
    // A list that is too long is refused as a whole, before its items are parsed.
    const { checks = [] } = schema._zod.def;
    if (
      checks.some((each) => each instanceof z.core.$ZodCheckMaxLength && value.length > each._zod.def.maximum)
    )
      return [];
    return value.flatMap((each, place) =>
      findUnknownFields(schema._zod.def.element, each, [...path, String(place)]),
    );
  }
  if (schema instanceof z.core.$ZodRecord && isObject(value))
    return Object.entries(value).flatMap(([name, each]) =>
      findUnknownFields(schema._zod.def.valueType, each, [...path, name]),
    );
  if (!(schema instanceof z.core.$ZodObject) || !isObject(value)) return [];
  const { shape, catchall } = schema._zod.def;
  const isOpen = catchall !== undefined && !(catchall instanceof z.core.$ZodNever);
  return Object.entries(value).flatMap(([name, each]) => {
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (field !== undefined) return findUnknownFields(field, each, [...path, name]);
    if (isOpen) return [];
    // Compared only when it is read: a request may have thousands of unknown fields, of which a refusal names few.
    return [
      {
        path: [...path, name],
        get nearest() {
          return findNearestName(name, Object.keys(shape));
        },
      },
    ];
  });
}

/** Describes the unknown fields of a file in English, as a parse describes other faults. */
export function listUnknownFaults(
  schema: z.core.$ZodType,
  value: unknown,
): readonly { readonly path: readonly string[]; readonly message: string }[] {
  return findUnknownFields(schema, value).map(({ path, nearest }) => ({
    path,
    message: `There is no such field. ${nearest === null ? 'Remove it.' : `Did you mean “${nearest}”?`}`,
  }));
}

/**
 * Refuses unknown fields in a JSON Schema, as `findUnknownFields` does: an `override` of `z.toJSONSchema`, which leaves
 * the objects of an input open.
 */
export function closeObjects({
  zodSchema,
  jsonSchema,
}: {
  readonly zodSchema: z.core.$ZodTypes;
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  if (zodSchema._zod.def.type === 'object') jsonSchema.additionalProperties ??= false;
}
