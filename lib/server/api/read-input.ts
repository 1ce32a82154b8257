import 'server-only';
import { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import { findNearestName, findUnknownFields, type UnknownField } from '@/lib/input/unknown-fields';
import { ok, type Result } from '@/lib/result';
import { refuseFields, refuseInput, refuseUnknownFields } from '@/lib/store/refusal';
import {
  type JsonSchema,
  listPathParams,
  readBodySchema,
  readInputSchema,
  readQuerySchema,
  readSchema,
} from './input-schema';
import type { Operation, RequestParts } from './operations/operation';
import { pageParameters } from './paging';

/** Reads a parameter as its schema wants it; a text that is no number stays text, which the schema refuses. */
function readParameter(values: readonly string[], { type, anyOf }: JsonSchema): unknown {
  const [first = ''] = values;
  const types = [type, ...(Array.isArray(anyOf) ? anyOf.map((each) => each.type) : [])];
  if (types.includes('array')) return values;
  if (types.includes('integer') || types.includes('number')) {
    const number = Number(first);
    return first.trim() === '' || Number.isNaN(number) ? first : number;
  }
  if (types.includes('boolean')) return first === 'true' ? true : first === 'false' ? false : first;
  return first;
}

function readQuery(query: URLSearchParams, { properties = {} }: JsonSchema): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, schema]) =>
      query.has(name) ? [[name, readParameter(query.getAll(name), schema)]] : [],
    ),
  );
}

/** Returns the names that are not in a schema. */
function listUnknown(
  names: Iterable<string>,
  { properties = {} }: Pick<JsonSchema, 'properties'>,
): readonly UnknownField[] {
  return [...new Set(names)]
    .filter((name) => !Object.hasOwn(properties, name))
    .map((name) => ({ path: [name], nearest: findNearestName(name, Object.keys(properties)) }));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function checkQuery(operation: Operation, query: URLSearchParams): Result<null, ActionError> {
  const { properties = {} } = readQuerySchema(operation);
  const paged = operation.list === undefined ? {} : pageParameters;
  const unknown = listUnknown(query.keys(), { properties: { ...properties, ...paged } });
  if (unknown.length > 0) return refuseUnknownFields(unknown, 'request.unknownParameter');
  if (operation.query === undefined) return ok(null);
  const parsed = operation.query.safeParse(readQuery(query, { properties }));
  return parsed.success ? ok(null) : refuseInput(parsed.error);
}

function checkBody(operation: Operation, body: unknown): Result<null, ActionError> {
  if (body === undefined || operation.file !== undefined) return ok(null);
  const schema = readBodySchema(operation);
  if (schema !== null && schema.properties === undefined) return ok(null);
  if (!isObject(body)) return schema === null ? ok(null) : refuseFields({ input: ['request.notObject'] });
  const unknown = [
    ...listUnknown(Object.keys(body), schema ?? {}),
    // Those at the top are found above, where the names of the path's parameters aren't fields of the body either.
    ...findUnknownFields(readSchema(operation) ?? z.unknown(), body).filter(({ path }) => path.length > 1),
  ];
  return unknown.length === 0 ? ok(null) : refuseUnknownFields(unknown, 'request.unknownField');
}

/**
 * Makes the input of an operation from the parts of a request. Names that the operation does not have are refused; the
 * verb or the query checks the values.
 */
export function readInput(operation: Operation, parts: RequestParts): Result<unknown, ActionError> {
  const { path, query, body } = parts;
  const named = checkQuery(operation, query);
  if (!named.ok) return named;
  const sent = checkBody(operation, body);
  if (!sent.ok) return sent;
  if (operation.file !== undefined) return ok(body);
  if (operation.toInput !== undefined) return ok(operation.toInput(parts));
  const schema = readInputSchema(operation);
  if (schema === null) return ok(undefined);
  const [only = ''] = listPathParams(operation);
  if (schema.properties === undefined)
    return ok(only === '' ? body : readParameter([path[only] ?? ''], schema));
  const { properties } = schema;
  const fromPath = Object.entries(path).map(([name, value]) => [
    name,
    readParameter([value], properties[name] ?? {}),
  ]);
  const others = operation.method === 'GET' ? readQuery(query, schema) : isObject(body) ? body : {};
  return ok({ ...others, ...Object.fromEntries(fromPath) });
}
