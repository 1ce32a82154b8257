import { ApiError } from './api-error';
import type { ApiRoute } from './dispatch';
import finerCodes from './finer-codes.json';

/**
 * A constraint on a value beyond its type. The SDK's declarations contain neither ranges nor lists of allowed words, so
 * tables beside the services hold these, each with its source.
 */
export type ValueRule = {
  /**
   * The path of the field; `[]` means each item: `Rules[].HealthCheck.IntervalTime`. An absent field breaks no rule.
   */
  readonly field: string;
  /** Public address of the page that states it. */
  readonly source: string;
  /** The cloud's code; by default the usual one of its kind. */
  readonly code?: string;
} & Check;

type Check =
  /** `also` is a special value outside the range, such as 0 for "off". */
  | { readonly range: readonly [min: number, max: number]; readonly also?: number }
  | { readonly oneOf: readonly (string | number)[]; readonly ignoreCase?: true }
  | { readonly items: readonly [min: number, max: number] }
  | { readonly length: readonly [min: number, max: number] }
  | { readonly pattern: RegExp; readonly hint: string }
  /** `Filters: [{Name, Values}]`: the allowed names, the maximum number of filters, and of values per filter. */
  | { readonly filters: readonly (string | RegExp)[]; readonly most: number; readonly mostValues: number };

/** By action. */
export type ValueRules = Readonly<Record<string, readonly ValueRule[]>>;

/** Yields a field's values with the path of each: `Rules.0.Url`. */
function* valuesAt(value: unknown, field: string, path = ''): Generator<{ path: string; value: unknown }> {
  if (value === undefined || value === null) return;
  if (field === '') {
    yield { path, value };
    return;
  }
  if (field.startsWith('[]')) {
    if (!Array.isArray(value)) return;
    const rest = field.slice(field.startsWith('[].') ? 3 : 2);
    for (const [index, item] of value.entries()) yield* valuesAt(item, rest, `${path}.${index}`);
    return;
  }
  const [name = ''] = /^[^.[]+/.exec(field) ?? [];
  const rest = field.slice(name.length).replace(/^\./, '');
  if (typeof value !== 'object' || !Object.hasOwn(value, name)) return;
  yield* valuesAt((value as Record<string, unknown>)[name], rest, path === '' ? name : `${path}.${name}`);
}

function findValueProblem(value: unknown, rule: Check): { code: string; must: string } | null {
  if ('range' in rule) {
    const [min, max] = rule.range;
    const isFine = typeof value !== 'number' || value === rule.also || (value >= min && value <= max);
    const or = rule.also === undefined ? '' : `${rule.also} or `;
    const among = max === Number.POSITIVE_INFINITY ? `${min} or more` : `between ${min} and ${max}`;
    return isFine ? null : { code: 'InvalidParameterValue.Range', must: `be ${or}${among}` };
  }
  if ('oneOf' in rule) {
    const folded = (each: unknown) => (rule.ignoreCase ? String(each).toLowerCase() : each);
    const isFine = rule.oneOf.some((each) => folded(each) === folded(value));
    return isFine ? null : { code: 'InvalidParameterValue', must: `be one of ${rule.oneOf.join(', ')}` };
  }
  if ('items' in rule || 'length' in rule) {
    const [min, max] = 'items' in rule ? rule.items : rule.length;
    const size = Array.isArray(value) || typeof value === 'string' ? value.length : min;
    const what = 'items' in rule ? 'items' : 'characters';
    const many = max === Number.POSITIVE_INFINITY ? `${min} or more` : `${min} to ${max}`;
    const isFine = size >= min && size <= max;
    return isFine ? null : { code: 'InvalidParameterValue.Length', must: `have ${many} ${what}` };
  }
  if ('pattern' in rule) {
    const isFine = typeof value !== 'string' || rule.pattern.test(value);
    return isFine ? null : { code: 'InvalidParameter.FormatError', must: rule.hint };
  }
  return filterProblem(value, rule);
}

function filterProblem(
  value: unknown,
  rule: Extract<Check, { filters: unknown }>,
): { code: string; must: string } | null {
  const code = 'InvalidParameterValue.InvalidFilter';
  const filters = value as readonly { Name?: string; Values?: readonly string[] }[];
  if (filters.length > rule.most) return { code, must: `have at most ${rule.most} filters` };
  for (const { Name: name = '', Values: values = [] } of filters) {
    const isKnown = rule.filters.some((known) =>
      typeof known === 'string' ? known === name : known.test(name),
    );
    if (!isKnown) return { code, must: `not filter by \`${name}\`; it may by ${rule.filters.join(', ')}` };
    if (values.length > rule.mostValues) {
      return { code, must: `have at most ${rule.mostValues} values for \`${name}\`` };
    }
  }
  return null;
}

const actionsWith = new Map<string, readonly string[]>(
  Object.entries(finerCodes).flatMap(([code, actions]) =>
    typeof actions === 'string' ? [] : [[code, actions]],
  ),
);

/** Returns the action's code for a kind of problem: many have `InvalidParameterValue`, few its `.Range`. */
function listedCode(code: string, { service, action }: ApiRoute): string {
  const actions = actionsWith.get(code);
  const [kind = code] = code.split('.');
  return !actions || actions.includes(`${service} ${action}`) ? code : kind;
}

/**
 * Checks the values of a request with a valid shape.
 * @throws ApiError for the first violated rule
 */
export function checkValues(request: unknown, route: ApiRoute, rules: readonly ValueRule[]): void {
  for (const rule of rules) {
    for (const { path, value } of valuesAt(request, rule.field)) {
      const problem = findValueProblem(value, rule);
      if (problem) {
        const code = rule.code ?? listedCode(problem.code, route);
        throw new ApiError(code, `The parameter \`${path}\` must ${problem.must}.`);
      }
    }
  }
}
