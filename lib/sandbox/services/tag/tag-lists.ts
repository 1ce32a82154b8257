import type { AccountWorld } from '../../world/world';
import { action } from '../action';
import { page, tokenPage } from '../paging';
import { taggedResources } from './tagged-resources';

type Pair = { readonly TagKey: string; readonly TagValue: string; readonly Category: string };

/** All tags here were created by the customer; none is the cloud's own. */
const custom = 'Custom';

function listPairs(account: AccountWorld, category = 'All'): Pair[] {
  if (category === 'System') return [];
  const pairs = new Map<string, Pair>();
  for (const { tags } of taggedResources(account)) {
    for (const [TagKey, TagValue] of Object.entries(tags)) {
      pairs.set(`${TagKey}\n${TagValue}`, { TagKey, TagValue, Category: custom });
    }
  }
  return [...pairs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pair]) => pair);
}

/** Returns a page of the lists that have a `PaginationToken`: by default fifty items. */
export function paginated<T>(
  items: readonly T[],
  { PaginationToken: token = '', MaxResults: size = 50 }: { PaginationToken?: string; MaxResults?: number },
): { items: T[]; next: string } {
  const refusal = { code: 'InvalidParameter.PaginationTokenInvalid', field: 'PaginationToken' };
  return tokenPage(items, token, size, refusal);
}

/** https://cloud.tencent.com/document/api/651/35316 */
export const describeTags = action<'tag.DescribeTags'>((request, { account }) => {
  const { TagKey: key, TagValue: value, TagKeys: keys, Offset = 0, Limit = 15 } = request;
  const wanted = keys ?? (key === undefined ? undefined : [key]);
  const found = listPairs(account).filter(
    (pair) =>
      (wanted === undefined || wanted.includes(pair.TagKey)) &&
      (value === undefined || pair.TagValue === value),
  );
  return {
    TotalCount: found.length,
    Offset,
    Limit,
    // A tag in use can't be deleted.
    Tags: page(found, { Offset, Limit }, { fallback: 15, max: 1000 }).map((pair) => ({
      ...pair,
      CanDelete: 0,
    })),
  };
});

/** https://cloud.tencent.com/document/api/651/72277 */
export const getTagKeys = action<'tag.GetTagKeys'>((request, { account }) => {
  const keys = [...new Set(listPairs(account, request.Category).map((pair) => pair.TagKey))];
  const { items, next } = paginated(keys, request);
  return { PaginationToken: next, TagKeys: items };
});

/** https://www.tencentcloud.com/document/api/651/46537 */
export const getTagValues = action<'tag.GetTagValues'>((request, { account }) => {
  const pairs = listPairs(account, request.Category).filter((pair) => request.TagKeys.includes(pair.TagKey));
  const { items, next } = paginated(pairs, request);
  return { PaginationToken: next, Tags: items };
});
