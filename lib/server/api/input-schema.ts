import 'server-only';
import { z } from 'zod';
import { closeObjects } from '@/lib/input/unknown-fields';
import { findDefinition } from '@/lib/server/definitions';
import type { Operation } from './operations/operation';

/** The parts of a JSON Schema that are read here. */
export type JsonSchema = {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
};

/** Writes a schema as JSON Schema, draft 2020-12, as OpenAPI 3.1 takes it. */
export function toJsonSchema(schema: z.ZodType, io: 'input' | 'output' = 'input'): JsonSchema {
  const { $schema: _dialect, ...written } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: closeObjects,
  });
  const plain: JsonSchema = JSON.parse(JSON.stringify(written));
  return plain;
}

/** Returns the schema of an operation's input; null = it has none. */
export function readSchema(operation: Operation): z.ZodType | null {
  return operation.input ?? findDefinition(operation.name)?.schema ?? null;
}

const inputs = new Map<Operation, JsonSchema | null>();

/** Returns the JSON Schema of an operation's input; null = it has none, or is a file. */
export function readInputSchema(operation: Operation): JsonSchema | null {
  const known = inputs.get(operation);
  if (known !== undefined) return known;
  const schema = readSchema(operation);
  const isEmpty = schema === null || schema.type === 'void' || operation.file !== undefined;
  const written = isEmpty ? null : toJsonSchema(schema);
  inputs.set(operation, written);
  return written;
}

/** Returns the names of the parameters in an operation's path. */
export function listPathParams({ path }: Pick<Operation, 'path'>): readonly string[] {
  return path
    .split('/')
    .filter((part) => part.startsWith('{'))
    .map((part) => part.slice(1, -1));
}

/** Returns the schemas of an operation's query parameters by name, without those of pages; only reads have any. */
export function readQuerySchema(operation: Operation): JsonSchema {
  if (operation.method !== 'GET') return {};
  if (operation.query !== undefined) return toJsonSchema(operation.query);
  if (operation.toInput !== undefined) return {};
  const { properties = {}, required = [] } = readInputSchema(operation) ?? {};
  const inPath = new Set(listPathParams(operation));
  return {
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !inPath.has(name))),
    required: required.filter((name) => !inPath.has(name)),
  };
}

/** Returns the JSON Schema of an operation's body; null = it takes none. */
export function readBodySchema(operation: Operation): JsonSchema | null {
  if (operation.method === 'GET') return null;
  if (operation.file !== undefined) return { ...operation.file.schema() };
  const schema = readInputSchema(operation);
  const inPath = new Set(listPathParams(operation));
  // The input is the path parameter alone.
  if (schema === null || (schema.properties === undefined && inPath.size > 0)) return null;
  if (schema.properties === undefined) return schema;
  const properties = Object.entries(schema.properties).filter(([name]) => !inPath.has(name));
  if (properties.length === 0) return null;
  return {
    ...schema,
    properties: Object.fromEntries(properties),
    required: (schema.required ?? []).filter((name) => !inPath.has(name)),
    additionalProperties: false,
  };
}
