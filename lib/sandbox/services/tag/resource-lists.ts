import { createHash } from 'node:crypto';
import type { TagResource } from 'tencentcloud-sdk-nodejs/tencentcloud/services/tag/v20180813/tag_models';
import { action } from '../action';
import { page } from '../paging';
import { paginated } from './tag-lists';
import { findTagged, sixSegments, type TaggedResource, taggedResources } from './tagged-resources';

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

/** Lists each tag of each matching resource: https://cloud.tencent.com/document/api/651/43044. */
export const describeResourceTags = action<'tag.DescribeResourceTags'>((request, { account }) => {
  const {
    ServiceType: service,
    ResourcePrefix: prefix,
    ResourceRegion: region,
    ResourceId: id,
    Offset = 0,
    Limit = limits.fallback,
  } = request;
  const rows = taggedResources(account)
    .filter(
      (each) =>
        (service === undefined || each.service === service) &&
        (prefix === undefined || each.prefix === prefix) &&
        (region === undefined || each.region === region) &&
        (id === undefined || each.id === id),
    )
    .flatMap(listRows);
  return { TotalCount: rows.length, Offset, Limit, Rows: page(rows, { Offset, Limit }, limits) };
});

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

/**
 * Lists resources with tags, the named ones or all, that have a value of each filter:
 * https://www.tencentcloud.com/document/api/651/46539. Named ones are all returned at once.
 */
export const getResources = action<'tag.GetResources'>((request, { account }) => {
  const { ResourceList: names, TagFilters: filters = [] } = request;
  const among =
    names === undefined
      ? taggedResources(account)
      : names.flatMap((name, index) => findTagged(account, `ResourceList.${index}`, name) ?? []);
  const found = among.filter(
    ({ tags }) =>
      Object.keys(tags).length > 0 &&
      filters.every(({ TagKey: key, TagValue: values = [] }) => {
        const value = tags[key];
        return value !== undefined && (values.length === 0 || values.includes(value));
      }),
  );
  const { items, next } = names === undefined ? paginated(found, request) : { items: found, next: '' };
  return {
    PaginationToken: next,
    ResourceTagMappingList: items.map((resource) => ({
      Resource: sixSegments(account, resource),
      Tags: Object.entries(resource.tags).map(([TagKey, TagValue]) => ({
        TagKey,
        TagValue,
        Category: 'Custom',
      })),
    })),
  };
});
