import { createHash } from 'node:crypto';
import type { TagResource } from 'tencentcloud-sdk-nodejs/tencentcloud/services/tag/v20180813/tag_models';
import type { AccountWorld } from '../../world/world';
import { action } from '../action';
import { page } from '../paging';
import { type TaggedResource, taggedResources } from './tagged-resources';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

function listRows(resource: TaggedResource): TagResource[] {
  return Object.entries(resource.tags).map(([TagKey, TagValue]) => ({
    TagKey,
    TagValue,
    ResourceId: resource.id,
    ServiceType: resource.service,
    Category: 'Custom',
    TagKeyMd5: md5(TagKey),
    TagValueMd5: md5(TagValue),
  }));
}

/** The default and the maximum `Limit`; the pages give only the default. */
const limits = { fallback: 15, max: 1000 };

/** https://cloud.tencent.com/document/api/651/35319 */
export const describeResourceTagsByResourceIds = action<'tag.DescribeResourceTagsByResourceIds'>(
  (request, { account }) => {
    const { Offset = 0, Limit = limits.fallback, Category: category } = request;
    const rows = taggedResources(account)
      .filter(
        (each) =>
          category !== 'System' &&
          each.service === request.ServiceType &&
          each.prefix === request.ResourcePrefix &&
          each.region === request.ResourceRegion &&
          request.ResourceIds.includes(each.id),
      )
      .flatMap(listRows);
    return { TotalCount: rows.length, Offset, Limit, Tags: page(rows, { Offset, Limit }, limits) };
  },
);

type Pair = { readonly TagKey: string; readonly TagValue: string; readonly Category: string };

/** All tags here were created by the customer; none is the cloud's own. */
const custom = 'Custom';

function listPairs(account: AccountWorld): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const { tags } of taggedResources(account)) {
    for (const [TagKey, TagValue] of Object.entries(tags)) {
      pairs.set(`${TagKey}\n${TagValue}`, { TagKey, TagValue, Category: custom });
    }
  }
  return [...pairs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pair]) => pair);
}

/** https://cloud.tencent.com/document/api/651/35316 */
export const describeTags = action<'tag.DescribeTags'>((request, { account }) => {
  const { TagKey: key, TagValue: value, TagKeys: keys, Offset = 0, Limit = limits.fallback } = request;
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
    Tags: page(found, { Offset, Limit }, limits).map((pair) => ({
      ...pair,
      CanDelete: 0,
    })),
  };
});
