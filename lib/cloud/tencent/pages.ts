import { z } from 'zod';

/** One page of a list, and how many entries the cloud says there are in all. */
export type Page<T> = {
  readonly items: readonly T[];
  readonly total: number;
  /** How many entries the page has, where some of them could not be read; else as many as there are items. */
  readonly count?: number;
};

/** Told of an entry of a list that has not the documented shape: its id (`?` where it has none), and what is wrong with it. */
export type OnOdd = (id: string, reason: string) => void;

/**
 * Reads the entries of a list one by one. An odd one is told of and left out, so that it costs nothing but itself; where nobody
 * listens the whole list is refused, for whoever acts on it must not take an odd entry for none.
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
 * Reads a list page by page until everything the cloud counts has come, or a page comes back empty
 * (entries may vanish while we read).
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
