/** One page of a list, and how many entries the cloud says there are in all. */
export type Page<T> = { readonly items: readonly T[]; readonly total: number };

/**
 * Reads a list page by page until everything the cloud counts has come, or a page comes back empty
 * (entries may vanish while we read).
 */
export async function readPages<T>(
  limit: number,
  readPage: (window: { readonly Offset: number; readonly Limit: number }) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const all: T[] = [];
  for (;;) {
    const page = await readPage({ Offset: all.length, Limit: limit });
    all.push(...page.items);
    if (page.items.length === 0 || all.length >= page.total) return all;
  }
}
