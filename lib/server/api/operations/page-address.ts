import 'server-only';
import { z } from 'zod';
import type { RequestParts } from './operation';

const At = z.iso.datetime({ offset: true });

/** The query parameters of pages whose lists the API serves, too. */
export const pageAddress = {
  At,
  /** The search text, the region and the order of a list. */
  listQuery: {
    q: z.string().optional(),
    region: z.string().optional(),
    sort: z.string().optional(),
    order: z.enum(['asc', 'desc']).optional(),
  },
};

/** Makes the input of a query that parses a page's address. */
export function toAddress({ path, query }: RequestParts): unknown {
  return { ...path, query: query.toString() };
}
