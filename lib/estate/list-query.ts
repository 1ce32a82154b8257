/**
 * The filter and order that each list read by page has, kept in the address. A list adds filters of its own. null =
 * any.
 */
export type ListQuery<Column extends string = string> = {
  readonly search: string;
  readonly region: string | null;
  readonly sort: Column;
  readonly descending: boolean;
};

/** Returns the value that a text names; null if it names none of them. */
export const parseOneOf = <T extends string>(values: readonly T[], text: string | null): T | null =>
  values.find((value) => value === text) ?? null;

/**
 * Parses filter and order from an address; missing or invalid values get the default.
 * @param columns what the list can be sorted by, the default first
 */
export function parseListQuery<Column extends string>(
  params: URLSearchParams,
  columns: readonly [Column, ...Column[]],
): ListQuery<Column> {
  return {
    search: params.get('q') ?? '',
    region: params.get('region') || null,
    sort: parseOneOf(columns, params.get('sort')) ?? columns[0],
    descending: params.get('order') === 'desc',
  };
}

/**
 * Writes filter and order into an address and keeps its other parameters; omits defaults.
 * @param filters those of the list itself, by parameter; null = any
 * @param columns what the list can be sorted by, the default first
 */
export function writeListQuery<Column extends string>(
  params: URLSearchParams,
  { search, region, sort, descending }: ListQuery<Column>,
  filters: Readonly<Record<string, string | null>>,
  columns: readonly [Column, ...Column[]],
): URLSearchParams {
  const next = new URLSearchParams(params);
  const order = { sort: sort === columns[0] ? null : sort, order: descending ? 'desc' : null };
  for (const [name, value] of Object.entries({ q: search, region, ...filters, ...order })) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  return next;
}
