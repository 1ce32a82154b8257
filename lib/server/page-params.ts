import { z } from 'zod';

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
