import { ApiError } from '@/lib/sandbox/model/api-error';
import type { ApiRoute } from '@/lib/sandbox/model/dispatch';
import generated from '../generated/requests.json';
import { entry } from '../model/entry';
import { requestExcess, requestLimits } from './validate';

/** The part of JSON Schema that the generated schemas use. */
export type Schema = {
  readonly type?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
};

export type Definitions = Readonly<Record<string, Schema>>;

const services: Readonly<Record<string, { readonly definitions: Definitions }>> = generated.schemas;

/** Returns the types of a service's requests, by their names in the SDK. */
export function getDefinitions(service: string): Definitions {
  return entry(services, service)?.definitions ?? {};
}

/** Returns the schema of an action's request. */
export function requestSchema({ service, action }: ApiRoute): Schema {
  return entry(getDefinitions(service), `${action}Request`) ?? {};
}

/** Returns the schema itself, even if the given one only names a definition. */
export function resolved(schema: Schema, definitions: Definitions): Schema {
  if (schema.$ref === undefined) return schema;
  const name = decodeURIComponent(schema.$ref.split('/').at(-1) ?? '');
  return entry(definitions, name) ?? {};
}

/** `Filters.0.Name=zone` as a tree of strings. */
type Tree = Map<string, Tree | string>;

function buildTree(parameters: Iterable<readonly [name: string, value: string]>): Tree {
  const root: Tree = new Map();
  let count = 0;
  for (const [name, value] of parameters) {
    count += 1;
    if (count > requestLimits.values) throw requestExcess({ kind: 'tooMany', max: requestLimits.values });
    const path = name.split('.', requestLimits.depth + 1);
    if (path.length > requestLimits.depth) throw requestExcess({ kind: 'tooDeep', max: requestLimits.depth });
    const last = path.pop() ?? '';
    let at = root;
    for (const step of path) {
      const next = at.get(step) ?? new Map();
      if (typeof next === 'string') throw clash(name);
      at.set(step, next);
      at = next;
    }
    if (at.has(last)) throw clash(name);
    at.set(last, value);
  }
  return root;
}

function clash(name: string): ApiError {
  return new ApiError('InvalidParameter', `The parameter \`${name}\` is given twice.`);
}

function typedText(text: string, type: string | undefined): unknown {
  const isNumber = type === 'integer' || type === 'number';
  if (isNumber && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (type === 'boolean' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return text;
}

function typed(value: Tree | string, schema: Schema, definitions: Definitions): unknown {
  const shape = resolved(schema, definitions);
  if (typeof value === 'string') return typedText(value, shape.type);
  if (shape.type === 'array') {
    const items = [...value].sort(([a], [b]) => Number(a) - Number(b));
    return items.map(([, item]) => typed(item, shape.items ?? {}, definitions));
  }
  const fields = [...value].map(([name, field]) => [
    name,
    typed(field, shape.properties?.[name] ?? {}, definitions),
  ]);
  return Object.fromEntries(fields);
}

/**
 * Returns the request in flat parameters (https://www.tencentcloud.com/document/product/598/32227): names joined by
 * dots, items by their number, all values text. A value of the wrong type stays text, so that the schema reports it.
 * @throws ApiError InvalidParameter if a name is given twice, or a limit of `requestLimits` is exceeded
 */
export function requestOfFlat(
  route: ApiRoute,
  parameters: Iterable<readonly [name: string, value: string]>,
): unknown {
  return typed(buildTree(parameters), requestSchema(route), getDefinitions(route.service));
}
