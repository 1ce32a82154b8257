import 'server-only';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { JsonSchema } from './input-schema';
import type { Operation } from './operations/operation';

const Schema = z.record(z.string(), z.unknown());
const File = z.object({ schemas: z.record(z.string(), Schema), answers: z.record(z.string(), Schema) });

let read: z.infer<typeof File> | null = null;

/** Reads the schemas that the build makes of the types of answers (`lib/launch/generate-answers.mjs`). */
function readFile(): z.infer<typeof File> {
  const path = join(process.cwd(), 'lib/server/api/generated/answers.json');
  try {
    read ??= File.parse(JSON.parse(readFileSync(path, 'utf8')));
    return read;
  } catch (cause) {
    throw new Error('The schemas of answers are missing: run npm run schemas.', { cause });
  }
}

const isNull = ({ type }: JsonSchema) => type === 'null';

/**
 * Returns the schema of the value of an operation, with references among `listAnswerParts`; null = it has no value. That an object
 * is missing is no value of a read: the API answers 404.
 */
export function getAnswerSchema({ name }: Pick<Operation, 'name'>): JsonSchema | null {
  const schema: JsonSchema | undefined = readFile().answers[name];
  if (schema === undefined)
    throw new Error(`There is no schema of the answer of ${name}: run npm run schemas.`);
  if (isNull(schema)) return null;
  if (!Array.isArray(schema.anyOf)) return schema;
  const values = schema.anyOf.filter((each) => !isNull(each));
  const { anyOf: _all, ...rest } = schema;
  return values.length === 1 ? { ...rest, ...values[0] } : { ...schema, anyOf: values };
}

/** Returns the schemas that the answers have in common, by the name of their component. */
export const listAnswerParts = (): Readonly<Record<string, JsonSchema>> => readFile().schemas;
