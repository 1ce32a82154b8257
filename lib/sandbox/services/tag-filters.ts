type Filter = { readonly Name: string; readonly Values: readonly string[] };

/** Tests whether an item matches one value of a filter, by the filter's name. */
export type FilterTests<T> = Readonly<Record<string, (item: T, value: string) => boolean>>;

/**
 * Returns whether an item passes all filters; within a filter one value is enough. Supports the service's own filters
 * and the tag filters that all services share: `tag-key`, `tag-value`, and `tag:KEY`. Other names pass nothing: value
 * rules refuse them before.
 */
export function passesFilters<T extends { readonly tags: Readonly<Record<string, string>> }>(
  item: T,
  filters: readonly Filter[],
  tests: FilterTests<T>,
): boolean {
  return filters.every(({ Name: name, Values: values }) =>
    values.some((value) => {
      if (name === 'tag-key') return Object.hasOwn(item.tags, value);
      if (name === 'tag-value') return Object.values(item.tags).includes(value);
      if (name.startsWith('tag:')) return item.tags[name.slice(4)] === value;
      return Object.hasOwn(tests, name) && tests[name]?.(item, value) === true;
    }),
  );
}

/** Returns the tags as the pairs of a response's tag list. */
export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
