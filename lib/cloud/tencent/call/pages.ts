import { z } from 'zod';

/** One page of a list, and the total number of entries according to the cloud. */
export type Page<T> = {
  readonly items: readonly T[];
  readonly total: number;
  /** The number of entries on the page if some of them could not be read; otherwise the number of items. */
  readonly count?: number;
};

/**
 * Called for a list entry that does not have the documented shape: its id (`?` if it has none), and what is wrong with
 * it.
 */
export type OnOdd = (id: string, reason: string) => void;

/**
 * Reads the entries of a list one by one. An invalid entry is reported and left out, so that nothing else is lost;
 * without `onOdd` the whole list is refused, because a caller that acts on it must not mistake an invalid entry for a
 * missing one.
 * @param idField the field by which the cloud names an entry
 * @throws ZodError without `onOdd`
 */
export function readEach<T extends z.ZodType>(
  item: T,
  entries: readonly unknown[] | null | undefined,
  idField: string,
  onOdd: OnOdd | undefined,
): z.infer<T>[] {
  if (onOdd === undefined) return z.array(item).parse(entries ?? []);
  return (entries ?? []).flatMap((entry) => {
    const parsed = item.safeParse(entry);
    if (parsed.success) return [parsed.data];
    const named = z.looseObject({ [idField]: z.union([z.string(), z.number()]) }).safeParse(entry);
    const reason = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
    onOdd(named.success ? String(named.data[idField]) : '?', reason);
    return [];
  });
}

/**
 * Reads a list page by page until all the entries that the cloud counts have arrived, or a page is empty (entries may
 * disappear during the read).
 */
export async function readPages<T>(
  limit: number,
  readPage: (window: { readonly Offset: number; readonly Limit: number }) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let offset = 0;
  for (;;) {
    const page = await readPage({ Offset: offset, Limit: limit });
    all.push(...page.items);
    const count = page.count ?? page.items.length;
    offset += count;
    if (count === 0 || offset >= page.total) return all;
  }
}
