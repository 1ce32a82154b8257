import { ApiError } from '@/lib/sandbox/model/api-error';
import type { ApiRoute } from '@/lib/sandbox/model/dispatch';
import { type Definitions, getDefinitions, requestSchema, resolved, type Schema } from './request-schema';
import { requestExcess, requestLimits } from './validate';

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
 * The request that flat parameters say (https://www.tencentcloud.com/document/product/598/32227): names joined by dots,
 * items by their number, all values text. What doesn't fit its type stays text, so that the schema can say so.
 * @throws ApiError InvalidParameter when a name is given twice, and for what breaks `requestLimits`
 */
export function requestOfFlat(
  route: ApiRoute,
  parameters: Iterable<readonly [name: string, value: string]>,
): unknown {
  return typed(buildTree(parameters), requestSchema(route), getDefinitions(route.service));
}
