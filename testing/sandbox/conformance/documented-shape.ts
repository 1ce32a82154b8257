import { Ajv } from 'ajv';
import generated from '@/lib/sandbox/generated/responses.json';
import shown from './documented-fields.json';
import types from './documented-types.json';
import type { ExampleAnswer } from './example';

type Schema = { readonly anyOf?: readonly { readonly type?: unknown }[] };
type Definition = { readonly properties?: Readonly<Record<string, Schema>> };
type Facts = { readonly always?: readonly string[]; readonly nullable?: readonly string[] };

/** Narrows the SDK's declaration of a type by the API description: which fields are present, which may be null. */
function narrowed(definition: Definition, { always = [], nullable = [] }: Facts = {}): Definition {
  const { properties } = definition;
  if (!properties) return definition;
  const fields = Object.entries(properties).map(([name, schema]) => {
    const [value] = schema.anyOf?.filter(({ type }) => type !== 'null') ?? [];
    return [name, nullable.includes(name) ? schema : (value ?? schema)] as const;
  });
  const required = always.filter((name) => Object.hasOwn(properties, name));
  return Object.assign({}, definition, { properties: Object.fromEntries(fields), required });
}

/** The facts from the description about the types of a service, by name. */
const factsOf = new Map<string, Readonly<Record<string, Facts>>>(
  Object.entries(types).flatMap(([service, facts]) => (typeof facts === 'string' ? [] : [[service, facts]])),
);

function described({ $id, definitions }: { $id: string; definitions: object }): object {
  const all: Readonly<Record<string, Definition>> = { ...definitions };
  const facts = factsOf.get($id) ?? {};
  const narrow = Object.entries(all).map(([name, type]) => [name, narrowed(type, facts[name])] as const);
  return { $id, definitions: Object.fromEntries(narrow) };
}

const ajv = new Ajv({ schemas: Object.values(generated.schemas).map(described), allErrors: true });
const fieldsOf: Readonly<Record<string, string | readonly string[]>> = shown;

/**
 * Returns the additional fields of every response to the action, as its examples show: its paths, `[]` for the items of
 * a list.
 */
function documentedFields(service: string, action: string): readonly string[] {
  const fields = fieldsOf[`${service} ${action}`] ?? [];
  return typeof fields === 'string' ? [] : fields;
}

/** Returns true if the path exists. Anything below a null or an empty list counts as present. */
function has(value: unknown, path: readonly string[]): boolean {
  const [step, ...rest] = path;
  if (step === undefined || value === null) return true;
  if (typeof value !== 'object') return false;
  const name = step.replace('[]', '');
  if (!Object.hasOwn(value, name)) return false;
  const next = (value as Record<string, unknown>)[name];
  if (!step.endsWith('[]')) return has(next, rest);
  return next === null || (Array.isArray(next) && next.every((item) => has(item, rest)));
}

/**
 * Returns how a response differs from the documentation: types and unknown fields by the SDK's declarations, missing
 * fields and nulls by the API description, further missing fields by the official examples. Empty when it does not
 * differ.
 */
export function shapeProblems(service: string, action: string, answer: ExampleAnswer): string[] {
  const validate = ajv.getSchema(`${service}#/definitions/${action}Response`);
  if (!validate) return [`no schema of the answer to ${service} ${action}`];
  validate(answer);
  const wrong = (validate.errors ?? [])
    .filter((error) => error.keyword !== 'anyOf')
    .map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
  const missing = documentedFields(service, action)
    .filter((field) => !has(answer, field.split('.')))
    .map((field) => `${field} is missing`);
  return [...wrong, ...missing];
}
