import 'server-only';
import type { ActionError } from '@/lib/client/views';
import { ok, type Result } from '@/lib/result';
import { refuseFields, refuseInput } from '@/lib/server/refusal';
import {
  type JsonSchema,
  listPathParams,
  readBodySchema,
  readInputSchema,
  readQuerySchema,
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

/** Refuses names that are not in a schema, since a misspelled option would be ignored. */
function refuseUnknown(
  names: Iterable<string>,
  { properties = {} }: JsonSchema,
  message: string,
): Result<null, ActionError> {
  const unknown = [...new Set(names)].filter((name) => !Object.hasOwn(properties, name));
  if (unknown.length === 0) return ok(null);
  return refuseFields(Object.fromEntries(unknown.slice(0, 20).map((name) => [name, [message]])));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function checkQuery(operation: Operation, query: URLSearchParams): Result<null, ActionError> {
  const { properties = {} } = readQuerySchema(operation);
  const paged = operation.list === undefined ? {} : pageParameters;
  const known = refuseUnknown(
    query.keys(),
    { properties: { ...properties, ...paged } },
    'request.unknownParameter',
  );
  if (!known.ok || operation.query === undefined) return known;
  const parsed = operation.query.safeParse(readQuery(query, { properties }));
  return parsed.success ? ok(null) : refuseInput(parsed.error);
}

function checkBody(operation: Operation, body: unknown): Result<null, ActionError> {
  const schema = readBodySchema(operation);
  if (body === undefined || operation.file !== undefined) return ok(null);
  if (schema === null)
    return isObject(body) && Object.keys(body).length > 0 ? refuseUnknownBody(body) : ok(null);
  if (schema.properties === undefined) return ok(null);
  if (!isObject(body)) return refuseFields({ input: ['request.notObject'] });
  return refuseUnknown(Object.keys(body), schema, 'request.unknownField');
}

function refuseUnknownBody(body: Readonly<Record<string, unknown>>): Result<null, ActionError> {
  return refuseUnknown(Object.keys(body), {}, 'request.unknownField');
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
