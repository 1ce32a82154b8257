import { z } from 'zod';
import { mapLimits } from '@/lib/estate/topology/map-model';

/** An instant (ISO). */
export const Instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** The most rows of one page. */
const rowsMax = 200;

/**
 * The schema of the query of a page's address, such as `q=shop&kind=cvm`. Node reads at most 16 KiB of a request's head:
 * https://nodejs.org/docs/latest-v20.x/api/cli.html#--max-http-header-sizesize
 */
export const AddressQuery = z
  .string()
  .max(16_384)
  .transform((text) => new URLSearchParams(text));

/** Returns the schema of the query of a paged list's address, parsed and validated, with `offset` and `limit`. */
export function pageQuery<Parsed, Asked>(
  parse: (params: URLSearchParams) => Parsed,
  input: z.ZodType<Asked, Parsed>,
) {
  return AddressQuery.transform((params) => ({
    asked: parse(params),
    offset: Number(params.get('offset') ?? 0),
    limit: Number(params.get('limit') ?? 100),
  })).pipe(
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
