import 'server-only';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { problemType } from '@/lib/contract/problem';
import { mayUse, roles } from '@/lib/policy/roles';
import { spillwayVersion } from '@/lib/version';
import {
  type JsonSchema,
  listPathParams,
  readBodySchema,
  readInputSchema,
  readQuerySchema,
  toJsonSchema,
} from './input-schema';
import { sections } from './operations';
import type { Operation } from './operations/operation';
import { pageParameters } from './paging';

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

type Parameter = {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
};

/** Returns the parameters of an operation, those of its path first. */
export function listParameters(operation: Operation): readonly Parameter[] {
  const input = readInputSchema(operation);
  const inPath = listPathParams(operation).map((name): Parameter => {
    const own = input?.properties === undefined ? input : input.properties[name];
    const { default: _default, ...schema } = own ?? { type: 'string' };
    return {
      name,
      in: 'path',
      required: true,
      schema: schema.type === undefined ? { type: 'string' } : schema,
    };
  });
  const { properties = {}, required = [] } = readQuerySchema(operation);
  const paged = operation.list === undefined ? {} : pageParameters;
  const inQuery = Object.entries({ ...properties, ...paged }).map(([name, schema]): Parameter => {
    const isRequired = required.includes(name) && schema.default === undefined;
    return { name, in: 'query', required: isRequired, schema };
  });
  const key: Parameter = {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'A repeated request with the same key and body does nothing and gets the first answer, for a day.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  };
  return [...inPath, ...inQuery, ...(operation.method === 'GET' ? [] : [key])];
}

/** Returns the schema of the items of a `KeysetPage`. */
const getItems = (page: JsonSchema | null): JsonSchema => page?.properties?.items ?? { type: 'array' };

/** Returns the schema of an operation's JSON answer; null = it is text, or no value. */
export function readAnswerSchema(operation: Operation): JsonSchema | null {
  const { answer, list, text } = operation;
  if (text !== undefined) return null;
  const own = answer === undefined ? getAnswerSchema(operation) : toJsonSchema(answer, 'output');
  const nextCursor: JsonSchema = { type: ['string', 'null'] };
  if (list === 'rows')
    return {
      ...own,
      type: 'object',
      properties: { ...own?.properties, nextCursor },
      required: ['nextCursor'],
    };
  if (list !== undefined) {
    const items = list === 'keyset' && answer === undefined ? getItems(own) : (own ?? { type: 'array' });
    return { type: 'object', properties: { items, nextCursor }, required: ['items', 'nextCursor'] };
  }
  return own;
}

function describeAnswers(operation: Operation): object {
  const schema = readAnswerSchema(operation);
  const isRead = operation.method === 'GET';
  const content =
    operation.text === undefined
      ? { 'application/json': { schema: schema ?? {} } }
      : { '*/*': { schema: { type: 'string' } } };
  const hasValue = isRead || schema !== null;
  return {
    ...(hasValue && { 200: { description: 'Done.', content } }),
    ...(!hasValue && { 204: { description: 'Done.' } }),
    default: { $ref: '#/components/responses/Problem' },
  };
}

/**
 * Moves the definitions of a schema to the components of the document: references within a document start at its root.
 * @param schemas gets them
 */
function hoistDefinitions(name: string, schema: JsonSchema, schemas: Record<string, JsonSchema>): JsonSchema {
  const { $defs, ...written } = schema;
  if (typeof $defs !== 'object' || $defs === null) return schema;
  const prefix = name.replace('.', '_');
  const text = JSON.stringify([written, $defs]).replaceAll('"#/$defs/', `"#/components/schemas/${prefix}_`);
  const [moved, definitions]: [JsonSchema, Record<string, JsonSchema>] = JSON.parse(text);
  for (const [part, definition] of Object.entries(definitions)) schemas[`${prefix}_${part}`] = definition;
  return moved;
}

function describeBody(operation: Operation, schemas: Record<string, JsonSchema>): object {
  const own = readBodySchema(operation);
  if (own === null) return {};
  const schema = hoistDefinitions(operation.name, own, schemas);
  const { example } = operation;
  const content = { schema, ...(example !== undefined && { example }) };
  return { requestBody: { required: true, content: { 'application/json': content } } };
}

/** Returns the roles that may use an operation. */
export function listRoles({ name }: Pick<Operation, 'name'>): readonly string[] {
  return roles.filter((role) => mayUse(role, name));
}

function describeOperation(operation: Operation, tag: string, schemas: Record<string, JsonSchema>): object {
  const { name, summary } = operation;
  const parameters = listParameters(operation);
  return {
    operationId: name,
    tags: [tag],
    summary: `${summary}.`,
    description: `Roles: ${listRoles(operation).join(', ')}.`,
    ...(parameters.length > 0 && { parameters }),
    ...describeBody(operation, schemas),
    responses: describeAnswers(operation),
  };
}

const ProblemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  fix: z.string().optional().describe('What to do.'),
  code: z.string().optional().describe('Identifies the reason; texts may change, codes don’t.'),
  errors: z.array(z.object({ field: z.string(), code: z.string(), detail: z.string() })).optional(),
});

const about = `Everything that the dashboard reads and changes. Send an API token (\`Authorization: Bearer spw_…\`), which you create in Settings. A refusal is a problem (RFC 9457) with a \`code\`, and with what to do in \`fix\`.`;

let built: object | null = null;

/** Returns the OpenAPI 3.1 document of the API (https://spec.openapis.org/oas/v3.1.1.html). */
export function buildOpenApi(): object {
  built ??= build();
  return built;
}

function build(): object {
  const schemas = { Problem: toJsonSchema(ProblemSchema, 'output'), ...listAnswerParts() };
  return {
    openapi: '3.1.1',
    info: {
      title: 'Spillway',
      version: spillwayVersion,
      description: about,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }, { session: [] }],
    tags: Object.keys(sections).map((name) => ({ name })),
    paths: buildPaths(schemas),
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'spillway.session_token' },
      },
      schemas,
      responses: {
        Problem: {
          description: 'Refused, or failed.',
          content: { [problemType]: { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  };
}

function buildPaths(schemas: Record<string, JsonSchema>): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const [tag, list] of Object.entries(sections))
    for (const operation of list) {
      const { path, method } = operation;
      paths[path] = { ...paths[path], [method.toLowerCase()]: describeOperation(operation, tag, schemas) };
    }
  return paths;
}
