import { z } from 'zod';
import { mapLimits } from '@/lib/estate/topology/map-model';

/** The most rows of one page. */
const rowsMax = 200;

/**
 * Returns the schema of a paged list's parameters: those of the page's address, parsed and validated, with `offset` and
 * `limit`.
 */
export function pageParams<Parsed, Asked>(
  parse: (params: URLSearchParams) => Parsed,
  input: z.ZodType<Asked, Parsed>,
) {
  return z
    .instanceof(URLSearchParams)
    .transform((params) => ({
      asked: parse(params),
      offset: Number(params.get('offset') ?? 0),
      limit: Number(params.get('limit') ?? 100),
    }))
    .pipe(
      z.object({
        asked: input,
        offset: z.number().int().min(0),
        limit: z.number().int().min(1).max(rowsMax),
      }),
    );
}

/**
 * Returns the fields of each list's query as the server accepts them; texts have the length limit of the map's.
 * @param columns what the list can be sorted by
 */
export const listQueryFields = <Column extends string>(columns: readonly [Column, ...Column[]]) => ({
  search: z.string().max(mapLimits.text),
  region: z.string().max(mapLimits.text).nullable(),
  sort: z.enum(columns),
  descending: z.boolean(),
});

/** A page of a list, with the key after which the next one begins; null = it is the last. */
export type KeysetPage<Item> = { readonly items: readonly Item[]; readonly next: string | null };
