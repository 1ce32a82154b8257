import { ApiError } from '@/lib/sandbox/model/api-error';
import { page } from '../paging';

/** The default and the maximum `Limit`: https://cloud.tencent.com/document/api/215/15778 */
const limits = { fallback: 20, max: 100 };

/** Returns one page by `Offset` and `Limit`, which VPC takes as strings. */
export function stringPage<T>(items: readonly T[], request: { Offset?: string; Limit?: string }): T[] {
  const { Offset: offset = '0', Limit: limit = String(limits.fallback) } = request;
  return page(items, { Offset: Number(offset), Limit: Number(limit) }, limits);
}

/** Returns whether a block is the one that a filter names, with or without its prefix length. */
export function isInBlock(cidr: string, wanted: string): boolean {
  return cidr === wanted || cidr.startsWith(`${wanted}/`);
}

/**
 * Returns the networks of a region that are named, or else pass the filters.
 * @throws ApiError InvalidParameter.Coexist, ResourceNotFound
 */
export function chosenNetworks<T extends { readonly id: string; readonly region: string }>(
  all: Readonly<Record<string, T>>,
  query: {
    readonly name: string;
    readonly ids: readonly string[];
    readonly filters: readonly object[];
    readonly region: string;
  },
  passes: (network: T) => boolean,
): T[] {
  const { name, ids, filters, region } = query;
  if (ids.length > 0 && filters.length > 0) {
    throw new ApiError(
      'InvalidParameter.Coexist',
      `The parameters \`${name}\` and \`Filters\` exclude each other.`,
    );
  }
  const here = Object.values(all).filter((network) => network.region === region);
  const missing = ids.find((id) => !here.some((network) => network.id === id));
  if (missing !== undefined) {
    throw new ApiError('ResourceNotFound', `The \`${missing}\` of \`${name}\` does not exist in ${region}.`);
  }
  return here.filter((network) => (ids.length > 0 ? ids.includes(network.id) : passes(network)));
}
